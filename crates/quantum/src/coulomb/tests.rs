//! What the tests of all electrostatic terms share: samples with random moments, and the checks.

use crate::basis::{Basis, Shell};
use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::element;

/// Atoms with random places, coordination numbers and moments.
pub(super) struct Sample {
    pub numbers: Vec<u8>,
    pub basis: Basis,
    pub positions: Vec<[f64; 3]>,
    pub cn: Vec<f64>,
    pub moments: Moments,
}

/// Random numbers in [-1, 1) (splitmix64).
pub(super) struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// The shells of these atoms; nothing of their Gaussians.
pub(super) fn shells(numbers: &[u8]) -> Basis {
    let mut basis = Basis::default();
    for (atom, &number) in numbers.iter().enumerate() {
        let first = basis.shells.len();
        for (index, shell) in element(number).unwrap().shells.iter().enumerate() {
            let l = usize::from(shell.l);
            basis.shells.push(Shell { atom, l, index, kind: 0, orbitals: 0..0, primitives: 0..0 });
        }
        basis.atom_shells.push(first..basis.shells.len());
    }
    basis
}

impl Sample {
    /// Atoms on a distorted cubic lattice of 3 bohr.
    pub fn new(numbers: &[u8], seed: u64) -> Sample {
        let mut random = Random(seed);
        let basis = shells(numbers);
        let side = (numbers.len() as f64).cbrt().ceil() as usize;
        let place = |i: usize| [i % side, i / side % side, i / side / side];
        let positions: Vec<[f64; 3]> =
            (0..numbers.len()).map(|i| place(i).map(|k| 3.0 * k as f64 + 0.5 * random.next())).collect();
        let valence = |&number: &u8| element(number).unwrap().multipole_valence;
        let cn = numbers.iter().map(|n| valence(n) + 1.2 + random.next()).collect();
        let mut moments = Moments::zero(basis.shells.len(), numbers.len());
        for (q, shell) in moments.shell.iter_mut().zip(&basis.shells) {
            *q = 0.5 * random.next();
            moments.atom[shell.atom] += *q;
        }
        moments.dipole.iter_mut().flatten().for_each(|x| *x = 0.5 * random.next());
        moments.quadrupole.iter_mut().flatten().for_each(|x| *x = random.next());
        for [xx, _, yy, _, _, zz] in &mut moments.quadrupole {
            *zz = -*xx - *yy;
        }
        Sample { numbers: numbers.to_vec(), basis, positions, cn, moments }
    }

    /// Samples of none to twenty atoms, light and heavy.
    pub fn all() -> Vec<Sample> {
        let lists: [&[u8]; 7] = [
            &[],
            &[8],
            &[1, 1],
            &[8, 1, 26],
            &[6, 79, 35, 53, 1, 1, 3],
            &[86, 57, 74, 17, 22, 16, 50, 82, 1],
            &[6, 6, 7, 8, 6, 1, 1, 1, 1, 16, 6, 7, 8, 6, 1, 1, 1, 1, 17, 15],
        ];
        lists.iter().enumerate().map(|(seed, numbers)| Sample::new(numbers, seed as u64)).collect()
    }

    pub fn placement(&self) -> Placement<'_> {
        Placement { positions: &self.positions, cn: &self.cn }
    }
}

/// Energy by atoms at a placement.
pub(super) fn energies(term: &mut dyn Interaction, at: Placement, moments: &Moments) -> Vec<f64> {
    term.place(at);
    let mut energy = vec![0.0; at.cn.len()];
    term.add_energy(moments, &mut energy);
    energy
}

fn total(term: &mut dyn Interaction, at: Placement, moments: &Moments) -> f64 {
    energies(term, at, moments).iter().sum()
}

/// Five-point derivative of `energy` at displacement zero.
fn derivative(step: f64, mut energy: impl FnMut(f64) -> f64) -> f64 {
    let near = energy(step) - energy(-step);
    let far = energy(2.0 * step) - energy(-2.0 * step);
    (8.0 * near - far) / (12.0 * step)
}

/// The numbers of all charges and moments, in one order.
fn components(moments: &mut Moments) -> Vec<&mut f64> {
    let Moments { shell, atom, dipole, quadrupole } = moments;
    shell
        .iter_mut()
        .chain(atom)
        .chain(dipole.iter_mut().flatten())
        .chain(quadrupole.iter_mut().flatten())
        .collect()
}

/// Compares the potential with finite differences of the energy with respect to every charge and moment, and
/// checks that it is added to what is there.
pub(super) fn check_potential(term: &mut dyn Interaction, sample: &Sample) {
    let at = sample.placement();
    term.place(at);
    let mut potential = Moments::zero(sample.moments.shell.len(), sample.moments.atom.len());
    components(&mut potential).into_iter().for_each(|v| *v = 1.0);
    term.add_potential(&sample.moments, &mut potential);
    let mut moments = sample.moments.clone();
    for (k, v) in components(&mut potential).into_iter().enumerate() {
        let numeric = derivative(1e-2, |step| {
            *components(&mut moments)[k] += step;
            let energy = total(term, at, &moments);
            *components(&mut moments)[k] -= step;
            energy
        });
        assert!((*v - 1.0 - numeric).abs() < 1e-10, "component {k}: {} and {numeric}", *v - 1.0);
    }
}

