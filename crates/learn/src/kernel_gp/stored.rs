//! What a Gaussian process with any kernel learnt, for a file.

use super::search::Found;
use super::settings::KernelGpSettings;
use super::state::{Property, State};
use super::{KernelGp, KernelReport};
use crate::gp::factor::Factor;
use crate::gp::stored::{agrees, beta, factor, labels, prior, sampled, weights};
use crate::report::{FitReport, ScaleSource};
use crate::stored::{all_positive, bad, positive};
use crate::surrogate::check_labels;
use crate::{Kernel, LearnError, Storable, Stored, Table};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const KIND: &str = "kernel_gp";
const VERSION: u64 = 1;

/// What is small of one property.
#[derive(Serialize, Deserialize)]
struct Small {
    offset: f64,
    mean: f64,
    signal: f64,
    source: ScaleSource,
}

impl<K: Kernel> Storable for KernelGp<K> {
    /// Models of several properties too.
    ///
    /// # Errors
    /// [`LearnError::NotFitted`].
    fn store(&self) -> Result<Stored, LearnError> {
        let state = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        let mut stored = Stored::new(KIND, VERSION);
        stored.set("kernel", self.kernel.describe())?;
        stored.set("labels", state.x.len())?;
        stored.set("settings", self.settings)?;
        stored.set("found", state.found)?;
        let small = |p: &Property| Small {
            offset: p.offset,
            mean: p.weights.mean,
            signal: p.signal,
            source: p.source,
        };
        stored.set("properties", state.properties.iter().map(small).collect::<Vec<_>>())?;
        let joined =
            |list: fn(&Property) -> &[f64]| state.properties.iter().flat_map(list).copied().collect();
        stored.insert("labels", joined(|p| &p.labels));
        stored.insert("alpha", joined(|p| &p.weights.alpha));
        let beta = state.properties.first().map(|p| p.weights.beta.clone());
        stored.insert("beta", beta.unwrap_or_default());
        stored.insert("inverse_diagonal", state.inverse_diagonal.clone());
        stored.insert("roots", state.roots.clone());
        stored.insert("nearest", state.nearest.clone());
        if state.x.len() <= self.settings.stored_factor {
            stored.insert("factor", state.factor.packed());
        }
        Ok(stored)
    }

    fn restore(&mut self, x: &K::Input, stored: &Stored) -> Result<(), LearnError> {
        stored.expect(KIND, VERSION)?;
        let (found, expected) = (stored.get::<Value>("kernel")?, self.kernel.describe());
        if found != expected {
            return Err(bad("kernel", format!("is {found}, expected {expected}")));
        }
        let n = labels(stored, x.len())?;
        let settings: KernelGpSettings = stored.get("settings")?;
        settings.check()?;
        let found: Found = stored.get("found")?;
        positive("found.length", found.length)?;
        positive("found.ratio", found.ratio)?;
        positive("found.size", found.size)?;
        let mean = prior(settings.mean);
        let beta = beta(stored, mean, n)?;
        let small: Vec<Small> = stored.get("properties")?;
        if small.is_empty() {
            return Err(bad("properties", "is empty, expected one or more".into()));
        }
        let all = stored.floats("labels", small.len() * n)?;
        let alphas = stored.floats("alpha", small.len() * n)?;
        let mut properties = Vec::with_capacity(small.len());
        for ((small, labels), alpha) in small.into_iter().zip(all.chunks_exact(n)).zip(alphas.chunks_exact(n))
        {
            check_labels(n, labels)?;
            positive("properties.signal", small.signal)?;
            properties.push(Property {
                labels: labels.to_vec(),
                offset: small.offset,
                signal: small.signal,
                source: small.source,
                weights: weights(small.mean, alpha, beta)?,
                report: FitReport::empty(),
            });
        }
        let inverse_diagonal = stored.floats("inverse_diagonal", n)?.to_vec();
        all_positive("inverse_diagonal", &inverse_diagonal)?;
        let roots = stored.floats("roots", n)?.to_vec();
        if roots.iter().any(|&root| root < 0.0) {
            return Err(bad("roots", "has a number below zero".into()));
        }
        let nearest = stored.floats("nearest", n)?.to_vec();
        let prepared = self.kernel.prepare(x);
        let mut column = vec![0.0; n];
        for row in sampled(n) {
            self.kernel.cross(&prepared, x, row..row + 1, found.length, &mut column);
            for property in &properties {
                let Property { labels, offset, weights, .. } = property;
                let centred: Vec<f64> = labels.iter().map(|y| y - offset).collect();
                agrees(row, &column, found.ratio, weights, &centred)?;
            }
        }
        let diagonal = self.kernel.diagonal(x, 0..n, found.length);
        let factor = match factor(stored, n, &diagonal, found.ratio)? {
            Some(factor) => factor,
            None => {
                let mut matrix = self.kernel.matrix(&prepared, found.length);
                (0..n).for_each(|i| matrix[(i, i)] += found.ratio);
                Factor::new(matrix).map_err(|e| LearnError::StrangeFeatures { row: e.row })?
            }
        };
        let details = KernelReport::default();
        let x = x.clone();
        let mut state =
            State { x, prepared, found, factor, inverse_diagonal, roots, nearest, mean, properties, details };
        state.judge(&self.kernel, &settings);
        self.settings = settings;
        self.state = Some(state);
        Ok(())
    }
}
