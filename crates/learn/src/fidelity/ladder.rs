//! Hyper-parameters of all rungs, and how each rung is made of the ones below.

use super::settings::{RungHyper, RungMean};
use std::ops::Range;

/// `f_m = sum_(j <= m) c_mj u_j` with `c_mj = prod_(j <= i < m) rho_i`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ladder {
    pub(super) rungs: Vec<RungHyper>,
    pub(super) rho: Vec<f64>,
}

impl Ladder {
    /// How much of component `j` is in rung `m`.
    pub(super) fn share(&self, m: usize, j: usize) -> f64 {
        if j > m { 0.0 } else { self.rho[j..m].iter().product() }
    }

    /// The derivative of [`Ladder::share`] by `rho_r`.
    pub(super) fn share_slope(&self, m: usize, j: usize, r: usize) -> f64 {
        if j > r || r >= m {
            return 0.0;
        }
        self.rho[j..r].iter().product::<f64>() * self.rho[r + 1..m].iter().product::<f64>()
    }

    /// The same in units of each rung's labels, which are `scales` of those
    /// here.
    pub(super) fn scaled(&self, scales: &[f64]) -> Self {
        let rungs = self.rungs.iter().zip(scales).map(|(set, s)| RungHyper {
            length_scale: set.length_scale,
            signal_variance: set.signal_variance * s * s,
            noise_variance: set.noise_variance * s * s,
            nugget_variance: set.nugget_variance * s * s,
            element_variance: set.element_variance * s * s,
        });
        let rho = self.rho.iter().enumerate().map(|(m, rho)| rho * scales[m + 1] / scales[m]);
        Self { rungs: rungs.collect(), rho: rho.collect() }
    }
}

/// Where each hyper-parameter is in the vector that is searched: for each rung
/// the logarithms of length scale, signal and noise variance, then of its
/// nugget (but for the highest) and element variance (with elements), and in
/// the end the factors from rung to rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) rungs: usize,
    pub(super) elements: bool,
}

impl Layout {
    pub(super) fn new(rungs: usize, mean: RungMean) -> Self {
        Self { rungs, elements: mean == RungMean::Elements }
    }

    pub(super) fn len(self) -> usize {
        self.rho(self.rungs - 1)
    }

    /// Length, signal, noise.
    pub(super) fn basic(self, rung: usize) -> Range<usize> {
        let each = 4 + usize::from(self.elements);
        rung * each..rung * each + 3
    }

    pub(super) fn nugget(self, rung: usize) -> Option<usize> {
        (rung + 1 < self.rungs).then(|| self.basic(rung).end)
    }

    pub(super) fn element(self, rung: usize) -> Option<usize> {
        self.elements.then(|| self.basic(rung).end + usize::from(rung + 1 < self.rungs))
    }

    pub(super) fn rho(self, rung: usize) -> usize {
        let last = self.rungs - 1;
        self.basic(last).end + usize::from(self.elements) + rung
    }

    pub(super) fn ladder(self, at: &[f64]) -> Ladder {
        let value = |index: Option<usize>| index.map_or(0.0, |i| at[i].exp());
        let rungs = (0..self.rungs).map(|rung| {
            let basic = self.basic(rung).start;
            RungHyper {
                length_scale: at[basic].exp(),
                signal_variance: at[basic + 1].exp(),
                noise_variance: at[basic + 2].exp(),
                nugget_variance: value(self.nugget(rung)),
                element_variance: value(self.element(rung)),
            }
        });
        Ladder { rungs: rungs.collect(), rho: (0..self.rungs - 1).map(|r| at[self.rho(r)]).collect() }
    }
}
