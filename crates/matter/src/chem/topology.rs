//! Counts of what makes a graph complicated.

use super::graph::{Graph, GraphError};
use chematic::smiles::rdkit_atom_stereocenter_counts;
use std::collections::BTreeSet;

/// What makes a graph complicated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    /// Atoms of the graph (hydrogens only where RDKit keeps them as atoms).
    pub atoms: usize,
    /// Tetrahedral stereo centres, also those without stated configuration.
    pub stereo_centres: usize,
    /// Atoms that are all that two rings share.
    pub spiro_atoms: usize,
    /// Atoms where a path that two rings share (two bonds or more) begins or ends.
    pub bridgehead_atoms: usize,
    /// Number of atoms of the largest ring; 0 without rings.
    pub largest_ring: usize,
}

impl Graph {
    /// Counts stereo centres, spiro and bridgehead atoms and the size of the largest ring, with the rings and
    /// stereo centres that RDKit sees.
    pub fn topology(&self) -> Result<Topology, GraphError> {
        let rings = self.rings()?;
        let (centres, _) = rdkit_atom_stereocenter_counts(self.inner()).map_err(|e| {
            GraphError::Unsupported { smiles: self.canonical_smiles().to_owned(), reason: e.to_string() }
        })?;
        let atom_sets: Vec<BTreeSet<usize>> = rings.iter().map(|r| r.iter().copied().collect()).collect();
        let bond_sets: Vec<BTreeSet<(usize, usize)>> = rings.iter().map(|r| ring_bonds(r)).collect();
        let (mut spiro, mut bridgeheads) = (BTreeSet::new(), BTreeSet::new());
        for j in 1..rings.len() {
            for i in 0..j {
                let mut atoms = atom_sets[i].intersection(&atom_sets[j]);
                if let (Some(only), None) = (atoms.next(), atoms.next()) {
                    spiro.insert(*only);
                }
                let shared: Vec<&(usize, usize)> = bond_sets[i].intersection(&bond_sets[j]).collect();
                if shared.len() < 2 {
                    continue;
                }
                let ends = shared.iter().flat_map(|(a, b)| [*a, *b]);
                let once = |atom: &usize| shared.iter().filter(|(a, b)| a == atom || b == atom).count() == 1;
                bridgeheads.extend(ends.filter(once));
            }
        }
        Ok(Topology {
            atoms: self.inner().atom_count(),
            stereo_centres: centres,
            spiro_atoms: spiro.len(),
            bridgehead_atoms: bridgeheads.len(),
            largest_ring: rings.iter().map(Vec::len).max().unwrap_or(0),
        })
    }
}

fn ring_bonds(ring: &[usize]) -> BTreeSet<(usize, usize)> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(&a, &b)| (a.min(b), a.max(b))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_joined_in_three_ways() {
        let counts = |smiles: &str| {
            let t = Graph::from_smiles(smiles).unwrap().topology().unwrap();
            (t.atoms, t.stereo_centres, t.spiro_atoms, t.bridgehead_atoms, t.largest_ring)
        };
        assert_eq!(counts("CC(O)F"), (4, 1, 0, 0, 0));
        assert_eq!(counts("C1CCC2CCCCC2C1"), (10, 0, 0, 0, 6));
        assert_eq!(counts("C1CCC2(CC1)CCCC2"), (10, 0, 1, 0, 6));
        assert_eq!(counts("C1CC2CCC1C2"), (7, 0, 0, 2, 5));
        assert_eq!(counts("C1CCCCCCCCCCC1"), (12, 0, 0, 0, 12));
    }
}
