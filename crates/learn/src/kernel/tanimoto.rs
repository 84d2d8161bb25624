use super::{BLOCK, Kernel, positive_median, write_columns};
use crate::LearnError;
use crate::index::TanimotoIndex;
use faer::Mat;
use features::{CountMatrix, Counts};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::ops::Range;

/// Entries of a [`Metric`]: 256 MiB.
const MOST_ENTRIES: usize = 1 << 25;

/// Similarity of counts, e.g. of Morgan fingerprints, from their Tanimoto
/// similarity `T` ([`features::Counts::tanimoto`]).
///
/// `T` to a power that is not whole need not be positive definite; the
/// exponential is for every length scale, as a series in `T` with coefficients
/// above zero. For long length scales it tends to `T` itself with a constant,
/// and that is where the likelihood takes it on measured data: to 40 and more
/// for wavelengths of photoswitches and solubilities (ESOL), with Morgan counts
/// and with pairs of atoms, at the same errors. The plain form is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TanimotoKernel {
    /// How the kernel follows from `T`.
    pub form: TanimotoForm,
}

/// How a [`TanimotoKernel`] follows from the similarity `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TanimotoForm {
    /// `T`; the length scale has no effect and is not searched.
    #[default]
    Plain,
    /// `exp(-(1 - T) / l)`: the Laplacian of the Jaccard distance `1 - T`.
    Exponential,
}

/// Rows and their inverted index.
#[derive(Debug, Clone)]
pub struct Prepared {
    rows: CountMatrix,
    index: TanimotoIndex,
}

/// Similarities: for each block of columns the rows from its first column on.
#[derive(Debug)]
pub struct Metric {
    blocks: Vec<Vec<f64>>,
    rows: usize,
}

impl Prepared {
    /// Similarities of rows from column `first` on with the columns of the
    /// block that starts there.
    fn block(&self, first: usize) -> Vec<f64> {
        let n = self.rows.len();
        let (last, height) = ((first + BLOCK).min(n), n - first);
        let (mut shared, mut column) = (vec![0; n], vec![0.0; n]);
        let mut out = Vec::with_capacity(height * (last - first));
        for j in first..last {
            self.index.similarities(self.rows.row(j), &mut shared, &mut column);
            out.extend_from_slice(&column[first..]);
        }
        out
    }

    fn blocks(&self) -> usize {
        self.rows.len().div_ceil(BLOCK)
    }
}

impl TanimotoKernel {
    fn values(self, length: f64, similarities: &mut [f64]) {
        if self.form == TanimotoForm::Exponential {
            similarities.iter_mut().for_each(|t| *t = ((*t - 1.0) / length).exp());
        }
    }

    /// Derivatives by the logarithm of the length scale.
    fn slope(self, length: f64, similarity: f64) -> f64 {
        match self.form {
            TanimotoForm::Plain => 0.0,
            TanimotoForm::Exponential => {
                let ratio = (1.0 - similarity) / length;
                ratio * (-ratio).exp()
            }
        }
    }
}

impl Kernel for TanimotoKernel {
    type Input = CountMatrix;
    type Prepared = Prepared;
    type Metric = Metric;

    fn describe(&self) -> Value {
        json!({"kernel": "tanimoto", "form": self.form})
    }

    fn has_length(&self) -> bool {
        self.form != TanimotoForm::Plain
    }

    fn prepare(&self, x: &CountMatrix) -> Prepared {
        Prepared { rows: x.clone(), index: TanimotoIndex::new(x) }
    }

    /// Counts of any structures can be compared.
    fn check(&self, _: &Prepared, _: &CountMatrix) -> Result<(), LearnError> {
        Ok(())
    }

    fn metric(&self, prepared: &Prepared) -> Metric {
        let blocks = (0..prepared.blocks()).into_par_iter().map(|number| prepared.block(number * BLOCK));
        Metric { blocks: blocks.collect(), rows: prepared.rows.len() }
    }

    fn affordable(&self, _: &CountMatrix, rows: usize) -> usize {
        rows.min(((2 * MOST_ENTRIES) as f64).sqrt() as usize)
    }

    fn typical_length(&self, metric: &Metric) -> f64 {
        positive_median(metric.blocks.iter().flatten().map(|t| 1.0 - t)).unwrap_or(1.0)
    }

    fn gram(&self, metric: &Metric, length: f64) -> Mat<f64> {
        let mut matrix = Mat::zeros(metric.rows, metric.rows);
        matrix.as_mut().par_col_chunks_mut(BLOCK).enumerate().for_each(|(number, columns)| {
            let mut values = metric.blocks[number].clone();
            self.values(length, &mut values);
            write_columns(columns, number * BLOCK, &values);
        });
        matrix
    }

    fn contract(&self, metric: &Metric, length: f64, weights: &Mat<f64>) -> f64 {
        if self.form == TanimotoForm::Plain {
            return 0.0;
        }
        let sums: Vec<f64> = (0..metric.blocks.len())
            .into_par_iter()
            .map(|number| {
                let first = number * BLOCK;
                let columns = metric.blocks[number].chunks_exact(metric.rows - first).enumerate();
                columns
                    .map(|(j, column)| {
                        let weights = weights.col(first + j).subrows(first, column.len());
                        let terms = weights.iter().zip(column).skip(j + 1);
                        terms.map(|(w, &t)| 2.0 * w * self.slope(length, t)).sum::<f64>()
                    })
                    .sum()
            })
            .collect();
        sums.iter().sum()
    }

    fn matrix(&self, prepared: &Prepared, length: f64) -> Mat<f64> {
        let n = prepared.rows.len();
        let mut matrix = Mat::zeros(n, n);
        matrix.as_mut().par_col_chunks_mut(BLOCK).enumerate().for_each(|(number, columns)| {
            let mut values = prepared.block(number * BLOCK);
            self.values(length, &mut values);
            write_columns(columns, number * BLOCK, &values);
        });
        matrix
    }

