//! Third-order on-site energy: an atom resists charge the more, the more of it there is.

use crate::basis::Basis;
use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::element;

/// Factor of the element's hardness derivative for s, p and d shells (GFN2, Table 2).
const BY_ANGULAR_MOMENTUM: [f64; 3] = [1.0, 0.5, 0.25];

/// `E = 1/3 sum_s Gamma_s q_s^3` over shells (GFN2, eq. 22), `Gamma_s` the element's hardness derivative times
/// a factor for the angular momentum.
#[derive(Clone, Debug)]
pub(crate) struct ThirdOrder {
    /// Atom and `Gamma_s` (hartree/e) of each shell.
    shells: Vec<(usize, f64)>,
}

impl ThirdOrder {
    /// Looks up the parameters.
    pub fn new(numbers: &[u8], basis: &Basis) -> ThirdOrder {
        let derivative = |atom: usize| element(numbers[atom]).map_or(0.0, |e| e.hardness_derivative);
        let shells =
            basis.shells.iter().map(|s| (s.atom, derivative(s.atom) * BY_ANGULAR_MOMENTUM[s.l])).collect();
        ThirdOrder { shells }
    }
}

impl Interaction for ThirdOrder {
    /// Nothing depends on geometry.
    fn place(&mut self, _: Placement) {}

    fn add_potential(&mut self, moments: &Moments, potential: &mut Moments) {
        for ((q, v), &(_, gamma)) in moments.shell.iter().zip(&mut potential.shell).zip(&self.shells) {
            *v += gamma * q * q;
        }
    }

    fn add_energy(&mut self, moments: &Moments, energy: &mut [f64]) {
        for (q, &(atom, gamma)) in moments.shell.iter().zip(&self.shells) {
            energy[atom] += gamma / 3.0 * q * q * q;
        }
    }

    /// Nothing depends on geometry.
    fn add_gradient(&mut self, _: Placement, _: &Moments, _: &mut [[f64; 3]], _: &mut [f64]) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coulomb::tests::{Sample, check_invariance, check_potential};

    #[test]
    fn potential_is_the_derivative_of_the_energy() {
        for sample in Sample::all() {
            check_potential(&mut ThirdOrder::new(&sample.numbers, &sample.basis), &sample);
        }
    }

    #[test]
    fn each_shell_has_its_factor() {
        // iron: shells d, s, p in the order of its parameters
        let sample = Sample::new(&[26], 1);
        let term = ThirdOrder::new(&sample.numbers, &sample.basis);
        let gamma = element(26).unwrap().hardness_derivative;
        let found: Vec<f64> = term.shells.iter().map(|s| s.1).collect();
        assert_eq!(found, [0.25 * gamma, gamma, 0.5 * gamma]);
    }

    #[test]
    fn energy_does_not_change_on_rotation() {
        for sample in Sample::all() {
            check_invariance(&mut ThirdOrder::new(&sample.numbers, &sample.basis), &sample);
        }
    }
}
