//! What a Gaussian process with inducing points learnt, for a file. Sums are
//! stored, of m^2/2 numbers; factors are computed again.

use super::SparseGp;
use super::fit::{Judged, State, inducing_points, singular};
use super::settings::{Approximation, SparseReport, SparseSettings};
use super::sums::Sums;
use crate::gp::factor::packed_len;
use crate::gp::stored::{labels, prior, sampled};
use crate::kernel_gp::search::Found;
use crate::report::{FitReport, ScaleSource};
use crate::stored::{bad, positive};
use crate::surrogate::check_labels;
use crate::{Array, Kernel, LearnError, Storable, Stored, Table};
use faer::Mat;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const KIND: &str = "sparse_gp";
const VERSION: u64 = 1;

/// What is small.
#[derive(Serialize, Deserialize)]
struct Small {
    offset: f64,
    signal: f64,
    source: ScaleSource,
    yy: f64,
    y1: f64,
    ones: f64,
    log: f64,
    size: f64,
    left: f64,
    worst: f64,
}

impl<K: Kernel> Storable for SparseGp<K> {
    fn store(&self) -> Result<Stored, LearnError> {
        let state = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        let sums = &state.sums;
        let mut stored = Stored::new(KIND, VERSION);
        stored.set("kernel", self.kernel.describe())?;
        stored.set("labels", sums.labels)?;
        stored.set("settings", self.settings)?;
        stored.set("found", state.found)?;
        stored.set("details", &state.details)?;
        stored.set(
            "sums",
            Small {
                offset: state.offset,
                signal: state.signal,
                source: state.source,
                yy: sums.yy,
                y1: sums.y1,
                ones: sums.ones,
                log: sums.log,
                size: sums.size,
                left: sums.left,
                worst: sums.worst,
            },
        )?;
        let indices = |list: &[usize]| Array::U64(list.iter().map(|&i| i as u64).collect());
        stored.arrays.insert("chosen".into(), indices(&state.chosen));
        stored.arrays.insert("judged".into(), indices(&state.judged.rows));
        stored.insert("judged_labels", state.judged.labels.clone());
        let few: Vec<usize> = sampled(state.judged.rows.len()).collect();
        stored.insert(
            "judged_means",
            state.raw(&self.kernel, &state.judged.x.select(&few)).iter().map(|r| r.mean).collect(),
        );
        let m = sums.vy.len();
        let lower = |j: usize| sums.w.col(j).subrows(j, m - j).iter().copied();
        stored.insert("w", (0..m).flat_map(lower).collect());
        stored.insert("vy", sums.vy.clone());
        stored.insert("v1", sums.v1.clone());
        Ok(stored)
    }

    fn restore(&mut self, x: &K::Input, stored: &Stored) -> Result<(), LearnError> {
        stored.expect(KIND, VERSION)?;
        let (found, expected) = (stored.get::<Value>("kernel")?, self.kernel.describe());
        if found != expected {
            return Err(bad("kernel", format!("is {found}, expected {expected}")));
        }
        let n = labels(stored, x.len())?;
        let settings: SparseSettings = stored.get("settings")?;
        settings.check()?;
        let found: Found = stored.get("found")?;
        positive("found.length", found.length)?;
        positive("found.ratio", found.ratio)?;
        positive("found.size", found.size)?;
        let details: SparseReport = stored.get("details")?;
        let small: Small = stored.get("sums")?;
        positive("sums.signal", small.signal)?;
        let chosen = stored.indices("chosen", n)?;
        let m = chosen.len();
        if m == 0 {
            return Err(bad("chosen", "is empty, expected one or more rows".into()));
        }
        let packed = stored.floats("w", packed_len(m))?;
        let mut w = Mat::zeros(m, m);
        let mut values = packed.iter();
        for j in 0..m {
            w.col_mut(j).subrows_mut(j, m - j).iter_mut().zip(&mut values).for_each(|(to, from)| *to = *from);
        }
        let sums = Sums {
            w,
            vy: stored.floats("vy", m)?.to_vec(),
            v1: stored.floats("v1", m)?.to_vec(),
            yy: small.yy,
            y1: small.y1,
            ones: small.ones,
            log: small.log,
            size: small.size,
            left: small.left,
            worst: small.worst,
            labels: n,
        };
        let rows = stored.indices("judged", n)?;
        let judged_labels = stored.floats("judged_labels", rows.len())?.to_vec();
        check_labels(rows.len(), &judged_labels)?;
        let judged = Judged { x: x.select(&rows), labels: judged_labels, rows };
        let few: Vec<usize> = sampled(judged.rows.len()).collect();
        let means = stored.floats("judged_means", few.len())?;
        let (prepared, roots, factor) = inducing_points(&self.kernel, &x.select(&chosen), found)
            .map_err(|_| LearnError::StrangeFeatures { row: chosen[0] })?;
        let mean = prior(settings.gp.mean);
        let fitc = settings.approximation == Approximation::Fitc;
        let solved = sums.solve(&factor, mean, found.ratio, fitc).ok_or_else(|| singular(n, found))?;
        let mut state = State {
            chosen,
            prepared,
            roots,
            factor,
            found,
            mean,
            offset: small.offset,
            sums,
            solved,
            signal: small.signal,
            source: small.source,
            judged,
            scores: Vec::new(),
            report: FitReport::empty(),
            details,
        };
        let seen = state.raw(&self.kernel, &state.judged.x.select(&few));
        let largest = state.judged.labels.iter().fold(0.0_f64, |most, y| most.max((y - small.offset).abs()));
        for ((&at, raw), mean) in few.iter().zip(&seen).zip(means) {
            let off = (raw.mean - mean).abs();
            if off.is_nan() || off > 1e-6 * largest {
                return Err(LearnError::StrangeFeatures { row: state.judged.rows[at] });
            }
        }
        state.judge(&self.kernel, &settings);
        self.settings = settings;
        self.state = Some(state);
        Ok(())
    }
}
