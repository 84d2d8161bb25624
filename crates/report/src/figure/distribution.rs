//! Computed values: the random start against what was chosen.

use super::{Figure, property_title};
use crate::chart::{Axis, Colour, Frame, Key, Swatch, rectangle, segment};
use crate::data::{Goal, Report};
use crate::text::{count, significant};

/// Bins aimed at.
const BINS: usize = 24;

/// Histograms of the random start and of the chosen, each in per cent of its own number.
pub(super) fn distribution(report: &Report) -> Option<Figure> {
    let values_of = |initial: bool| -> Vec<f64> {
        let of = report.evaluations.iter().filter(|e| e.initial == initial && e.value.abs() < 1e200);
        of.map(|e| e.value).collect()
    };
    let (random, chosen) = (values_of(true), values_of(false));
    if random.len() < 5 || chosen.len() < 5 {
        return None;
    }
    let x = Axis::around(property_title(report, "computed "), random.iter().chain(&chosen).copied());
    let (low, high) = (x.low, x.high);
    let width = (high - low) / BINS as f64;
    let shares = |values: &[f64]| -> Vec<f64> {
        let mut shares = vec![0.0; BINS];
        for value in values {
            shares[(((value - low) / width) as usize).min(BINS - 1)] += 100.0 / values.len() as f64;
        }
        shares
    };
    let (random_shares, chosen_shares) = (shares(&random), shares(&chosen));
    let highest = random_shares.iter().chain(&chosen_shares).copied().fold(0.0, f64::max);
    let y = Axis::around("share of the group / %".into(), [0.0, highest]);
    let keys = vec![
        Key::new(Swatch::Box, Colour::Quiet, format!("random start ({})", count(random.len() as u64))),
        Key::new(Swatch::Box, Colour::Main, format!("chosen ({})", count(chosen.len() as u64))),
    ];
    let frame = Frame::new(x, y, keys);
    let mut marks = Vec::new();
    // Each bin is shared by the two groups, so that no colour hides another.
    for (offset, shares, colour) in
        [(0.06, &random_shares, Colour::Quiet), (0.5, &chosen_shares, Colour::Main)]
    {
        for (i, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            let left = frame.x(low + width * (i as f64 + offset));
            let right = frame.x(low + width * (i as f64 + offset + 0.44));
            let top = frame.y(*share);
            marks.push(rectangle(left, top, right - left, frame.y(0.0) - top, colour));
        }
    }
    let aims = match report.question.goal {
        Goal::Maximise | Goal::Minimise => vec![],
        Goal::Target(target) => vec![target],
        Goal::Range(from, to) => vec![from, to],
    };
    for aim in aims.into_iter().filter(|a| (low..=high).contains(a)) {
        marks.push(segment((frame.x(aim), frame.y(0.0)), (frame.x(aim), frame.y(highest)), Colour::Loss));
    }
    let side = match report.question.goal {
        Goal::Maximise => "to the right, where values are high".to_owned(),
        Goal::Minimise => "to the left, where values are low".to_owned(),
        Goal::Target(target) => format!("towards the target of {}", significant(target, 3)),
        Goal::Range(from, to) => format!("between {} and {}", significant(from, 3), significant(to, 3)),
    };
    Some(Figure {
        heading: "Where the campaign looked",
        drawing: frame.draw("Distribution of computed values", marks),
        caption: format!(
            "The random start shows what the space is like, the chosen {} where the campaign looked: the more \
             it learns, the farther they lie {side}.",
            report.question.candidates
        ),
    })
}
