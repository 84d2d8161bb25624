//! Analytic surfaces with known minima, shared by the tests of this crate.
#![allow(dead_code)]

use matter::units::Hartree;
use method::{Failure, Surface};

pub type Vec3 = [f64; 3];

/// A surface from a function that gives energy and gradient.
#[derive(Clone)]
pub struct Analytic<F> {
    pub atoms: usize,
    pub calls: usize,
    pub function: F,
}

impl<F> Surface for Analytic<F>
where
    F: Fn(&[Vec3], &mut [Vec3]) -> f64 + Send + Clone + 'static,
{
    fn atoms(&self) -> usize {
        self.atoms
    }

    fn evaluate(
        &mut self,
        positions: &[Vec3],
        gradient: &mut [Vec3],
        allowed: &mut dyn FnMut() -> Result<(), Failure>,
    ) -> Result<Hartree, Failure> {
        allowed()?;
        self.calls += 1;
        gradient.fill([0.0; 3]);
        Ok(Hartree((self.function)(positions, gradient)))
    }

    fn fork(&self) -> Box<dyn Surface> {
        Box::new(self.clone())
    }
}

pub fn surface<F>(atoms: usize, function: F) -> Analytic<F>
where
    F: Fn(&[Vec3], &mut [Vec3]) -> f64 + Send + Clone + 'static,
{
    Analytic { atoms, calls: 0, function }
}

/// Adds the gradient of a function of one distance; `f` gives energy and derivative.
pub fn pair(x: &[Vec3], g: &mut [Vec3], i: usize, j: usize, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let d: Vec3 = std::array::from_fn(|c| x[i][c] - x[j][c]);
    let r = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
    let (energy, slope) = f(r);
    for c in 0..3 {
        g[i][c] += slope * d[c] / r;
        g[j][c] -= slope * d[c] / r;
    }
    energy
}

/// Lennard-Jones of well depth `depth` (hartree) and distance `minimum` (bohr) of each pair's minimum.
pub fn lennard_jones(
    depth: f64,
    minimum: f64,
) -> impl Fn(&[Vec3], &mut [Vec3]) -> f64 + Send + Clone + 'static {
    move |x, g| {
        let mut energy = 0.0;
        for j in 1..x.len() {
            for i in 0..j {
                energy += pair(x, g, i, j, |r| {
                    let s = (minimum / r).powi(6);
                    (depth * (s * s - 2.0 * s), -12.0 * depth * (s * s - s) / r)
                });
            }
        }
        energy
    }
}

/// Morse: depth, exponent, distance.
pub fn morse(depth: f64, a: f64, r0: f64) -> impl Fn(&[Vec3], &mut [Vec3]) -> f64 + Send + Clone + 'static {
    move |x, g| {
        pair(x, g, 0, 1, |r| {
            let e = (-a * (r - r0)).exp();
            (depth * (1.0 - e) * (1.0 - e), 2.0 * depth * a * e * (1.0 - e))
        })
    }
}

/// Springs: pairs with force constant and length (a 1-3 spring makes a bend).
pub fn springs(
    list: Vec<(usize, usize, f64, f64)>,
) -> impl Fn(&[Vec3], &mut [Vec3]) -> f64 + Send + Clone + 'static {
    move |x, g| {
        list.iter()
            .map(|&(i, j, k, r0)| pair(x, g, i, j, |r| (0.5 * k * (r - r0) * (r - r0), k * (r - r0))))
            .sum()
    }
}

/// A cheap deterministic sequence in -1..1.
pub fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}
