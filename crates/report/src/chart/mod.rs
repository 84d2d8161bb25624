//! Charts as SVG: axes, marks, legends. Colours come from the style sheet of the page.

mod axis;
mod frame;
mod legend;
mod marks;
mod text_width;

pub(crate) use axis::Axis;
pub(crate) use frame::{FONT, Frame, WIDTH, label, svg};
pub(crate) use legend::{Key, Swatch, legend};
pub(crate) use marks::{Colour, band, dots, error_bars, line, rectangle, segment, steps};
pub(crate) use text_width::text_width;
