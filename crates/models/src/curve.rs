//! Learning curves: how the error falls with the labels.

use learn::{Outlook, Plan, PlanRung, PlanSettings};
use serde::{Deserialize, Serialize};

/// One fit of a learning curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Labels learnt from.
    pub labels: usize,
    /// Mean absolute error on labels not learnt from.
    pub mae: f64,
    /// Processor time of the fit and the predictions, in core-seconds.
    pub core_seconds: f64,
    /// The same fit as probabilities of a class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassPoint>,
}

/// What a point of a learning curve says of classes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassPoint {
    /// See [`learn::ClassReport::log_loss`].
    pub log_loss: f64,
    /// See [`learn::ClassReport::area`].
    pub area: Option<f64>,
}

/// A learning curve and what it foretells.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Curve {
    /// By number of labels.
    pub points: Vec<CurvePoint>,
    /// The error asked for.
    pub target: Option<f64>,
    /// Whether it was reached.
    pub reached: Option<bool>,
    /// Labels that the target takes in all: found, if it was reached, or else
    /// foretold; absent if it is out of reach.
    pub labels_needed: Option<f64>,
    /// The interval that holds the foretold number in nine of ten cases; its end
    /// is absent where the target may be out of reach.
    pub interval: Option<(f64, Option<f64>)>,
    /// The probability that the target can be reached at all.
    pub reachable: Option<f64>,
    /// How many labels to buy next, before looking again.
    pub next: Option<usize>,
}

impl Curve {
    /// Fills in what the points say about a target, by [`learn::Plan`] of one rung.
    pub(crate) fn aim(&mut self, target: Option<f64>) {
        self.target = target;
        let (Some(target), Some(last)) = (target, self.points.last()) else { return };
        self.reached = Some(last.mae <= target);
        if let Some(point) = self.points.iter().find(|p| p.mae <= target) {
            self.labels_needed = Some(point.labels as f64);
            return;
        }
        let curve =
            self.points.iter().map(|p| learn::CurvePoint { labels: p.labels, error: p.mae }).collect();
        let here = last.labels;
        let rung = PlanRung { cost: 1.0, labels: here, available: None, curve };
        // Too few points, or an error of zero, foretell nothing.
        let Ok(plan) = Plan::new(&[rung], &PlanSettings::new(target)) else { return };
        let all = |more: f64| here as f64 + more;
        self.reachable = Some(plan.reachable);
        if plan.outlook != Outlook::NotReachable {
            let (low, high) = plan.cost_interval;
            self.labels_needed = Some(all(plan.cost));
            self.interval = Some((all(low), high.is_finite().then(|| all(high))));
            self.next = plan.next.map(|next| next.labels);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_points_foretell_the_labels_needed() {
        let point = |labels: usize| CurvePoint {
            labels,
            mae: 40.0 / (labels as f64).sqrt(),
            core_seconds: 0.0,
            class: None,
        };
        let mut curve = Curve { points: [100, 200, 400].map(point).to_vec(), ..Curve::default() };
        curve.aim(Some(1.0));
        assert_eq!(curve.reached, Some(false));
        let needed = curve.labels_needed.unwrap();
        assert!((1300.0..2500.0).contains(&needed), "{curve:?}");
        let (low, high) = curve.interval.unwrap();
        assert!(low < needed && high.is_none_or(|high| high > needed), "{curve:?}");
        assert!(curve.next.is_some());
        curve.aim(Some(3.0));
        assert_eq!(curve.labels_needed, Some(200.0));
        let mut flat = Curve {
            points: [100, 200]
                .map(|labels| CurvePoint { labels, mae: 1.0, core_seconds: 0.0, class: None })
                .to_vec(),
            ..Curve::default()
        };
        flat.aim(Some(0.1));
        assert!(flat.reachable.unwrap() < 0.5, "{flat:?}");
    }
}
