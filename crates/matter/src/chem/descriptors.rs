//! Numbers that RDKit computes of a molecule.
//!
//! Those functions of the library that are called here were compared with RDKit 2026.09.1 on 4,002 molecules
//! (MOSES, AqSolDB with its salts, QM9) and equal it there; the frozen table of the crate `features`
//! (`tests/reference/make_descriptors.py`) guards them against drift. Its ring and bridgehead counts do not,
//! and are not used: rings are those of [`Graph::skeleton`].

use super::graph::{AtomView, BondView, Graph, GraphError};
use chematic::chem;
use chematic::smiles::rdkit_crippen_logp_mr;

/// Atoms, bonds and rings of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skeleton {
    /// Atoms in canonical order.
    pub atoms: Vec<AtomView>,
    /// Bonds between them.
    pub bonds: Vec<BondView>,
    /// Rings, as indices of atoms that follow each other.
    pub rings: Vec<Vec<usize>>,
}

/// Descriptors that RDKit defines by patterns, fits or tables.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RdkitDescriptors {
    /// Molecular weight in g/mol, isotopes counted as such (`MolWt`).
    pub weight: f64,
    /// Hydrogen-bond donors (`NumHDonors`; Gobbi and Poppinger, Biotechnol. Bioeng. 61, 47 (1998)).
    pub donors: usize,
    /// Hydrogen-bond acceptors (`NumHAcceptors`; as the donors).
    pub acceptors: usize,
    /// Topological polar surface area of N and O in angstrom^2 (`TPSA`; Ertl, Rohde and Selzer,
    /// J. Med. Chem. 43, 3714 (2000)).
    pub polar_area: f64,
    /// Octanol-water partition coefficient, its logarithm (`MolLogP`; Wildman and Crippen, J. Chem. Inf.
    /// Comput. Sci. 39, 868 (1999)).
    pub log_p: f64,
    /// Molar refractivity in cm^3/mol (`MolMR`; as `log_p`).
    pub refractivity: f64,
    /// Rotatable bonds (`NumRotatableBonds`, the strict definition: no amides, no ring bonds).
    pub rotatable_bonds: usize,
    /// Approximate surface area in angstrom^2 (`LabuteASA`; Labute, J. Mol. Graph. Model. 18, 464 (2000)).
    pub surface: f64,
    /// Sum of how much smaller or larger than sp3 carbon the atoms are (`HallKierAlpha`; Hall and Kier, Rev.
    /// Comput. Chem. 2, 367 (1991), eq. 58).
    pub alpha: f64,
    /// Balaban's index J of distances (`BalabanJ`; Balaban, Chem. Phys. Lett. 89, 399 (1982)).
    pub balaban: f64,
    /// Amide bonds (`NumAmideBonds`).
    pub amide_bonds: usize,
    /// Atoms that are all that two rings share (`NumSpiroAtoms`).
    pub spiro_atoms: usize,
}

impl Graph {
    /// Atoms, bonds and rings together, in a third of the time of [`Graph::atoms`], [`Graph::bonds`] and
    /// [`Graph::rings`] one after the other.
    ///
    /// # Errors
    /// [`GraphError::Unsupported`] if the library cannot describe the graph.
    pub fn skeleton(&self) -> Result<Skeleton, GraphError> {
        let view = self.view()?;
        Ok(Skeleton { atoms: self.atoms_of(&view)?, bonds: Graph::bonds_of(&view), rings: view.atom_rings })
    }

    /// Descriptors as RDKit has them.
    ///
    /// # Errors
    /// [`GraphError::Unsupported`] if the library cannot describe the graph.
    pub fn rdkit_descriptors(&self) -> Result<RdkitDescriptors, GraphError> {
        let inner = self.inner();
        let (log_p, refractivity) = rdkit_crippen_logp_mr(inner).ok_or_else(|| GraphError::Unsupported {
            smiles: self.canonical_smiles().to_owned(),
            reason: "it has no Crippen contributions".to_owned(),
        })?;
        Ok(RdkitDescriptors {
            weight: chem::rdkit_molecular_weight(inner),
            donors: chem::hbd_count(inner),
            acceptors: chem::rdkit_hba_count(inner),
            polar_area: chem::rdkit_tpsa(inner),
            log_p,
            refractivity,
            rotatable_bonds: chem::rotatable_bond_count(inner),
            surface: chem::labute_asa(inner),
            alpha: chem::hall_kier_alpha(inner),
            balaban: chem::balaban_j(inner),
            amide_bonds: chem::num_amide_bonds(inner),
            spiro_atoms: chem::num_spiro_atoms(inner),
        })
    }
}
