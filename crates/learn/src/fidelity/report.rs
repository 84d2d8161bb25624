use super::settings::RungHyper;
use crate::FitReport;
use serde::Serialize;

/// What a [`CoKriging`](super::CoKriging) found of one rung.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RungReport {
    /// The rung, 0 the lowest.
    pub rung: usize,
    /// Its hyper-parameters. Signal variance and length scale are those of the
    /// difference to the rung below.
    pub hyper: RungHyper,
    /// How much of the rung below is in this one; `None` for the lowest. Zero:
    /// the rung below, and all further down, do not help.
    pub rho: Option<f64>,
    /// Labels of structures that the rung below has a label of, too.
    pub paired: usize,
    /// Labels, of all rungs, that the hyper-parameters were found from; 0 if
    /// they were given.
    pub searched_labels: usize,
    /// Root mean squared error of the highest rung's labels when all labels of a
    /// structure are left out together: what to expect of new structures.
    pub structures_left_out: Option<f64>,
    /// As for one rung. The likelihood is that of all rungs together; each
    /// label is left out with all others known, its own structure's labels on
    /// other rungs included.
    pub fit: FitReport,
}

/// Predictions of every rung for some structures.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RungPredictions {
    /// The number of rungs, m.
    pub rungs: usize,
    /// Expected labels, m for each structure, in the units of the rungs.
    pub mean: Vec<f64>,
    /// Covariances of the rungs' functions, without label noise: m by m for
    /// each structure, calibrated as [`Predictions::sd`](crate::Predictions::sd).
    pub covariance: Vec<f64>,
    /// Variance of the label noise of each rung, calibrated.
    pub noise: Vec<f64>,
    /// Similarity to the most similar structure with any label, in [0, 1].
    pub nearest: Vec<f64>,
    /// Whether the structure is near enough for the rest to be trusted.
    pub in_domain: Vec<bool>,
}

impl RungPredictions {
    /// The number of structures.
    pub fn len(&self) -> usize {
        self.nearest.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nearest.is_empty()
    }

    /// Covariance of rungs `a` and `b` of one structure, in the product of
    /// their units.
    ///
    /// # Panics
    /// If an index is out of range, as slices do.
    pub fn covariance(&self, structure: usize, a: usize, b: usize) -> f64 {
        self.covariance[(structure * self.rungs + a) * self.rungs + b]
    }

    /// One rung alone.
    ///
    /// # Panics
    /// If there is no such rung, as slices do.
    pub fn rung(&self, rung: usize) -> crate::Predictions {
        let latent: Vec<f64> = (0..self.len()).map(|i| self.covariance(i, rung, rung)).collect();
        crate::Predictions {
            mean: (0..self.len()).map(|i| self.mean[i * self.rungs + rung]).collect(),
            sd: latent.iter().map(|v| (v + self.noise[rung]).sqrt()).collect(),
            sd_latent: latent.iter().map(|v| v.sqrt()).collect(),
            nearest: self.nearest.clone(),
            in_domain: self.in_domain.clone(),
        }
    }
}
