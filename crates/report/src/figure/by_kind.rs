//! Cost by kind of work.

use super::Figure;
use crate::chart::{Colour, FONT, Key, Swatch, WIDTH, label, legend, rectangle, svg, text_width};
use crate::data::{CostGroup, CostKind, KindCost, Report};
use crate::markup::el;
use crate::text::{energy, percent};
use matter::units::Joules;

/// What a kind of work is called.
pub(crate) fn kind_name(kind: CostKind) -> &'static str {
    match kind {
        CostKind::Calculation => "calculations",
        CostKind::FailedCalculation => "failed calculations",
        CostKind::Geometry => "building geometries",
        CostKind::Space => "listing the space",
        CostKind::Features => "features",
        CostKind::Fit => "training",
        CostKind::Decide => "predicting, choosing",
        CostKind::Archive => "archive",
        CostKind::Lost => "lost work",
        CostKind::Other => "other",
    }
}

/// What a group of kinds is called.
pub(crate) fn group_name(group: CostGroup) -> &'static str {
    match group {
        CostGroup::Chemistry => "quantum chemistry",
        CostGroup::Engine => "Joulery itself",
        CostGroup::Lost => "lost",
    }
}

fn colour(group: CostGroup) -> Colour {
    match group {
        CostGroup::Chemistry => Colour::Main,
        CostGroup::Engine => Colour::Engine,
        CostGroup::Lost => Colour::Loss,
    }
}

const GROUPS: [CostGroup; 3] = [CostGroup::Chemistry, CostGroup::Engine, CostGroup::Lost];

/// Energy of one group of kinds.
pub(crate) fn group_energy(costs: &[KindCost], group: CostGroup) -> Joules {
    costs.iter().filter(|c| c.kind.group() == group).map(|c| c.cost.joules).sum()
}

const ROW: f64 = 34.0;
const BAR: f64 = 20.0;

/// A bar of energy for each kind of work, with number and share.
pub(super) fn by_kind(report: &Report) -> Option<Figure> {
    let costs = &report.cost_by_kind;
    let total: Joules = costs.iter().map(|c| c.cost.joules).sum();
    if costs.is_empty() || !total.value().is_finite() || total <= Joules::ZERO {
        return None;
    }
    let largest = costs.iter().map(|c| c.cost.joules).fold(Joules::ZERO, Joules::max);
    let keys: Vec<Key> = GROUPS
        .into_iter()
        .filter(|group| costs.iter().any(|c| c.kind.group() == *group))
        .map(|group| Key::new(Swatch::Box, colour(group), group_name(group)))
        .collect();
    let (legend, top) = legend(&keys, 0.0, WIDTH);
    let note = |c: &KindCost| format!("{} · {}", energy(c.cost.joules), percent(c.cost.joules / total));
    let names = costs.iter().map(|c| text_width(kind_name(c.kind), FONT)).fold(0.0, f64::max) + 10.0;
    let notes = costs.iter().map(|c| text_width(&note(c), FONT)).fold(0.0, f64::max) + 10.0;
    let room = WIDTH - names - notes;
    let mut marks = el("g").class("marks");
    let mut labels = el("g").class("ticks strong");
    for (i, cost) in costs.iter().enumerate() {
        let middle = top + 12.0 + ROW * (i as f64 + 0.5);
        // What is not nothing stays visible.
        let length = (room * (cost.cost.joules / largest)).max(1.0);
        marks = marks.child(rectangle(names, middle - BAR / 2.0, length, BAR, colour(cost.kind.group())));
        labels = labels
            .child(label(names - 8.0, middle + FONT * 0.36, "end", kind_name(cost.kind)))
            .child(label(names + length + 8.0, middle + FONT * 0.36, "start", note(cost)));
    }
    let height = top + 18.0 + ROW * costs.len() as f64;
    let engine = group_energy(costs, CostGroup::Engine);
    let lost = group_energy(costs, CostGroup::Lost);
    let mut caption = format!(
        "What the energy was spent on. Everything that is not quantum chemistry (features, training, choosing, \
         book-keeping) took {} of it.",
        percent(engine / total)
    );
    if lost > Joules::ZERO {
        caption.push_str(&format!(
            " Work that was cut off and had to be redone took {}: it is charged too.",
            percent(lost / total)
        ));
    }
    Some(Figure {
        heading: "Cost by kind of work",
        drawing: svg("Energy by kind of work", WIDTH, height).child(legend).child(marks).child(labels),
        caption,
    })
}
