//! Three-dimensional geometries: ETKDG and MMFF94.

use super::graph::Graph;
use crate::element::Element;
use crate::geometry::{Geometry, GeometryError};
use chematic::threed::rdkit_embed::{RdkitEmbedOptions, rdkit_embed_molecule};
use chematic_ff::rdkit_mmff::RdkitMmffField;

/// How a 3-D geometry is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmbedOptions {
    /// Seed of the first attempt; attempt `k` uses `seed + k`.
    pub seed: i32,
    /// Conformers made.
    pub conformers: u32,
    /// Attempts in all before giving up (at least `conformers`).
    pub attempts: u32,
    /// Iterations of the MMFF94 minimisation.
    pub force_field_iterations: u32,
}

impl Default for EmbedOptions {
    fn default() -> EmbedOptions {
        EmbedOptions { seed: 42, conformers: 3, attempts: 10, force_field_iterations: 500 }
    }
}

/// What the force field did to the geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForceField {
    /// MMFF94 minimisation converged.
    Converged,
    /// MMFF94 ran out of iterations; the geometry is the last one.
    IterationLimit,
    /// MMFF94 has no parameters for this molecule; the geometry is that of ETKDG.
    NoParameters,
}

/// A geometry made from a graph.
#[derive(Clone, Debug)]
pub struct Embedding {
    /// Atoms in the order of [`Graph::bonded_pairs`].
    pub geometry: Geometry,
    /// What the force field did.
    pub force_field: ForceField,
    /// MMFF94 energy in kcal/mol, if it has parameters.
    pub energy: Option<f64>,
    /// Seed that gave the geometry.
    pub seed: i32,
}

/// Why no geometry was made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// No attempt gave coordinates.
    #[error("no 3-D geometry of `{smiles}` after {attempts} attempts: {reason}")]
    NoConformer {
        /// The molecule.
        smiles: String,
        /// Seeds tried.
        attempts: u32,
        /// What the last attempt said.
        reason: String,
    },
    /// Coordinates came out impossible.
    #[error("the 3-D geometry made for `{smiles}` is impossible: {source}")]
    Impossible {
        /// The molecule.
        smiles: String,
        /// What is wrong with it.
        source: GeometryError,
    },
    /// An element without place in the table.
    #[error("`{smiles}` has an atom that is no element from H to Rn")]
    Element {
        /// The molecule.
        smiles: String,
    },
}

/// Distance beyond which MMFF94 leaves out non-bonded pairs, in angstrom (RDKit's default).
const NON_BONDED_CUTOFF: f64 = 100.0;

/// Conformers whose MMFF94 energies differ by less than this (kcal/mol) count as one.
const SAME_CONFORMER: f64 = 0.05;

impl Graph {
    /// The best of [`Graph::conformers`].
    pub fn embed(&self, options: &EmbedOptions) -> Result<Embedding, EmbedError> {
        let mut all = self.conformers(options)?;
        Ok(all.swap_remove(0))
    }

