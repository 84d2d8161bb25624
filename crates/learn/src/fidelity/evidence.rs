//! The marginal likelihood of all labels of all rungs, with its gradient.
//!
//! With `W = (alpha alpha^T - Q) / 2` ([`weights`](super::weights)),
//! `dL = sum_ik W_ik dC_ik` (Rasmussen and Williams 2006, eq. 5.9; with the means
//! integrated out eq. 2.45), where
//!
//! ```text
//! C_ik = sum_j c_ij c_kj [a_j k_j(x_i, x_k) + g_j (x_i = x_k) + e_j n_i n_k] + s_i (i = k)
//! ```
//!
//! `c_ij` is the share of component `j` in the rung of label `i`.

use super::climb::Point;
use super::design::{Counts, Design, covariance, mirror, products};
use super::ladder::{Ladder, Layout};
use super::rungs::Rungs;
use super::settings::RungMean;
use super::weights::Weights;
use crate::gp::factor::Factor;
use crate::{Kernel, Table};
use faer::Mat;

/// A log-normal (or, for factors from rung to rung, normal) prior.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prior {
    pub(super) middle: f64,
    pub(super) sd: f64,
}

/// What the likelihood is a function of, besides the hyper-parameters.
pub(super) struct Evidence<'a, K: Kernel> {
    kernel: &'a K,
    pub(super) design: Design,
    metrics: Vec<K::Metric>,
    products: Vec<Mat<f64>>,
    /// Labels, centred and of size about 1.
    labels: Vec<f64>,
    mean: RungMean,
    pub(super) layout: Layout,
    /// One for each hyper-parameter; none for the likelihood alone.
    pub(super) priors: Vec<Prior>,
}

impl<'a, K: Kernel> Evidence<'a, K> {
    pub(super) fn new(
        kernel: &'a K,
        x: &Rungs<K::Input>,
        labels: Vec<f64>,
        mean: RungMean,
        layout: Layout,
    ) -> Self {
        let design = Design::new(&kernel.hashes(&x.features), &x.rung, layout.rungs);
        let counts = Counts::new(x);
        let metrics =
            design.parts.iter().map(|p| kernel.metric(&kernel.prepare(&x.features.select(&p.rows))));
        let metrics = metrics.collect();
        let products = design.parts.iter().map(|p| products(&counts.rows(x, &p.rows), mean)).collect();
        Self { kernel, design, metrics, products, labels, mean, layout, priors: Vec::new() }
    }

    /// The typical distance of the structures of each component.
    pub(super) fn typical_lengths(&self) -> Vec<f64> {
        self.metrics.iter().map(|metric| self.kernel.typical_length(metric)).collect()
    }

    /// The mean of `k(x, x)` of the structures of each component.
    pub(super) fn sizes(&self, lengths: &[f64]) -> Vec<f64> {
        let each = self.metrics.iter().zip(lengths).map(|(metric, &length)| {
            let gram = self.kernel.gram(metric, length);
            let n = gram.nrows();
            let size = (0..n).map(|i| gram[(i, i)]).sum::<f64>() / n.max(1) as f64;
            if size > 0.0 { size } else { 1.0 }
        });
        each.collect()
    }

    /// The mean of `sum_Z n_Z^2` of the structures of each component.
    pub(super) fn element_sizes(&self) -> Vec<f64> {
        let each = self.products.iter().map(|p| {
            let n = p.nrows();
            let size = (0..n).map(|i| p[(i, i)]).sum::<f64>() / n.max(1) as f64;
            if size > 0.0 { size } else { 1.0 }
        });
        each.collect()
    }

    /// The logarithm of the posterior density, but for a constant; `None`
    /// where the covariance is singular. Without `slopes`, the gradient is
    /// empty.
    pub(super) fn at(&self, at: &[f64], slopes: bool) -> Option<Point> {
        let ladder = self.layout.ladder(at);
        let grams: Vec<Mat<f64>> = self
            .metrics
            .iter()
            .zip(&ladder.rungs)
            .map(|(metric, set)| {
                let mut gram = self.kernel.gram(metric, set.length_scale);
                mirror(&mut gram);
                gram
            })
            .collect();
        let factor = Factor::new(covariance(&self.design, &ladder, &grams, &self.products)).ok()?;
        let means = if self.mean == RungMean::Constant { self.layout.rungs } else { 0 };
        let weights = Weights::new(&factor, &self.labels, &self.design.rung, means)?;
        let mut value = weights.likelihood(&factor, &self.labels);
        let mut gradient =
            if slopes { self.gradient(&ladder, &grams, &factor, &weights) } else { Vec::new() };
        for (k, prior) in self.priors.iter().enumerate() {
            let z = (at[k] - prior.middle) / prior.sd;
            value -= 0.5 * z * z;
            if let Some(slope) = gradient.get_mut(k) {
                *slope -= z / prior.sd;
            }
        }
        value.is_finite().then(|| Point { at: at.to_vec(), value, gradient })
    }