    fn cross(&self, prepared: &Prepared, z: &CountMatrix, range: Range<usize>, length: f64, out: &mut [f64]) {
        let n = prepared.rows.len();
        let mut shared = vec![0; n];
        for (row, column) in range.zip(out.chunks_exact_mut(n.max(1))) {
            prepared.index.similarities(z.row(row), &mut shared, column);
        }
        self.values(length, out);
    }

    fn diagonal(&self, _: &CountMatrix, range: Range<usize>, _: f64) -> Vec<f64> {
        vec![1.0; range.len()]
    }

    fn hashes(&self, x: &CountMatrix) -> Vec<u64> {
        let mix = |hash: u64, value: u64| {
            let mixed = (hash ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^ (mixed >> 29)
        };
        let row = |row: Counts<'_>| {
            row.iter().fold(0xcbf2_9ce4_8422_2325, |hash, (id, count)| {
                mix(hash, u64::from(id) << 32 | u64::from(count))
            })
        };
        x.rows().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{additive_labels, random_counts};
    use crate::{
        GpSettings, HyperParameters, KernelGp, KernelGpSettings, KernelHyper, Surrogate, TanimotoGp,
    };

    const FORMS: [TanimotoForm; 2] = [TanimotoForm::Plain, TanimotoForm::Exponential];

    #[test]
    fn all_ways_to_the_matrix_agree() {
        let (x, length) = (random_counts(300, 1), 0.7);
        for form in FORMS {
            let kernel = TanimotoKernel { form };
            let prepared = kernel.prepare(&x);
            let metric = kernel.metric(&prepared);
            let (one, two) = (kernel.gram(&metric, length), kernel.matrix(&prepared, length));
            let mut cross = vec![0.0; 300 * 20];
            kernel.cross(&prepared, &x, 280..300, length, &mut cross);
            for j in 0..300 {
                for i in j..300 {
                    let t = x.row(i).tanimoto(x.row(j));
                    let expected = if form == TanimotoForm::Plain { t } else { (-(1.0 - t) / length).exp() };
                    assert!((one[(i, j)] - expected).abs() < 1e-14);
                    assert_eq!(one[(i, j)], two[(i, j)]);
                    assert!(j < 280 || cross[(j - 280) * 300 + i] == two[(i, j)]);
                }
            }
        }
        let mut twice = x.clone();
        twice.append(&x);
        let hashes = TanimotoKernel { form: TanimotoForm::Plain }.hashes(&twice);
        assert_eq!(hashes[..300], hashes[300..]);
        assert_eq!(hashes[..300].iter().collect::<std::collections::HashSet<_>>().len(), 300);
    }

    #[test]
    fn the_contraction_equals_finite_differences() {
        let x = random_counts(150, 2);
        let weights = Mat::from_fn(150, 150, |i, j| ((i * j) as f64).sin() + ((i + j) as f64).cos());
        let kernel = TanimotoKernel { form: TanimotoForm::Exponential };
        let metric = kernel.metric(&kernel.prepare(&x));
        let sum = |length: f64| -> f64 {
            let gram = kernel.gram(&metric, length);
            let term = |i: usize, j: usize| gram[(i.max(j), i.min(j))] * weights[(i.max(j), i.min(j))];
            (0..150).flat_map(|j| (0..150).map(move |i| term(i, j))).sum()
        };
        let h = 1e-4_f64;
        let expected = (sum(0.4 * h.exp()) - sum(0.4 * (-h).exp())) / (2.0 * h);
        let found = kernel.contract(&metric, 0.4, &weights);
        assert!((found - expected).abs() < 1e-5 * (1.0 + expected.abs()), "{found} {expected}");
    }

    #[test]
    fn the_plain_form_is_the_process_on_counts() {
        let (x, z) = (random_counts(80, 3), random_counts(20, 4));
        let y = additive_labels(&x, 1.0, 5);
        let kernel = TanimotoKernel { form: TanimotoForm::Plain };
        let mut general = KernelGp::new(kernel, KernelGpSettings::default());
        let report = general.fit(&x, &y).unwrap();
        assert!(report.evaluations < 40, "{report:?}");
        let (signal_variance, noise_variance) = (report.signal_variance, report.noise_variance);
        let hyper_parameters = HyperParameters::Given { signal_variance, noise_variance };
        let mut special = TanimotoGp::new(GpSettings { hyper_parameters, ..Default::default() });
        special.fit(&x, &y).unwrap();
        let (one, two) = (general.predict(&z).unwrap(), special.predict(&z).unwrap());
        for i in 0..20 {
            assert!((one.mean[i] - two.mean[i]).abs() < 1e-8 && (one.sd[i] - two.sd[i]).abs() < 1e-8);
            assert!((one.nearest[i] - two.nearest[i]).abs() < 1e-12);
        }
    }

    #[test]
    fn the_exponential_form_is_at_least_as_likely() {
        let x = random_counts(120, 6);
        let y: Vec<f64> = additive_labels(&x, 0.1, 7).iter().map(|y| y.sin()).collect();
        let [plain, exponential] = FORMS.map(|form| {
            let hyper_parameters =
                KernelHyper::Estimated { criterion: crate::Criterion::MarginalLikelihood, priors: false };
            let settings = KernelGpSettings { hyper_parameters, ..Default::default() };
            KernelGp::new(TanimotoKernel { form }, settings).fit(&x, &y).unwrap().log_marginal_likelihood
        });
        assert!(exponential > plain - 0.1, "{plain} {exponential}");
    }
}