/// Compares gradient and derivative by coordination numbers with finite differences, and checks that both are
/// added to what is there.
pub(super) fn check_gradient(term: &mut dyn Interaction, sample: &Sample) {
    let n = sample.numbers.len();
    term.place(sample.placement());
    let (mut gradient, mut by_cn) = (vec![[1.0; 3]; n], vec![1.0; n]);
    term.add_gradient(sample.placement(), &sample.moments, &mut gradient, &mut by_cn);
    let (mut positions, mut cn) = (sample.positions.clone(), sample.cn.clone());
    for atom in 0..n {
        for axis in 0..3 {
            let numeric = derivative(2e-3, |step| {
                let here = std::mem::replace(&mut positions[atom][axis], sample.positions[atom][axis] + step);
                let energy = total(term, Placement { positions: &positions, cn: &cn }, &sample.moments);
                positions[atom][axis] = here;
                energy
            });
            let found = gradient[atom][axis] - 1.0;
            assert!((found - numeric).abs() < 1e-10, "atom {atom}, axis {axis}: {found} and {numeric}");
        }
        let numeric = derivative(1e-3, |step| {
            let here = std::mem::replace(&mut cn[atom], sample.cn[atom] + step);
            let energy = total(term, Placement { positions: &positions, cn: &cn }, &sample.moments);
            cn[atom] = here;
            energy
        });
        let found = by_cn[atom] - 1.0;
        assert!(
            (found - numeric).abs() < 1e-10,
            "atom {atom}, by coordination number: {found} and {numeric}"
        );
    }
    for axis in 0..3 {
        let sum: f64 = gradient.iter().map(|g| g[axis] - 1.0).sum();
        assert!(sum.abs() < 1e-12, "the forces on all atoms sum to {sum}");
    }
}

/// Checks that a rotation with a shift of everything leaves the energies of the atoms as they are.
pub(super) fn check_invariance(term: &mut dyn Interaction, sample: &Sample) {
    let before = energies(term, sample.placement(), &sample.moments);
    let turn = rotation(0.7, -1.9);
    let positions: Vec<[f64; 3]> =
        sample.positions.iter().map(|&r| rotate(&turn, r).map(|x| x + 4.2)).collect();
    let mut moments = sample.moments.clone();
    moments.dipole.iter_mut().for_each(|mu| *mu = rotate(&turn, *mu));
    for theta in &mut moments.quadrupole {
        let [xx, xy, yy, xz, yz, zz] = *theta;
        let rows = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]].map(|row| rotate(&turn, row));
        let columns = [0, 1, 2].map(|k| rotate(&turn, rows.map(|row| row[k])));
        let [[xx, xy, xz], [_, yy, yz], [_, _, zz]] = columns;
        *theta = [xx, xy, yy, xz, yz, zz];
    }
    let after = energies(term, Placement { positions: &positions, cn: &sample.cn }, &moments);
    for (a, b) in before.iter().zip(&after) {
        assert!((a - b).abs() < 1e-12, "{a} becomes {b}");
    }
}

/// Rotation about z by one angle, then about x by the other.
fn rotation(z: f64, x: f64) -> [[f64; 3]; 3] {
    let ((s, c), (t, d)) = (z.sin_cos(), x.sin_cos());
    [[c, -s, 0.0], [d * s, d * c, -t], [t * s, t * c, d]]
}

fn rotate(turn: &[[f64; 3]; 3], r: [f64; 3]) -> [f64; 3] {
    turn.map(|row| row[0] * r[0] + row[1] * r[1] + row[2] * r[2])
}

/// Energies by atoms as tblite has them, from its own charges and moments (`tests/data/electrostatics.py`).
#[test]
fn energies_are_those_of_tblite() {
    use super::*;
    let text = include_str!("../../tests/data/electrostatics.json");
    let reference: serde_json::Value = serde_json::from_str(text).unwrap();
    let list = |value: &serde_json::Value| -> Vec<f64> {
        value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
    };
    fn rows<const K: usize>(value: &serde_json::Value) -> Vec<[f64; K]> {
        let row = |x: &serde_json::Value| std::array::from_fn(|k| x[k].as_f64().unwrap());
        value.as_array().unwrap().iter().map(row).collect()
    }
    for molecule in reference["molecules"].as_array().unwrap() {
        let name = &molecule["name"];
        let numbers: Vec<u8> = list(&molecule["numbers"]).into_iter().map(|z| z as u8).collect();
        let (basis, n) = (shells(&numbers), numbers.len());
        let populations = rows::<3>(&molecule["populations"]);
        let mut moments = Moments::zero(basis.shells.len(), n);
        for (q, shell) in moments.shell.iter_mut().zip(&basis.shells) {
            let parameters = &element(numbers[shell.atom]).unwrap().shells[shell.index];
            *q = parameters.occupation - populations[shell.atom][shell.l];
            moments.atom[shell.atom] += *q;
        }
        for (q, expected) in moments.atom.iter().zip(list(&molecule["charges"])) {
            assert!((q - expected).abs() < 1e-12, "{name}: charge {q}, expected {expected}");
        }
        moments.dipole = rows(&molecule["dipoles"]);
        moments.quadrupole = rows(&molecule["quadrupoles"]);
        let (positions, cn) = (rows(&molecule["positions"]), list(&molecule["cn"]));
        let at = Placement { positions: &positions, cn: &cn };
        let sum = |a: Vec<f64>, b: Vec<f64>| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
        let second = energies(&mut Isotropic::new(&numbers, &basis), at, &moments);
        let third = energies(&mut ThirdOrder::new(&numbers, &basis), at, &moments);
        let charges = (sum(second, third), list(&molecule["second_and_third_order"]));
        let multipoles = (
            energies(&mut Anisotropic::new(&numbers), at, &moments),
            sum(list(&molecule["multipoles"]), list(&molecule["multipoles_on_site"])),
        );
        for (found, expected) in [charges, multipoles] {
            for (atom, (found, expected)) in found.iter().zip(&expected).enumerate() {
                assert!(
                    (found - expected).abs() < 1e-12,
                    "{name}, atom {atom}: {found}, expected {expected}"
                );
            }
        }
    }
}