    fn gradient(&self, ladder: &Ladder, grams: &[Mat<f64>], factor: &Factor, weights: &Weights) -> Vec<f64> {
        let (n, rungs, rung) = (self.labels.len(), self.layout.rungs, &self.design.rung);
        let mut w = factor.inverse();
        for k in 0..n {
            for (i, w) in w.col_mut(k).iter_mut().enumerate() {
                let taken: f64 = weights.roots.iter().map(|root| root[i] * root[k]).sum();
                *w = 0.5 * (weights.alpha[i] * weights.alpha[k] - *w + taken);
            }
        }
        let mut gradient = vec![0.0; self.layout.len()];
        for i in 0..n {
            let place = self.layout.basic(rung[i]).end - 1;
            gradient[place] += ladder.rungs[rung[i]].noise_variance * w[(i, i)];
        }
        for (j, part) in self.design.parts.iter().enumerate() {
            let set = ladder.rungs[j];
            let shares: Vec<f64> = (0..rungs).map(|m| ladder.share(m, j)).collect();
            let size = part.rows.len();
            let mut contracted = Mat::<f64>::zeros(size, size);
            // Sums of W and the kernel, the same structure, and the elements, for
            // each pair of rungs.
            let mut sums = vec![[0.0; 3]; rungs * rungs];
            for (from, &(k, at)) in part.labels.iter().enumerate() {
                let (column, gram) = (w.col(k), grams[j].col(at));
                let elements = (self.products[j].ncols() > 0).then(|| self.products[j].col(at));
                for &(i, position) in &part.labels[from..] {
                    let weight = if i == k { column[i] } else { 2.0 * column[i] };
                    let sums = &mut sums[rung[i] * rungs + rung[k]];
                    sums[0] += weight * gram[position];
                    let spread = weight * shares[rung[i]] * shares[rung[k]];
                    if position == at {
                        sums[1] += weight;
                        contracted[(at, at)] += spread;
                    } else {
                        contracted[(position.max(at), position.min(at))] += 0.5 * spread;
                    }
                    if let Some(elements) = elements {
                        sums[2] += weight * elements[position];
                    }
                }
            }
            let total = |which: usize| -> f64 {
                let pairs =
                    (0..rungs * rungs).map(|p| shares[p / rungs] * shares[p % rungs] * sums[p][which]);
                pairs.sum()
            };
            let place = self.layout.basic(j).start;
            gradient[place] +=
                set.signal_variance * self.kernel.contract(&self.metrics[j], set.length_scale, &contracted);
            gradient[place + 1] += set.signal_variance * total(0);
            if let Some(place) = self.layout.nugget(j) {
                gradient[place] += set.nugget_variance * total(1);
            }
            if let Some(place) = self.layout.element(j) {
                gradient[place] += set.element_variance * total(2);
            }
            for r in 0..rungs - 1 {
                let slopes: Vec<f64> = (0..rungs).map(|m| ladder.share_slope(m, j, r)).collect();
                let by_rho = (0..rungs * rungs).map(|p| {
                    let (a, b) = (p / rungs, p % rungs);
                    let [kernel, same, elements] = sums[p];
                    let value = set.signal_variance * kernel
                        + set.nugget_variance * same
                        + set.element_variance * elements;
                    (slopes[a] * shares[b] + shares[a] * slopes[b]) * value
                });
                gradient[self.layout.rho(r)] += by_rho.sum::<f64>();
            }
        }
        gradient
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{random_atoms, random_rows, smooth_labels};
    use crate::{DenseKernel, LocalKernel, LocalRows, Shape};

    fn check<K: Kernel>(kernel: &K, x: &Rungs<K::Input>, labels: &[f64], mean: RungMean, rungs: usize) {
        let layout = Layout::new(rungs, mean);
        let mut evidence = Evidence::new(kernel, x, labels.to_vec(), mean, layout);
        evidence.priors = (0..layout.len()).map(|k| Prior { middle: 0.1 * k as f64, sd: 2.0 }).collect();
        for seed in 0..3 {
            let at: Vec<f64> =
                (0..layout.len()).map(|k| 0.2 + 0.9 * ((k * 7 + seed * 13) as f64).sin()).collect();
            let point = evidence.at(&at, true).unwrap();
            for k in 0..layout.len() {
                let h = 1e-4;
                let value = |sign: f64| {
                    let mut moved = at.clone();
                    moved[k] += sign * h;
                    evidence.at(&moved, false).unwrap().value
                };
                let expected = (value(1.0) - value(-1.0)) / (2.0 * h);
                let error = (point.gradient[k] - expected).abs();
                assert!(
                    error < 2e-6 * (1.0 + expected.abs()),
                    "{mean:?} {k}: {} {expected}",
                    point.gradient[k]
                );
            }
        }
    }

    /// Three rungs that share some structures and not others.
    pub(super) fn rung_of(i: usize) -> usize {
        [0, 0, 1, 0, 2, 1, 0][i % 7]
    }

    #[test]
    fn gradients_equal_finite_differences() {
        let x = random_rows(30, 3, 1);
        let repeated: Vec<usize> = (0..30).chain(0..14).chain(0..7).collect();
        let rungs: Vec<usize> = (0..30).map(rung_of).chain(vec![1; 14]).chain(vec![2; 7]).collect();
        let rows = x.select(&repeated);
        let labels = smooth_labels(&rows, 0.3, 2);
        let table = Rungs::new(rows, rungs.clone()).unwrap();
        for shape in [Shape::Gaussian, Shape::Laplacian, Shape::Matern52] {
            check(&DenseKernel { shape }, &table, &labels, RungMean::Constant, 3);
        }
        check(&DenseKernel { shape: Shape::Gaussian }, &table, &labels, RungMean::Zero, 3);
        let single = Rungs::at(x, 0).unwrap();
        check(&DenseKernel { shape: Shape::Gaussian }, &single, &labels[..30], RungMean::Constant, 1);

        let atoms: LocalRows = random_atoms(30, 4, 3).select(&repeated);
        let elements: Vec<Vec<u8>> = (0..atoms.len()).map(|i| atoms.elements(i).to_vec()).collect();
        let table =
            Rungs::new(atoms, rungs).unwrap().with_elements(elements.iter().map(Vec::as_slice)).unwrap();
        check(&LocalKernel { shape: Shape::Gaussian }, &table, &labels, RungMean::Elements, 3);
    }
}
