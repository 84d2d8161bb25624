//! Molecular graphs: SMILES in, canonical SMILES out.

use super::fingerprint::morgan_radius;
use crate::element::Element;
use crate::formula::Formula;
use chematic::core::Molecule as Inner;
use chematic::fp::{RdkitMorganConfig, rdkit_morgan_fingerprint};
use chematic::smiles;
use std::collections::BTreeSet;
use std::fmt;

/// A molecular graph in RDKit's canonical atom order, hydrogens implicit where RDKit makes them so.
///
/// Two graphs of the same molecule are equal whatever SMILES they were read from, and have the same atom
/// order, so that everything derived from a graph (a 3-D geometry, a drawing) is the same too.
#[derive(Clone)]
pub struct Graph {
    inner: Inner,
    canonical: String,
}

/// Why a SMILES string gives no graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GraphError {
    /// The string is not SMILES.
    #[error("`{smiles}` is not a valid SMILES: {reason}")]
    Syntax {
        /// The offending text.
        smiles: String,
        /// What the parser says.
        reason: String,
    },
    /// It is SMILES, but no molecule (a valence is impossible, a ring cannot be kekulised).
    #[error("`{smiles}` is not a possible molecule: {reason}")]
    Chemistry {
        /// The offending text.
        smiles: String,
        /// What the sanitiser says.
        reason: String,
    },
    /// An atom that is no element from H to Rn.
    #[error("`{smiles}` contains atom number {number} (`*` is 0): expected real atoms from H (1) to Rn (86)")]
    UnknownElement {
        /// The offending text.
        smiles: String,
        /// Atomic number found.
        number: u32,
    },
    /// The chemistry library cannot represent the molecule.
    #[error("`{smiles}` cannot be represented: {reason}")]
    Unsupported {
        /// The offending text.
        smiles: String,
        /// What the library says.
        reason: String,
    },
}

/// One atom of a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtomView {
    /// Its element.
    pub element: Element,
    /// Formal charge.
    pub charge: i32,
    /// Hydrogens on it that are not atoms of the graph.
    pub hydrogens: u32,
    /// Whether it is aromatic.
    pub aromatic: bool,
}

/// Kind of a bond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BondKind {
    /// Order 1 (also dative bonds).
    Single,
    /// Order 2.
    Double,
    /// Order 3.
    Triple,
    /// Order 4.
    Quadruple,
    /// Aromatic.
    Aromatic,
}

/// One bond of a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BondView {
    /// Index of one atom.
    pub begin: usize,
    /// Index of the other.
    pub end: usize,
    /// Its kind.
    pub kind: BondKind,
}

