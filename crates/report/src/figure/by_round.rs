//! Cost by round.

use super::Figure;
use crate::chart::{Axis, Colour, Frame, Key, Swatch, rectangle};
use crate::data::Report;
use crate::text::{EnergyScale, count};
use matter::units::Joules;

/// A stacked bar of energy for each round.
pub(super) fn by_round(report: &Report) -> Option<Figure> {
    let rounds = &report.rounds;
    let (first, last) = (rounds.first()?.round, rounds.last()?.round);
    let largest = rounds.iter().map(|r| r.chemistry.joules + r.engine.joules).fold(Joules::ZERO, Joules::max);
    let scale = EnergyScale::for_largest(largest);
    let x = Axis::of_counts("round (0 is the random start)".into(), f64::from(first), f64::from(last));
    let y = Axis::around(format!("energy of the round / {}", scale.unit), [0.0, scale.number(largest)]);
    let keys = vec![
        Key::new(Swatch::Box, Colour::Main, "quantum chemistry"),
        Key::new(Swatch::Box, Colour::Engine, "Joulery itself"),
    ];
    let frame = Frame::new(x, y, keys);
    let mut marks = Vec::new();
    for round in rounds {
        let (left, right) = (frame.x(f64::from(round.round) - 0.4), frame.x(f64::from(round.round) + 0.4));
        let chemistry = scale.number(round.chemistry.joules);
        let all = chemistry + scale.number(round.engine.joules);
        for (from, to, colour) in [(0.0, chemistry, Colour::Main), (chemistry, all, Colour::Engine)] {
            let top = frame.y(to);
            marks.push(rectangle(left, top, right - left, frame.y(from) - top, colour));
        }
    }
    let evaluated: u64 = rounds.iter().map(|r| r.evaluated).sum();
    Some(Figure {
        heading: "Cost by round",
        drawing: frame.draw("Energy by round", marks),
        caption: format!(
            "Each bar is one decision and the calculations it led to: {} rounds, {} {} computed.",
            count(rounds.len() as u64),
            count(evaluated),
            report.question.candidates,
        ),
    })
}
