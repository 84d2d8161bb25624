use crate::morgan::{described, matrix};
use crate::{CountMatrix, FeatureError, FeatureId, Features, MorganCounts, Radius, SparseCounts};
use matter::chem::{BondKind, Graph, GraphError, Smarts};
use std::collections::VecDeque;

/// Counts of pairs of heavy atoms, by the kinds of the two (element, heavy
/// neighbours, pi electrons or aromaticity, charge) and the bonds between
/// (Carhart, Smith and Venkataraghavan, J. Chem. Inf. Comput. Sci. 25, 64, 1985);
/// beside them, if wished, which functional groups and which Morgan environments
/// of radius 3 a molecule has.
///
/// Pairs see the whole of a molecule where Morgan environments see three bonds:
/// better where distant parts act together, as in dyes.
#[derive(Debug)]
pub struct AtomPairs {
    groups: Vec<Smarts>,
    environments: Option<MorganCounts>,
}

impl AtomPairs {
    /// Pairs alone.
    pub fn alone() -> Self {
        Self { groups: Vec::new(), environments: None }
    }

    /// Pairs with 40 functional groups.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if the chemistry layer cannot read a group's pattern.
    pub fn with_groups() -> Result<Self, FeatureError> {
        let parse = |text: &&str| {
            Smarts::parse(text).map_err(|_| FeatureError::Setting {
                name: "functional group",
                value: (*text).to_owned(),
                expected: "a pattern of SMARTS",
            })
        };
        Ok(Self { groups: GROUPS.iter().map(parse).collect::<Result<_, _>>()?, environments: None })
    }

    /// Pairs with functional groups and Morgan environments.
    ///
    /// # Errors
    /// As [`AtomPairs::with_groups`].
    pub fn with_environments() -> Result<Self, FeatureError> {
        Ok(Self { environments: Some(MorganCounts::new(Radius::Three)), ..Self::with_groups()? })
    }

    /// The counts of one molecule.
    ///
    /// # Errors
    /// [`FeatureError::Molecule`] with index 0 if the chemistry layer cannot
    /// describe the molecule.
    pub fn of(&self, molecule: &Graph) -> Result<SparseCounts, FeatureError> {
        self.numbered(0, molecule)
    }

    fn numbered(&self, index: usize, molecule: &Graph) -> Result<SparseCounts, FeatureError> {
        let mut counts = pairs(molecule).map_err(|source| described(index, molecule, &self.id(), source))?;
        let groups = self.groups.iter().enumerate().filter(|(_, group)| group.matches(molecule));
        counts.extend(groups.map(|(number, _)| (hash(&[GROUP, number as u32]), 1)));
        if let Some(morgan) = &self.environments {
            counts.extend(morgan.numbered(index, molecule)?.view().iter().map(|(id, _)| (id, 1)));
        }
        SparseCounts::from_pairs(counts)
    }
}

impl Features for AtomPairs {
    type Matrix = CountMatrix;

    fn id(&self) -> FeatureId {
        let groups = match self.groups.len() {
            0 => String::new(),
            some => format!("+groups{some}"),
        };
        let morgan = if self.environments.is_some() { "+morgan-bits:r3" } else { "" };
        FeatureId::new(format!("atom-pairs{groups}{morgan}"))
    }

    fn compute(&self, molecules: &[Graph]) -> Result<CountMatrix, FeatureError> {
        matrix(molecules, |index, molecule| self.numbered(index, molecule))
    }
}

/// What tells pairs and groups from each other before they are hashed.
const PAIR: u32 = 7;
const GROUP: u32 = 11;

/// A hash of small numbers.
fn hash(values: &[u32]) -> u32 {
    values.iter().fold(0x811c_9dc5, |hash: u32, value| {
        let mixed = (hash ^ value).wrapping_mul(0x85eb_ca6b);
        (mixed ^ (mixed >> 15)).wrapping_mul(0xc2b2_ae35)
    })
}

