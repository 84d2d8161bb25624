//! The two-electron, two-proton reduction of a quinone, as a graph edit.

use super::graph::{Graph, GraphError};
use chematic::core::{AtomIdx, BondOrder, Molecule as Inner, apply_kekule, kekulize};
use chematic::smiles;
use std::collections::BTreeSet;

/// Why a molecule has no hydroquinone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HydroquinoneError {
    /// Fewer than two ring carbonyls, or no pair of them that is conjugated.
    #[error(
        "`{smiles}` has {carbonyls} ring carbonyl(s) and no conjugated pair of them: \
         expected a quinone, e.g. `O=C1C=CC(=O)C=C1`"
    )]
    NotAQuinone {
        /// The molecule.
        smiles: String,
        /// Ring carbonyls found.
        carbonyls: usize,
    },
    /// The edited graph is no molecule.
    #[error("the hydroquinone of `{smiles}` cannot be written: {source}")]
    Product {
        /// The quinone.
        smiles: String,
        /// What is wrong.
        source: GraphError,
    },
    /// The aromatic rings of the quinone have no Kekulé form.
    #[error("`{smiles}` cannot be kekulised: {reason}")]
    Kekule {
        /// The quinone.
        smiles: String,
        /// What the library says.
        reason: String,
    },
}

impl Graph {
    /// The closed-shell hydroquinone Q + 2 H -> QH2: two conjugated ring carbonyls become C-OH and the
    /// double bonds between ring atoms are placed anew so that every atom keeps its valence.
    ///
    /// In the Kekulé form, the ring atoms that end a ring double bond and the two carbonyl carbons together
    /// must have a perfect matching along ring bonds; it is the new set of double bonds. Where several pairs
    /// of carbonyls qualify, the pair closest in the graph is taken, then the first in canonical order.
    pub fn hydroquinone(&self) -> Result<Graph, HydroquinoneError> {
        let smiles = || self.canonical_smiles().to_owned();
        let kekule = kekule_form(self.inner())
            .map_err(|reason| HydroquinoneError::Kekule { smiles: smiles(), reason })?;
        let rings = self.rings().map_err(|source| HydroquinoneError::Product { smiles: smiles(), source })?;
        let skeleton = Skeleton::new(&kekule, &rings);
        let carbonyls = skeleton.ring_carbonyls(&kekule);
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (n, &i) in carbonyls.iter().enumerate() {
            for &j in &carbonyls[n + 1..] {
                if let Some(distance) = skeleton.distance(i, j) {
                    pairs.push((distance, i, j));
                }
            }
        }
        pairs.sort_unstable();
        for (_, i, j) in pairs {
            if let Some(double_bonds) = skeleton.rematch(i, j) {
                let edited = edit(&kekule, &skeleton, i, j, &double_bonds);
                return Graph::from_inner(&edited, self.canonical_smiles())
                    .map_err(|source| HydroquinoneError::Product { smiles: smiles(), source });
            }
        }
        Err(HydroquinoneError::NotAQuinone { smiles: smiles(), carbonyls: carbonyls.len() })
    }
}

fn kekule_form(molecule: &Inner) -> Result<Inner, String> {
    let assignment = kekulize(molecule).map_err(|e| e.to_string())?;
    let applied = apply_kekule(molecule, &assignment);
    // Written and read once more, so that hydrogen counts follow from the Kekulé valences.
    smiles::parse(&smiles::write(&applied)).map_err(|e| e.to_string())?;
    Ok(applied)
}

/// Ring bonds of the Kekulé form and which atoms end a ring double bond.
struct Skeleton {
    ring_neighbours: Vec<Vec<usize>>,
    pi: BTreeSet<usize>,
}

impl Skeleton {
    fn new(kekule: &Inner, rings: &[Vec<usize>]) -> Skeleton {
        let mut ring_bonds = BTreeSet::new();
        for ring in rings {
            for (k, &a) in ring.iter().enumerate() {
                let b = ring[(k + 1) % ring.len()];
                ring_bonds.insert((a.min(b), a.max(b)));
            }
        }
        let mut ring_neighbours = vec![Vec::new(); kekule.atom_count()];
        let mut pi = BTreeSet::new();
        for (_, bond) in kekule.bonds() {
            let (a, b) = (bond.atom1.0 as usize, bond.atom2.0 as usize);
            if !ring_bonds.contains(&(a.min(b), a.max(b))) {
                continue;
            }
            ring_neighbours[a].push(b);
            ring_neighbours[b].push(a);
            if bond.order == BondOrder::Double {
                pi.extend([a, b]);
            }
        }
        Skeleton { ring_neighbours, pi }
    }

