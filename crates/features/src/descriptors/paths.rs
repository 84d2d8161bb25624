//! Sums over the paths of a graph.

use matter::Element;
use matter::chem::Skeleton;

/// The longest paths, in bonds.
const LONGEST: usize = 4;

/// Connectivity indices and numbers of paths by their bonds, 0 to 4.
///
/// A path of N bonds has distinct atoms, but its last may close a ring: on its
/// first atom, or on one between, which then counts twice (as in RDKit). A
/// chi index sums the products of weights of the atoms of all paths. Isotopes of
/// hydrogen that are atoms of the graph are in none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Paths {
    /// Of the two kinds of weights, by bonds.
    pub(super) chi: [[f64; LONGEST + 1]; 2],
    /// Paths by bonds; those of 0 bonds are the atoms.
    pub(super) counts: [usize; LONGEST + 1],
}

impl Paths {
    /// Sums with two weights for each atom.
    pub(super) fn new(skeleton: &Skeleton, weights: &[[f64; 2]]) -> Self {
        let mut neighbours = vec![Vec::new(); skeleton.atoms.len()];
        let heavy = |atom: usize| skeleton.atoms[atom].element != Element::H;
        for bond in skeleton.bonds.iter().filter(|bond| heavy(bond.begin) && heavy(bond.end)) {
            neighbours[bond.begin].push(bond.end);
            neighbours[bond.end].push(bond.begin);
        }
        let mut walk =
            Walk { neighbours, weights, path: Vec::with_capacity(LONGEST + 1), sums: Self::default() };
        for atom in (0..skeleton.atoms.len()).filter(|&atom| heavy(atom)) {
            walk.sums.counts[0] += 1;
            (0..2).for_each(|kind| walk.sums.chi[kind][0] += weights[atom][kind]);
            walk.path.push(atom);
            walk.extend(weights[atom]);
            walk.path.pop();
        }
        walk.sums
    }
}

/// A walk from one atom. Every path is met from both ends, every ring from each
/// of its atoms in both directions; one of these is counted.
struct Walk<'a> {
    neighbours: Vec<Vec<usize>>,
    weights: &'a [[f64; 2]],
    path: Vec<usize>,
    sums: Paths,
}

impl Walk<'_> {
    /// Counts all paths that begin with the present one; `product` is that of
    /// its weights.
    fn extend(&mut self, product: [f64; 2]) {
        let length = self.path.len();
        let (Some(&first), Some(&last)) = (self.path.first(), self.path.last()) else { return };
        for place in 0..self.neighbours[last].len() {
            let next = self.neighbours[last][place];
            let weights = self.weights[next];
            let longer = [product[0] * weights[0], product[1] * weights[1]];
            match self.path.iter().position(|&atom| atom == next) {
                // Back along the last bond: no path.
                Some(met) if met + 2 >= length => continue,
                Some(0) => {
                    let least = self.path.iter().all(|&atom| atom >= first);
                    if least && self.path[1] < last {
                        self.add(length, product);
                    }
                }
                Some(met) => {
                    if self.path[met + 1] < last {
                        self.add(length, longer);
                    }
                }
                None => {
                    if first < next {
                        self.add(length, longer);
                    }
                    if length < LONGEST {
                        self.path.push(next);
                        self.extend(longer);
                        self.path.pop();
                    }
                }
            }
        }
    }

    fn add(&mut self, bonds: usize, product: [f64; 2]) {
        self.sums.counts[bonds] += 1;
        (0..2).for_each(|kind| self.sums.chi[kind][bonds] += product[kind]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use matter::chem::Graph;

    #[test]
    fn paths_are_counted_once() {
        for (smiles, expected) in [
            ("CCCC", [4, 3, 2, 1, 0]),
            ("C1CC1", [3, 3, 3, 1, 0]),
            ("CC1CC1", [4, 4, 5, 3, 1]),
            ("C1CCC1", [4, 4, 4, 4, 1]),
            ("C1CC2CC12", [5, 6, 9, 11, 10]),
        ] {
            let skeleton = Graph::from_smiles(smiles).unwrap().skeleton().unwrap();
            let paths = Paths::new(&skeleton, &vec![[1.0, 1.0]; skeleton.atoms.len()]);
            assert_eq!(paths.counts, expected, "{smiles}");
            assert_eq!(paths.chi[0], expected.map(|count| count as f64), "{smiles}");
        }
    }
}
