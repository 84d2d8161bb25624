//! Best value against energy, with what random choice would have found.

use super::{Figure, property_axis};
use crate::chart::{Axis, Colour, Frame, Key, Swatch, band, dots, line, segment, steps};
use crate::data::Report;
use crate::text::{Advantage, EnergyScale, advantage, count, value};
use matter::units::Joules;

/// The best value known against the energy spent, every calculation as a dot.
pub(super) fn best_so_far(report: &Report) -> Option<Figure> {
    let end = report.evaluations.last()?.spent;
    let scale = EnergyScale::for_largest(end);
    // The random baseline is shown as far as the campaign went: beyond that there is nothing to compare.
    let shadow: Vec<_> =
        report.shadow.iter().flat_map(|s| &s.points).filter(|p| p.spent <= end * 1.000_001).collect();
    let values = report.evaluations.iter().flat_map(|e| [Some(e.value), e.best]).flatten();
    let values = values.chain(shadow.iter().flat_map(|p| [p.low, p.high]));
    let x = Axis::around(format!("energy spent / {}", scale.unit), [0.0, scale.number(end)])
        .ending_at(scale.number(end * 1.02));
    let y = property_axis(report, "", values);

    let mut keys = vec![
        Key::new(Swatch::Line, Colour::Main, "best so far"),
        Key::new(Swatch::Dot, Colour::Main, "chosen"),
        Key::new(Swatch::Dot, Colour::Quiet, "random start"),
    ];
    if !shadow.is_empty() {
        keys.push(Key::new(Swatch::Band, Colour::Contrast, "random choice, 10 to 90 % (estimate)"));
        keys.push(Key::new(Swatch::Dashes, Colour::Contrast, "its median"));
    }
    let frame = Frame::new(x, y, keys);
    let at = |spent: Joules, value: f64| frame.at(scale.number(spent), value);

    let mut marks = Vec::new();
    if !shadow.is_empty() {
        let edges: Vec<_> = shadow
            .iter()
            .map(|p| (frame.x(scale.number(p.spent)), frame.y(p.low), frame.y(p.high)))
            .collect();
        let median: Vec<_> = shadow.iter().map(|p| at(p.spent, p.median)).collect();
        marks.push(band(&edges, Colour::Contrast));
        marks.push(line(&median, Colour::Contrast, true));
    }
    for (initial, colour) in [(true, Colour::Quiet), (false, Colour::Main)] {
        let chosen = report.evaluations.iter().filter(|e| e.initial == initial);
        let places: Vec<_> = chosen.map(|e| at(e.spent, e.value)).collect();
        marks.push(dots(&places, colour, 2.5));
    }
    let start = report.evaluations.iter().filter(|e| e.initial).count();
    if let Some(last) = start.checked_sub(1).and_then(|i| report.evaluations.get(i))
        && start < report.evaluations.len()
    {
        let x = frame.x(scale.number(last.spent));
        let low = frame.y(f64::NEG_INFINITY);
        marks.push(segment((x, low), (x, frame.y(f64::INFINITY)), Colour::Quiet));
    }
    let mut best: Vec<_> = report.evaluations.iter().filter_map(|e| Some(at(e.spent, e.best?))).collect();
    best.dedup_by(|later, earlier| later.1 == earlier.1 && later.0 < frame.x(scale.number(end)));
    marks.push(steps(&best, Colour::Main));

    Some(Figure {
        heading: "Best value against energy",
        drawing: frame.draw("Best value so far against energy spent", marks),
        caption: caption(report, start),
    })
}

fn caption(report: &Report, start: usize) -> String {
    let mut text = format!(
        "Each dot is one computed {}; the line is the best so far{}. The first {}, left of the \
         upright line, were drawn at random.",
        report.question.candidate,
        if report.question.constraints.is_empty() { "" } else { " that meets the constraints" },
        count(start as u64),
    );
    if let (Some(shadow), Some((at, best, advantage))) = (&report.shadow, advantage(report)) {
        text.push_str(&format!(
            " At the end the campaign stands at {}, random choice would stand at {} (median): {}. The band is \
             an estimate, not a run: {}",
            value(report, best),
            value(report, at.median),
            match advantage {
                Advantage::Clear => "outside the band",
                Advantage::Slight => "better, but inside the band",
                Advantage::None => "no better",
            },
            shadow.how,
        ));
    }
    text
}
