//! Slater functions as sums of Gaussians.

use std::f64::consts::PI;

use crate::parameters::ShellParameters;
use crate::tables::sto_ng::{STO_1G, STO_2G, STO_3G, STO_4G, STO_5G, STO_6G};

/// First row of each angular momentum in the tables: 1s, 2p, 3d.
const FIRST_ROW: [usize; 3] = [0, 5, 9];

/// Row of the six-function table that holds 6s; 6p follows.
const ROW_6S: usize = 15;

/// (exponent, coefficient) of the primitives of a shell. The coefficients include the normalisation of the primitives,
/// that of `x^2` for a d shell, and are not rescaled: GFN2 uses the published expansions as they are, so that a
/// function's norm differs from one by up to 1e-8.
pub(super) fn expansion(shell: &ShellParameters) -> impl Iterator<Item = (f64, f64)> {
    let scale = shell.slater * shell.slater;
    let l = i32::from(shell.l);
    let odd = [1.0_f64, 1.0, 3.0][usize::from(shell.l)];
    table(shell).iter().map(move |&(exponent, coefficient)| {
        let exponent = exponent * scale;
        let width = 2.0 * exponent / PI;
        let radial = (width * width.sqrt()).sqrt();
        let angular = ((4.0 * exponent).powi(l) / odd).sqrt();
        (exponent, coefficient * radial * angular)
    })
}

/// Published expansion for a Slater exponent of one. Only the combinations in the parameters of GFN2 are looked up.
fn table(shell: &ShellParameters) -> &'static [(f64, f64)] {
    let l = usize::from(shell.l);
    let row = match shell.n {
        6 => ROW_6S + l,
        n => FIRST_ROW[l] + usize::from(n) - l - 1,
    };
    match shell.primitives {
        1 => &STO_1G[row],
        2 => &STO_2G[row],
        3 => &STO_3G[row],
        4 => &STO_4G[row],
        5 => &STO_5G[row],
        _ => &STO_6G[row],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every shell of every element exists in the tables and is normalised as well as the published expansion is.
    #[test]
    fn shells_are_normalised() {
        for shell in crate::tables::gfn2::ELEMENTS.iter().flat_map(|e| e.shells) {
            let primitives: Vec<_> = expansion(shell).collect();
            assert_eq!(primitives.len(), usize::from(shell.primitives));
            let odd = [1.0, 1.0, 3.0][usize::from(shell.l)];
            let mut norm = 0.0;
            for &(a, c) in &primitives {
                for &(b, d) in &primitives {
                    let p = a + b;
                    norm += c * d * (PI / p).powf(1.5) * odd / (2.0 * p).powi(i32::from(shell.l));
                }
            }
            assert!((norm - 1.0).abs() < 5e-7, "{shell:?}: {norm}");
        }
    }
}
