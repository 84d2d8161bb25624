//! A compact set of descriptors of molecular graphs, named as in RDKit.
//!
//! What needs patterns, fits or tables comes from the chemistry layer
//! ([`Graph::rdkit_descriptors`]); these are computed here:
//!
//! ```text
//! chi_N  = sum over paths of N bonds of the product over atoms of d^(-1/2)
//!          (Hall and Kier, Rev. Comput. Chem. 2, 367, 1991, eqs. 9-16), with d
//!          Chi0, Chi1:   bonds of the atom,
//!          ChiNn:        v - h,
//!          ChiNv:        v - h up to neon, then (v - h) / (Z - v - 1),
//!          v outer electrons, h hydrogens of the atom, Z its number;
//! kappa1 = (A + a) (A + a - 1)^2 / (P1 + a)^2
//! kappa2 = (A + a - 1) (A + a - 2)^2 / (P2 + a)^2
//! kappa3 = (A + a - 1) (A + a - 3)^2 / (P3 + a)^2 for odd A,
//!          (A + a - 2) (A + a - 3)^2 / (P3 + a)^2 for even A, as in RDKit,
//!          A heavy atoms, PN paths of N bonds, a HallKierAlpha (eqs. 58-62).
//! ```
//!
//! Atoms with more hydrogens than outer electrons, as in BH4-, have no d and
//! count nothing in chi; RDKit has NaN there. Everything else equals RDKit
//! 2026.09.1 (`tests/reference/make_descriptors.py`).

mod joined;
mod paths;
mod rings;

pub use joined::MorganDescriptors;

use crate::morgan::described;
use crate::{DenseMatrix, FeatureError, FeatureId, Features};
use matter::Element;
use matter::chem::{Graph, GraphError};
use paths::Paths;
use rayon::prelude::*;
use rings::Rings;

/// The names of the columns: RDKit's, `FormalCharge` for `GetFormalCharge`, and
/// numbers of atoms by element.
const NAMES: [&str; 50] = [
    "MolWt",
    "HeavyAtomCount",
    "NumHDonors",
    "NumHAcceptors",
    "TPSA",
    "MolLogP",
    "MolMR",
    "NumRotatableBonds",
    "RingCount",
    "NumAromaticRings",
    "NumAliphaticRings",
    "NumSaturatedRings",
    "NumHeterocycles",
    "NumAromaticHeterocycles",
    "FractionCSP3",
    "LabuteASA",
    "Chi0",
    "Chi1",
    "Chi0n",
    "Chi1n",
    "Chi2n",
    "Chi3n",
    "Chi4n",
    "Chi0v",
    "Chi1v",
    "Chi2v",
    "Chi3v",
    "Chi4v",
    "Kappa1",
    "Kappa2",
    "Kappa3",
    "HallKierAlpha",
    "BalabanJ",
    "NumHeteroatoms",
    "NumValenceElectrons",
    "NHOHCount",
    "NOCount",
    "NumAmideBonds",
    "NumSpiroAtoms",
    "FormalCharge",
    "CountC",
    "CountN",
    "CountO",
    "CountF",
    "CountP",
    "CountS",
    "CountCl",
    "CountBr",
    "CountI",
    "CountOther",
];

/// Elements that have a column of their own, by atomic number.
const COUNTED: [u8; 9] = [6, 7, 8, 9, 15, 16, 17, 35, 53];

/// Outer electrons of the elements, by atomic number from 1, as RDKit has them.
#[rustfmt::skip]
const OUTER: [u8; 86] = [
    1, 2,
    1, 2, 3, 4, 5, 6, 7, 8,
    1, 2, 3, 4, 5, 6, 7, 8,
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5, 6, 7, 8,
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5, 6, 7, 8,
    1, 2, 3, 4, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 4, 5, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5, 6, 7, 8,
];

/// Fifty descriptors of a molecular graph: size, polarity, hydrogen bonds,
/// lipophilicity, flexibility, rings, connectivity and shape. All are finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Descriptors;

impl Descriptors {
    /// The names of the columns.
    pub fn names(&self) -> &'static [&'static str] {
        &NAMES
    }

    /// The length of a row.
    pub fn columns(&self) -> usize {
        NAMES.len()
    }

    /// The descriptors of one molecule.
    pub(crate) fn fill(&self, index: usize, molecule: &Graph, row: &mut [f64]) -> Result<(), FeatureError> {
        let values =
            descriptors(molecule).map_err(|source| described(index, molecule, &self.id(), source))?;
        row.iter_mut().zip(values).for_each(|(place, value)| *place = value);
        Ok(())
    }
}

