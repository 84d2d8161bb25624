//! What a campaign found, for people: one self-contained HTML file, Markdown, JSON.
//!
//! [`Report`] is plain data; [`html`], [`markdown`] and [`json`] render it. The same data give the same bytes.

mod chart;
pub mod data;
mod figure;
mod json;
mod markdown;
mod markup;
mod molecule;
mod page;
mod text;

pub use data::Report;
pub use json::json;
pub use markdown::markdown;
pub use page::html;

/// The summary at the top of every report: a few sentences that follow from the numbers.
pub fn sentences(report: &Report) -> Vec<String> {
    text::summary(report)
}
