//! Whether the predicted uncertainty is what it claims.

use super::Figure;
use super::parity::pairs;
use crate::chart::{Axis, Colour, Frame, Key, Swatch, band, segment, steps};
use crate::data::Report;
use crate::text::{count, percent};

/// Fewer pairs than this say nothing about a distribution.
const FEWEST: usize = 10;

/// Share of results inside the central p % interval of their prediction, against p.
pub(super) fn calibration(report: &Report) -> Option<Figure> {
    let pairs = pairs(report);
    let mut levels: Vec<f64> = pairs
        .iter()
        .filter(|(p, _)| p.sd > 0.0)
        .map(|(p, value)| erf((value - p.mean).abs() / (p.sd * std::f64::consts::SQRT_2)))
        .filter(|level| level.is_finite())
        .collect();
    if levels.len() < FEWEST {
        return None;
    }
    levels.sort_by(f64::total_cmp);
    let n = levels.len() as f64;
    let axis = |title: &str| Axis::around(title.into(), [0.0, 100.0]);
    let keys = vec![
        Key::new(Swatch::Line, Colour::Main, "this campaign"),
        Key::new(Swatch::Line, Colour::Quiet, "perfect"),
        Key::new(Swatch::Band, Colour::Quiet, "chance alone, 95 %"),
    ];
    let frame = Frame::new(axis("claimed interval / %"), axis("results inside it / %"), keys).square();
    // Of n results the number inside an interval of probability p is binomial; its normal approximation.
    let chance: Vec<_> = (0..=50)
        .map(|i| {
            let p = f64::from(i) / 50.0;
            let half = 1.96 * (p * (1.0 - p) / n).sqrt();
            (frame.x(100.0 * p), frame.y(100.0 * (p - half)), frame.y(100.0 * (p + half)))
        })
        .collect();
    let mut curve = vec![frame.at(0.0, 0.0)];
    curve.extend(levels.iter().enumerate().map(|(i, l)| frame.at(100.0 * l, 100.0 * (i + 1) as f64 / n)));
    curve.push(frame.at(100.0, 100.0));
    let marks = [
        band(&chance, Colour::Quiet),
        segment(frame.at(0.0, 0.0), frame.at(100.0, 100.0), Colour::Quiet),
        steps(&curve, Colour::Main),
    ];
    let coverage = report.calibration.map(|c| {
        let half = (0.9 * 0.1 / c.n.max(1) as f64).sqrt();
        format!(
            " Of the 90 % intervals, {} held their result (chance alone: {} to {}, 1 sd).",
            percent(c.coverage_90),
            percent(0.9 - half),
            percent((0.9 + half).min(1.0))
        )
    });
    Some(Figure {
        heading: "Does ± mean what it says?",
        drawing: frame.draw("Calibration of the predicted uncertainty", marks),
        caption: format!(
            "How many of {} results fell inside the interval that the model had claimed. Below the diagonal the \
             model is too sure of itself, above it too timid.{}",
            count(levels.len() as u64),
            coverage.unwrap_or_default(),
        ),
    })
}

/// The error function; absolute error below 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26), for `x >= 0`.
fn erf(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let polynomial = t
        * (0.254_829_592
            + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    1.0 - polynomial * (-x * x).exp()
}

#[cfg(test)]
mod tests {
    use super::erf;

    #[test]
    fn error_function_at_tabulated_points() {
        // Abramowitz and Stegun 1964, table 7.1.
        for (x, expected) in
            [(0.0, 0.0), (0.5, 0.520_499_877_8), (1.0, 0.842_700_792_9), (2.0, 0.995_322_265_0)]
        {
            assert!((erf(x) - expected).abs() < 1.5e-7, "{x}");
        }
    }
}