impl Features for Descriptors {
    type Matrix = DenseMatrix;

    fn id(&self) -> FeatureId {
        // With the number of the set, to be raised when a column changes.
        FeatureId::new("descriptors:2d-50:v1")
    }

    fn compute(&self, molecules: &[Graph]) -> Result<DenseMatrix, FeatureError> {
        filled(self.columns(), molecules, |index, molecule, row| self.fill(index, molecule, row))
    }
}

/// A table of which `fill` writes each row.
fn filled(
    columns: usize,
    molecules: &[Graph],
    fill: impl Fn(usize, &Graph, &mut [f64]) -> Result<(), FeatureError> + Sync,
) -> Result<DenseMatrix, FeatureError> {
    let mut matrix = DenseMatrix::zeros(molecules.len(), columns);
    let rows: Vec<&mut [f64]> = matrix.rows_mut().collect();
    let done: Vec<Result<(), FeatureError>> = rows
        .into_par_iter()
        .zip(molecules)
        .enumerate()
        .map(|(index, (row, molecule))| fill(index, molecule, row))
        .collect();
    // The error of the first molecule, whichever thread was first.
    done.into_iter().collect::<Result<(), FeatureError>>()?;
    Ok(matrix)
}

fn descriptors(molecule: &Graph) -> Result<[f64; NAMES.len()], GraphError> {
    let given = molecule.rdkit_descriptors()?;
    let skeleton = molecule.skeleton()?;
    let atoms = &skeleton.atoms;
    let mut bonds_of = vec![0_u32; atoms.len()];
    // Isotopes of hydrogen stay atoms of the graph, but are hydrogens to others.
    let mut isotopes = vec![0_u32; atoms.len()];
    for bond in &skeleton.bonds {
        for (atom, other) in [(bond.begin, bond.end), (bond.end, bond.begin)] {
            bonds_of[atom] += 1;
            isotopes[atom] += u32::from(atoms[other].element == Element::H);
        }
    }
    let number = |atom: usize| atoms[atom].element.number();
    let count = |wanted: &dyn Fn(usize) -> bool| (0..atoms.len()).filter(|&atom| wanted(atom)).count() as f64;
    let heavy = count(&|atom| number(atom) > 1);
    let carbons = count(&|atom| number(atom) == 6);
    let saturated = count(&|atom| number(atom) == 6 && bonds_of[atom] + atoms[atom].hydrogens == 4);
    let hydrogens_on = |atom: usize| atoms[atom].hydrogens + isotopes[atom];
    let polar = (0..atoms.len()).filter(|&atom| matches!(number(atom), 7 | 8));
    let polar_hydrogens: u32 = polar.map(hydrogens_on).sum();
    let charge = molecule.charge();
    let outer: i64 =
        atoms.iter().map(|atom| i64::from(outer(atom.element)) + i64::from(atom.hydrogens)).sum();

    let simple = |atom: usize| if bonds_of[atom] > 0 { f64::from(bonds_of[atom]).powf(-0.5) } else { 0.0 };
    let weights: Vec<[f64; 2]> =
        (0..atoms.len()).map(|atom| weights(number(atom), atoms[atom].hydrogens)).collect();
    let chi0: f64 = (0..atoms.len()).map(simple).sum();
    let chi1: f64 = skeleton.bonds.iter().map(|bond| simple(bond.begin) * simple(bond.end)).sum();
    let Paths { chi: [mut chi_n, chi_v], counts } = Paths::new(&skeleton, &weights);
    // Isotopes of hydrogen count 1 in Chi0n and Chi1n, and nothing elsewhere.
    let or_one = |atom: usize| if number(atom) == 1 { 1.0 } else { weights[atom][0] };
    chi_n[0] += count(&|atom| number(atom) == 1);
    let to_isotopes = skeleton.bonds.iter().filter(|bond| number(bond.begin) == 1 || number(bond.end) == 1);
    chi_n[1] += to_isotopes.map(|bond| or_one(bond.begin) * or_one(bond.end)).sum::<f64>();
    let [kappa1, kappa2, kappa3] = kappa(heavy, given.alpha, [skeleton.bonds.len(), counts[2], counts[3]]);
    let rings = Rings::new(&skeleton);

    let mut values = [0.0; NAMES.len()];
    let head = [
        given.weight,
        heavy,
        given.donors as f64,
        given.acceptors as f64,
        given.polar_area,
        given.log_p,
        given.refractivity,
        given.rotatable_bonds as f64,
        skeleton.rings.len() as f64,
        rings.aromatic,
        rings.aliphatic,
        rings.saturated,
        rings.hetero,
        rings.aromatic_hetero,
        if carbons > 0.0 { saturated / carbons } else { 0.0 },
        given.surface,
        chi0,
        chi1,
    ];
    let tail = [
        kappa1,
        kappa2,
        kappa3,
        given.alpha,
        given.balaban,
        count(&|atom| !matches!(number(atom), 1 | 6)),
        (outer - i64::from(charge)) as f64,
        f64::from(polar_hydrogens),
        count(&|atom| matches!(number(atom), 7 | 8)),
        given.amide_bonds as f64,
        given.spiro_atoms as f64,
        f64::from(charge),
    ];
    let of_element = COUNTED.map(|element| count(&|atom| number(atom) == element));
    let other = heavy - of_element.iter().sum::<f64>();
    let all = head.into_iter().chain(chi_n).chain(chi_v).chain(tail).chain(of_element).chain([other]);
    values.iter_mut().zip(all).for_each(|(place, value)| *place = value);
    Ok(values)
}