    /// Makes 3-D geometries: ETKDGv3 distance geometry (Riniker and Landrum, J. Chem. Inf. Model. 2015, 55,
    /// 2562; Wang et al. 2020, 60, 2044), each conformer minimised with MMFF94 (Halgren, J. Comput. Chem.
    /// 1996, 17, 490). The list is never empty, holds no conformer twice and is sorted by MMFF94 energy. Runs
    /// in the calling thread; the same graph and options give the same geometries.
    pub fn conformers(&self, options: &EmbedOptions) -> Result<Vec<Embedding>, EmbedError> {
        let smiles = || self.canonical_smiles().to_owned();
        let molecule = self.explicit();
        let elements = molecule
            .atoms()
            .map(|(_, a)| Element::from_number(u32::from(a.element.atomic_number())))
            .collect::<Option<Vec<Element>>>()
            .ok_or_else(|| EmbedError::Element { smiles: smiles() })?;
        let wanted = options.conformers.max(1) as usize;
        let attempts = options.attempts.max(options.conformers.max(1));
        let mut made: Vec<Candidate> = Vec::with_capacity(wanted);
        let mut reason = String::from("no attempt was allowed");
        for attempt in 0..attempts {
            let seed = options.seed.wrapping_add(attempt as i32);
            let etkdg = RdkitEmbedOptions { random_seed: seed, ..RdkitEmbedOptions::default() };
            match rdkit_embed_molecule(&molecule, &etkdg) {
                Ok(coordinates) => {
                    made.push(minimise(&molecule, coordinates, options.force_field_iterations, seed));
                }
                Err(error) => reason = error.to_string(),
            }
            if made.len() == wanted {
                break;
            }
        }
        if made.is_empty() {
            return Err(EmbedError::NoConformer { smiles: smiles(), attempts, reason });
        }
        // The sort is stable: without energies (no MMFF94 parameters) the first seed stays first.
        made.sort_by(|a, b| a.rank().total_cmp(&b.rank()));
        made.dedup_by(|later, kept| later.energy.is_some() && later.rank() - kept.rank() < SAME_CONFORMER);
        made.into_iter()
            .map(|c| {
                let geometry = Geometry::new(elements.clone(), c.coordinates)
                    .map_err(|source| EmbedError::Impossible { smiles: smiles(), source })?;
                Ok(Embedding { geometry, force_field: c.force_field, energy: c.energy, seed: c.seed })
            })
            .collect()
    }
}

struct Candidate {
    coordinates: Vec<[f64; 3]>,
    force_field: ForceField,
    energy: Option<f64>,
    seed: i32,
}

impl Candidate {
    /// Lower is better; without parameters the first conformer wins.
    fn rank(&self) -> f64 {
        self.energy.unwrap_or(0.0)
    }
}

fn minimise(
    molecule: &chematic::core::Molecule,
    coordinates: Vec<[f64; 3]>,
    iterations: u32,
    seed: i32,
) -> Candidate {
    let Ok(field) = RdkitMmffField::new(molecule, &coordinates, NON_BONDED_CUTOFF, true) else {
        return Candidate { coordinates, force_field: ForceField::NoParameters, energy: None, seed };
    };
    let mut flat: Vec<f64> = coordinates.iter().flatten().copied().collect();
    let (status, energy) = field.optimize(&mut flat, iterations);
    if !energy.is_finite() || flat.iter().any(|x| !x.is_finite()) {
        return Candidate { coordinates, force_field: ForceField::NoParameters, energy: None, seed };
    }
    let coordinates = flat.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect();
    let force_field = if status == 0 { ForceField::Converged } else { ForceField::IterationLimit };
    Candidate { coordinates, force_field, energy: Some(energy), seed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quinone_gets_its_geometry_and_keeps_its_bonds() {
        let graph = Graph::from_smiles("O=C1C=CC(=O)C(O)=C1").unwrap();
        let embedding = graph.embed(&EmbedOptions::default()).unwrap();
        assert_eq!(embedding.geometry.len(), 13);
        assert_eq!(embedding.force_field, ForceField::Converged);
        assert_eq!(embedding.geometry.bonded_pairs(), graph.bonded_pairs());
        let again = graph.embed(&EmbedOptions::default()).unwrap();
        assert_eq!(embedding.geometry, again.geometry);
    }

    #[test]
    fn more_conformers_never_give_a_higher_energy() {
        let graph = Graph::from_smiles("OCCCO").unwrap();
        let energy = |conformers| {
            graph.embed(&EmbedOptions { conformers, ..EmbedOptions::default() }).unwrap().energy.unwrap()
        };
        assert!(energy(6) <= energy(1));
    }

    #[test]
    fn conformers_are_distinct_and_sorted() {
        let energies = |smiles: &str| -> Vec<f64> {
            let graph = Graph::from_smiles(smiles).unwrap();
            let options = EmbedOptions { conformers: 8, ..EmbedOptions::default() };
            graph.conformers(&options).unwrap().iter().map(|e| e.energy.unwrap()).collect()
        };
        assert_eq!(energies("O=C1C=CC(=O)C=C1").len(), 1, "a rigid molecule has one conformer");
        let flexible = energies("OCCCO");
        assert!(flexible.len() > 1);
        assert!(flexible.windows(2).all(|w| w[1] - w[0] >= SAME_CONFORMER));
    }
}
