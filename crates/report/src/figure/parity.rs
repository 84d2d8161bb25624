//! Computed against predicted values.

use super::{Figure, in_unit, property_axis};
use crate::chart::{Colour, Frame, Key, Swatch, dots, error_bars, segment};
use crate::data::{Estimate, Report};
use crate::text::{count, significant};

/// Pairs of prediction and result of a report.
pub(super) fn pairs(report: &Report) -> Vec<(Estimate, f64)> {
    report.evaluations.iter().filter_map(|e| Some((e.predicted?, e.value))).collect()
}

/// Error bars are drawn for this many pairs, evenly picked; more would hide each other.
const MOST_BARS: usize = 400;

/// Below this R² the caption says why it need not mean that the model is bad.
const MODEST_R2: f64 = 0.7;

/// Predictions made before computing against results, with error bars and diagonal.
pub(super) fn parity(report: &Report) -> Option<Figure> {
    let pairs = pairs(report);
    if pairs.is_empty() {
        return None;
    }
    let every = pairs.len().div_ceil(MOST_BARS);
    // The range is that of means and results: one prediction without knowledge would squeeze all others.
    let range = || pairs.iter().flat_map(|(p, value)| [p.mean, *value]);
    let x = property_axis(report, "computed ", range());
    let y = property_axis(report, "predicted ", range());
    let ends = (x.low, x.high);
    let keys = vec![
        Key::new(Swatch::Dot, Colour::Main, "prediction before computing, ± 1 sd"),
        Key::new(Swatch::Line, Colour::Quiet, "perfect"),
    ];
    let frame = Frame::new(x, y, keys).square();
    let places: Vec<_> = pairs.iter().map(|(p, value)| frame.at(*value, p.mean)).collect();
    let bars: Vec<_> = pairs
        .iter()
        .step_by(every)
        .map(|(p, value)| (frame.x(*value), frame.y(p.mean - p.sd), frame.y(p.mean + p.sd)))
        .collect();
    let marks = [
        segment(frame.at(ends.0, ends.0), frame.at(ends.1, ends.1), Colour::Quiet),
        error_bars(&bars, Colour::Main),
        dots(&places, Colour::Main, 3.0),
    ];
    let mut caption = format!(
        "Each dot is one {} that the model had predicted before it was computed ({} in all): on the diagonal \
         the prediction was right.",
        report.question.candidate,
        count(pairs.len() as u64),
    );
    if let Some(c) = report.calibration {
        caption.push_str(&format!(
            " Typical error (RMSE) {}, mean absolute error {}",
            in_unit(report, &significant(c.rmse, 2)),
            in_unit(report, &significant(c.mae, 2)),
        ));
        if let Some(r2) = c.r2 {
            caption.push_str(&format!(", R² {}", significant(r2, 2)));
        }
        caption.push('.');
        if c.r2.is_some_and(|r2| r2 < MODEST_R2) {
            caption.push_str(
                " R² suffers because only promising candidates, which differ little, are computed.",
            );
        }
    }
    Some(Figure {
        heading: "Were the predictions right?",
        drawing: frame.draw("Predicted against computed values", marks),
        caption,
    })
}
