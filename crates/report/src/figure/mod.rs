//! The figures of a report: what is drawn, and what one sees in it.

mod best_so_far;
mod by_kind;
mod by_round;
mod calibration;
mod distribution;
mod parity;

pub(crate) use by_kind::{group_energy, group_name, kind_name};

use crate::chart::Axis;
use crate::data::Report;
use crate::markup::Element;
use crate::text::with_unit;

/// A drawing with its heading and a caption in plain words.
pub(crate) struct Figure {
    /// Heading.
    pub heading: &'static str,
    /// The SVG.
    pub drawing: Element,
    /// What one sees.
    pub caption: String,
}

/// Every figure that the data allow, in the order of the page.
pub(crate) fn figures(report: &Report) -> Vec<Figure> {
    let all = [
        best_so_far::best_so_far,
        distribution::distribution,
        parity::parity,
        calibration::calibration,
        by_kind::by_kind,
        by_round::by_round,
    ];
    all.iter().filter_map(|figure| figure(report)).collect()
}

/// Title of an axis that shows the property.
fn property_title(report: &Report, prefix: &str) -> String {
    let name = format!("{prefix}{}", report.question.property);
    if report.question.unit.is_empty() { name } else { format!("{name} / {}", report.question.unit) }
}

/// An axis that shows the property.
fn property_axis(report: &Report, prefix: &str, values: impl IntoIterator<Item = f64>) -> Axis {
    Axis::around(property_title(report, prefix), values)
}

/// A number of the property's unit in running text.
fn in_unit(report: &Report, number: &str) -> String {
    with_unit(number, &report.question.unit)
}
