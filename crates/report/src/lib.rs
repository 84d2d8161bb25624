//! What a campaign found, for people: one self-contained HTML file, Markdown, JSON.

pub mod data;
mod json;

pub use data::Report;
pub use json::json;