fn outer(element: Element) -> u8 {
    OUTER.get(usize::from(element.number()) - 1).copied().unwrap_or(0)
}

/// The weights d^(-1/2) of an atom in ChiNn and ChiNv; 0 for none.
fn weights(number: u8, hydrogens: u32) -> [f64; 2] {
    let electrons = f64::from(OUTER.get(usize::from(number) - 1).copied().unwrap_or(0));
    if number == 1 {
        return [0.0; 2];
    }
    let simple = electrons - f64::from(hydrogens);
    let valence = match number {
        ..=10 => simple,
        _ => simple / (f64::from(number) - electrons - 1.0),
    };
    [simple, valence].map(|d| if d > 0.0 { d.powf(-0.5) } else { 0.0 })
}

/// Kier's shape indices.
fn kappa(atoms: f64, alpha: f64, paths: [usize; 3]) -> [f64; 3] {
    let a = atoms + alpha;
    let over = |numerator: f64, paths: usize| {
        let denominator = (paths as f64 + alpha).powi(2);
        if denominator == 0.0 { 0.0 } else { numerator / denominator }
    };
    let odd = atoms % 2.0 == 1.0;
    [
        over(a * (a - 1.0).powi(2), paths[0]),
        over((a - 1.0) * (a - 2.0).powi(2), paths[1]),
        over((a - if odd { 1.0 } else { 2.0 }) * (a - 3.0).powi(2), paths[2]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance;

    fn value(smiles: &str, name: &str) -> f64 {
        let molecule = Graph::from_smiles(smiles).unwrap();
        let column = NAMES.iter().position(|known| *known == name).unwrap();
        Descriptors.compute(&[molecule]).unwrap().row(0)[column]
    }

    #[test]
    fn descriptors_conform() {
        conformance::check_dense(&Descriptors, Descriptors.names().len()).unwrap();
    }

    #[test]
    fn connectivity_of_small_molecules_is_that_by_hand() {
        // Propane: 1 + 1 + 1 / sqrt(2), and two bonds of 1 / sqrt(2).
        assert!((value("CCC", "Chi0") - (2.0 + 0.5_f64.sqrt())).abs() < 1e-14);
        assert!((value("CCC", "Chi1") - 2.0_f64.sqrt()).abs() < 1e-14);
        // Chlorine: 7 outer electrons, (7 - 0) / (17 - 7 - 1).
        assert!((value("Cl", "Chi0v") - (9.0_f64 / 6.0).sqrt()).abs() < 1e-14);
    }

    #[test]
    fn what_has_no_number_is_finite() {
        for smiles in ["[BH4-]", "[H][H]", "[2H]C", "[He]", "[Na+].[Cl-]", "C"] {
            let molecule = Graph::from_smiles(smiles).unwrap();
            let row = Descriptors.compute(&[molecule]).unwrap();
            let place = row.values().iter().position(|value| !value.is_finite());
            assert_eq!(place.map(|place| NAMES[place]), None, "{smiles}");
        }
    }
}