impl Graph {
    /// Reads a SMILES string.
    pub fn from_smiles(text: &str) -> Result<Graph, GraphError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(GraphError::Syntax { smiles: String::new(), reason: "it is empty".into() });
        }
        let parsed = smiles::parse(text)
            .map_err(|e| GraphError::Syntax { smiles: text.into(), reason: e.to_string() })?;
        Graph::from_inner(&parsed, text)
    }

    /// Canonicalises a molecule of the library; `origin` is what error messages show.
    pub(super) fn from_inner(parsed: &Inner, origin: &str) -> Result<Graph, GraphError> {
        for (_, atom) in parsed.atoms() {
            let number = if atom.wildcard { 0 } else { u32::from(atom.element.atomic_number()) };
            if Element::from_number(number).is_none() {
                return Err(GraphError::UnknownElement { smiles: origin.into(), number });
            }
        }
        let canonical = smiles::rdkit_canonical_smiles(parsed).map_err(|e| match e {
            smiles::RdkitSmilesError::Sanitization(reason) => {
                GraphError::Chemistry { smiles: origin.into(), reason }
            }
            smiles::RdkitSmilesError::Unsupported(reason) => {
                GraphError::Unsupported { smiles: origin.into(), reason }
            }
        })?;
        // The canonical string is read again so that the atom order is canonical too.
        let inner = smiles::parse(&canonical)
            .map_err(|e| GraphError::Unsupported { smiles: origin.into(), reason: e.to_string() })?;
        Ok(Graph { inner, canonical })
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// RDKit's canonical SMILES.
    pub fn canonical_smiles(&self) -> &str {
        &self.canonical
    }

    pub(super) fn view(&self) -> Result<smiles::RdkitMolView, GraphError> {
        smiles::rdkit_mol_view(&self.inner)
            .map_err(|e| GraphError::Unsupported { smiles: self.canonical.clone(), reason: e.to_string() })
    }

    /// Atoms in canonical order.
    pub fn atoms(&self) -> Result<Vec<AtomView>, GraphError> {
        self.atoms_of(&self.view()?)
    }

    pub(super) fn atoms_of(&self, view: &smiles::RdkitMolView) -> Result<Vec<AtomView>, GraphError> {
        let atom = |a: &smiles::RdkitViewAtom| {
            let element = Element::from_number(a.atomic_num).ok_or_else(|| GraphError::UnknownElement {
                smiles: self.canonical.clone(),
                number: a.atomic_num,
            })?;
            Ok(AtomView {
                element,
                charge: a.formal_charge,
                hydrogens: a.total_num_hs,
                aromatic: a.is_aromatic,
            })
        };
        view.atoms.iter().map(atom).collect()
    }

    /// Bonds between the atoms of [`Graph::atoms`].
    pub fn bonds(&self) -> Result<Vec<BondView>, GraphError> {
        Ok(Graph::bonds_of(&self.view()?))
    }

    pub(super) fn bonds_of(view: &smiles::RdkitMolView) -> Vec<BondView> {
        let bond = |b: &smiles::RdkitViewBond| BondView {
            begin: b.begin,
            end: b.end,
            kind: match b.bond_type {
                2 => BondKind::Double,
                3 => BondKind::Triple,
                4 => BondKind::Quadruple,
                12 => BondKind::Aromatic,
                _ => BondKind::Single,
            },
        };
        view.bonds.iter().map(bond).collect()
    }

    /// Rings of the smallest set of smallest rings, as atom indices.
    pub fn rings(&self) -> Result<Vec<Vec<usize>>, GraphError> {
        Ok(self.view()?.atom_rings)
    }

    /// Molecular formula, hydrogens included.
    pub fn formula(&self) -> Result<Formula, GraphError> {
        let mut formula = Formula::default();
        for atom in self.atoms()? {
            formula.add(atom.element, 1);
            formula.add(Element::H, atom.hydrogens);
        }
        Ok(formula)
    }

    /// Sum of formal charges.
    pub fn charge(&self) -> i32 {
        self.inner.atoms().map(|(_, a)| i32::from(a.charge)).sum()
    }

    /// Number of separate molecules in the graph.
    pub fn fragments(&self) -> usize {
        self.canonical.split('.').count()
    }

    /// Morgan environments of radius 0 to `radius` (0, 1, 2 or 3) as `(identifier, count)`, sorted by
    /// identifier: RDKit's unfolded `GetSparseCountFingerprint` (Rogers and Hahn, J. Chem. Inf. Model. 2010,
    /// 50, 742).
    ///
    /// # Errors
    /// [`GraphError::Unsupported`] for a radius above 3 and for graphs without RDKit-equal invariants.
    pub fn morgan_counts(&self, radius: u32) -> Result<Vec<(u32, u32)>, GraphError> {
        let unsupported = |reason: String| GraphError::Unsupported { smiles: self.canonical.clone(), reason };
        let radius = morgan_radius(radius).map_err(unsupported)?;
        let config = RdkitMorganConfig { radius, ..RdkitMorganConfig::default() };
        let fingerprint =
            rdkit_morgan_fingerprint(&self.inner, &config).map_err(|e| unsupported(e.to_string()))?;
        let mut counts: Vec<(u32, u32)> = fingerprint.sparse_counts.into_iter().collect();
        counts.sort_unstable();
        Ok(counts)
    }

    /// The graph with every hydrogen an atom, in RDKit's `AddHs` order (heavy atoms first).
    pub(super) fn explicit(&self) -> Inner {
        chematic::chem::add_hydrogens(&self.inner)
    }

    /// Bonded pairs `(i, j)`, `i < j`, of all atoms, hydrogens included, in the atom order of
    /// [`Graph::embed`].
    pub fn bonded_pairs(&self) -> BTreeSet<(usize, usize)> {
        self.explicit()
            .bonds()
            .map(|(_, b)| {
                let (i, j) = (b.atom1.0 as usize, b.atom2.0 as usize);
                (i.min(j), i.max(j))
            })
            .collect()
    }
}

impl PartialEq for Graph {
    fn eq(&self, other: &Graph) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Graph {}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph({})", self.canonical)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_molecule_has_one_graph() {
        let a = Graph::from_smiles("OC(=O)c1ccccc1").unwrap();
        let b = Graph::from_smiles("C1=CC=CC=C1C(O)=O").unwrap();
        assert_eq!(a, b);
        assert_eq!(a.canonical_smiles(), "O=C(O)c1ccccc1");
        assert_eq!(a.morgan_counts(2).unwrap(), b.morgan_counts(2).unwrap());
        assert_eq!(a.formula().unwrap().to_string(), "C7H6O2");
    }

    #[test]
    fn what_is_no_molecule_is_refused_with_its_text() {
        for (text, needle) in [
            ("c1ccccc", "c1ccccc"),
            ("C(C)(C)(C)(C)C", "C(C)(C)(C)(C)C"),
            ("[Xx]", "[Xx]"),
            ("", "empty"),
            ("C*", "real atoms"),
            ("[Og]", "real atoms"),
        ] {
            let error = Graph::from_smiles(text).unwrap_err();
            assert!(error.to_string().contains(needle), "{text}: {error}");
        }
    }
}