fn pairs(molecule: &Graph) -> Result<Vec<(u32, u32)>, GraphError> {
    let atoms = molecule.atoms()?;
    let n = atoms.len();
    let (mut neighbours, mut pi) = (vec![Vec::new(); n], vec![0_u32; n]);
    for bond in molecule.bonds()? {
        neighbours[bond.begin].push(bond.end);
        neighbours[bond.end].push(bond.begin);
        let electrons = match bond.kind {
            BondKind::Double => 1,
            BondKind::Triple => 2,
            _ => 0,
        };
        pi[bond.begin] += electrons;
        pi[bond.end] += electrons;
    }
    let kind = |i: usize| {
        let own = if atoms[i].aromatic { 1 } else { pi[i] };
        hash(&[u32::from(atoms[i].element.number()), neighbours[i].len() as u32, own, atoms[i].charge as u32])
    };
    let kinds: Vec<u32> = (0..n).map(kind).collect();
    let mut out = Vec::new();
    for start in 0..n {
        let (mut distance, mut queue) = (vec![u32::MAX; n], VecDeque::from([start]));
        distance[start] = 0;
        while let Some(at) = queue.pop_front() {
            for &next in &neighbours[at] {
                if distance[next] == u32::MAX {
                    distance[next] = distance[at] + 1;
                    queue.push_back(next);
                }
            }
        }
        for other in start + 1..n {
            if distance[other] != u32::MAX {
                let (low, high) = (kinds[start].min(kinds[other]), kinds[start].max(kinds[other]));
                out.push((hash(&[PAIR, low, high, distance[other]]), 1));
            }
        }
    }
    Ok(out)
}

/// Functional groups, present or not.
const GROUPS: [&str; 40] = [
    "[NX3;H2]",
    "[NX3;H1]",
    "[NX3;H0]",
    "c[NX3;H2]",
    "c[NX3;H1]",
    "c[NX3;H0;!$(N=O)]",
    "[N+](=O)[O-]",
    "C#N",
    "[OX2H]",
    "c[OX2H]",
    "c[OX2][CH3]",
    "[OX2]([#6])[#6]",
    "[CX3]=O",
    "[CX3H]=O",
    "C(=O)[OX2H]",
    "C(=O)[OX2][#6]",
    "C(=O)N",
    "[#6]C(=O)[#6]",
    "F",
    "Cl",
    "Br",
    "I",
    "C(F)(F)F",
    "S(=O)(=O)",
    "[SX2]",
    "c1ccccc1",
    "n",
    "[nH]",
    "[n;H0]",
    "c1ccncc1",
    "c1cnc[nH]1",
    "n1ccnc1",
    "n1cccn1",
    "c1cscn1",
    "c1ccsc1",
    "c1ccoc1",
    "N=N",
    "[CH3]",
    "[CX4]",
    "[R2]",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance;

    #[test]
    fn atom_pairs_conform() {
        let all =
            [AtomPairs::alone(), AtomPairs::with_groups().unwrap(), AtomPairs::with_environments().unwrap()];
        for features in all {
            conformance::check(&features, CountMatrix::select).unwrap();
        }
    }

    #[test]
    fn propane_has_two_pairs_of_neighbours_and_one_of_ends() {
        let of = |smiles: &str| AtomPairs::alone().of(&Graph::from_smiles(smiles).unwrap()).unwrap();
        let propane = of("CCC");
        let mut counts: Vec<u32> = propane.view().iter().map(|(_, count)| count).collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 2]);
        assert_eq!(of("C").view().total(), 0);
        // Of 5 heavy atoms 10 pairs; double bonds and charges tell kinds apart.
        assert_eq!(of("CCCCO").view().total(), 10);
        assert_ne!(of("CC=O"), of("CCO"));
        assert_ne!(of("C[N+](C)(C)C"), of("CC(C)(C)C"));
    }

    #[test]
    fn groups_are_there_or_not() {
        let features = AtomPairs::with_groups().unwrap();
        let extra = |smiles: &str| {
            let molecule = Graph::from_smiles(smiles).unwrap();
            features.of(&molecule).unwrap().view().total()
                - AtomPairs::alone().of(&molecule).unwrap().view().total()
        };
        // CH3, sp3 carbon, OH.
        assert_eq!(extra("CCO"), 3);
        assert_eq!(extra("OCCO"), 2);
    }
}