    /// Ring carbons with an exocyclic C=O.
    fn ring_carbonyls(&self, kekule: &Inner) -> Vec<usize> {
        let is = |i: usize, number: u8| kekule.atom(AtomIdx(i as u32)).element.atomic_number() == number;
        let mut found = Vec::new();
        for (_, bond) in kekule.bonds() {
            if bond.order != BondOrder::Double {
                continue;
            }
            let (a, b) = (bond.atom1.0 as usize, bond.atom2.0 as usize);
            for (carbon, oxygen) in [(a, b), (b, a)] {
                let terminal = kekule.degree(AtomIdx(oxygen as u32)) == 1;
                let neutral = kekule.atom(AtomIdx(oxygen as u32)).charge == 0;
                if is(carbon, 6)
                    && is(oxygen, 8)
                    && terminal
                    && neutral
                    && !self.ring_neighbours[carbon].is_empty()
                {
                    found.push(carbon);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// Bonds on the shortest way along ring bonds.
    fn distance(&self, from: usize, to: usize) -> Option<usize> {
        let mut distance = vec![usize::MAX; self.ring_neighbours.len()];
        let mut queue = std::collections::VecDeque::from([from]);
        distance[from] = 0;
        while let Some(a) = queue.pop_front() {
            if a == to {
                return Some(distance[a]);
            }
            for &b in &self.ring_neighbours[a] {
                if distance[b] == usize::MAX {
                    distance[b] = distance[a] + 1;
                    queue.push_back(b);
                }
            }
        }
        None
    }

    /// A perfect matching of the pi atoms and the two carbonyl carbons along ring bonds.
    fn rematch(&self, i: usize, j: usize) -> Option<BTreeSet<(usize, usize)>> {
        let mut open: BTreeSet<usize> = self.pi.clone();
        open.extend([i, j]);
        let mut matched = BTreeSet::new();
        self.extend_matching(&mut open, &mut matched).then_some(matched)
    }

    /// Depth-first search; the atom with the fewest partners is matched first, so that chains are forced.
    fn extend_matching(&self, open: &mut BTreeSet<usize>, matched: &mut BTreeSet<(usize, usize)>) -> bool {
        let partners = |a: usize, open: &BTreeSet<usize>| -> Vec<usize> {
            self.ring_neighbours[a].iter().copied().filter(|b| open.contains(b)).collect()
        };
        let Some((atom, choices)) =
            open.iter().map(|&a| (a, partners(a, open))).min_by_key(|(_, choices)| choices.len())
        else {
            return true;
        };
        for partner in choices {
            let bond = (atom.min(partner), atom.max(partner));
            open.remove(&atom);
            open.remove(&partner);
            matched.insert(bond);
            if self.extend_matching(open, matched) {
                return true;
            }
            matched.remove(&bond);
            open.extend([atom, partner]);
        }
        false
    }
}

/// Applies the new double bonds and turns the two C=O into C-OH.
fn edit(
    kekule: &Inner,
    skeleton: &Skeleton,
    i: usize,
    j: usize,
    double_bonds: &BTreeSet<(usize, usize)>,
) -> Inner {
    let mut edited = kekule.clone();
    for (index, bond) in kekule.bonds() {
        let (a, b) = (bond.atom1.0 as usize, bond.atom2.0 as usize);
        let in_ring = skeleton.ring_neighbours[a].contains(&b);
        if in_ring && (skeleton.pi.contains(&a) || a == i || a == j) {
            let double = double_bonds.contains(&(a.min(b), a.max(b)));
            if double {
                edited.set_bond_order(index, BondOrder::Double);
            } else if bond.order == BondOrder::Double {
                edited.set_bond_order(index, BondOrder::Single);
            }
            continue;
        }
        let carbonyl = (a == i || a == j || b == i || b == j) && bond.order == BondOrder::Double;
        if carbonyl && !in_ring {
            edited.set_bond_order(index, BondOrder::Single);
            for end in [bond.atom1, bond.atom2] {
                if kekule.atom(end).element.atomic_number() == 8 {
                    edited.set_hydrogen_count(end, Some(1));
                }
            }
        }
    }
    edited
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduced(smiles: &str) -> String {
        Graph::from_smiles(smiles).unwrap().hydroquinone().unwrap().canonical_smiles().to_owned()
    }

    #[test]
    fn quinones_become_hydroquinones() {
        assert_eq!(reduced("O=C1C=CC(=O)C=C1"), "Oc1ccc(O)cc1");
        assert_eq!(reduced("O=C1C=CC=CC1=O"), "Oc1ccccc1O");
        assert_eq!(reduced("O=C1C=CC(=O)c2ccccc12"), "Oc1ccc(O)c2ccccc12");
        assert_eq!(reduced("O=C1c2ccccc2C(=O)c2ccccc12"), "Oc1c2ccccc2c(O)c2ccccc12");
        assert_eq!(reduced("O=C1C=C(C=O)C(=O)C(C(=O)O)=C1"), "O=Cc1cc(O)cc(C(=O)O)c1O");
        assert_eq!(
            reduced("O=C1C=CC(=O)C(S(=O)(=O)O)=C1[N+](=O)[O-]"),
            "O=[N+]([O-])c1c(O)ccc(O)c1S(=O)(=O)O"
        );
    }

    #[test]
    fn others_are_refused_by_name() {
        for smiles in ["CC(C)=O", "O=C1CCCCC1", "O=C1CCC(=O)CC1", "c1ccccc1"] {
            let error = Graph::from_smiles(smiles).unwrap().hydroquinone().unwrap_err();
            assert!(matches!(error, HydroquinoneError::NotAQuinone { .. }), "{smiles}: {error}");
        }
    }
}
