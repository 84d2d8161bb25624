//! The frame of a chart: plot area, grid, ticks, titles.

use super::axis::Axis;
use super::legend::{Key, legend};
use super::text_width::text_width;
use crate::markup::{Element, el};

/// Width of every chart in units of its drawing; shown about this many pixels wide.
pub(crate) const WIDTH: f64 = 560.0;
/// Height of a chart with two axes.
const HEIGHT: f64 = 380.0;
/// Height of a chart whose plot area is a square.
const SQUARE_HEIGHT: f64 = 460.0;
/// Size of all text in charts.
pub(crate) const FONT: f64 = 15.0;

/// Plot area and axes.
pub(crate) struct Frame {
    x: Axis,
    y: Axis,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    height: f64,
    keys: Vec<Key>,
}

impl Frame {
    /// A frame with room for titles, tick labels and legend.
    pub fn new(x: Axis, y: Axis, keys: Vec<Key>) -> Frame {
        let widest = y.ticks.iter().map(|t| text_width(&y.tick_label(*t), FONT)).fold(0.0, f64::max);
        let (_, legend_height) = legend(&keys, 0.0, WIDTH);
        Frame {
            left: FONT * 2.2 + widest,
            // The last tick label of the x axis may reach half its width beyond the plot.
            right: WIDTH - 22.0,
            top: legend_height + 14.0,
            bottom: HEIGHT - FONT * 3.4,
            height: HEIGHT,
            x,
            y,
            keys,
        }
    }

    /// Equal scales on both axes: the plot area becomes a square.
    pub fn square(mut self) -> Frame {
        self.bottom += SQUARE_HEIGHT - self.height;
        self.height = SQUARE_HEIGHT;
        let side = (self.bottom - self.top).min(self.right - self.left);
        let spare = self.right - self.left - side;
        self.left += spare / 2.0;
        self.right = self.left + side;
        self
    }

    /// Horizontal place of a value, kept inside the plot area.
    pub fn x(&self, value: f64) -> f64 {
        self.left + clamped(self.x.fraction(value)) * (self.right - self.left)
    }

    /// Vertical place of a value, kept inside the plot area.
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - clamped(self.y.fraction(value)) * (self.bottom - self.top)
    }

    /// Both places.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x(x), self.y(y))
    }

    /// Every how many ticks of the x axis there is room for a label.
    fn label_stride(&self) -> usize {
        let widest =
            self.x.ticks.iter().map(|t| text_width(&self.x.tick_label(*t), FONT)).fold(0.0, f64::max);
        let spacing = match self.x.ticks.as_slice() {
            [first, second, ..] => self.x(*second) - self.x(*first),
            _ => return 1,
        };
        if spacing > 0.0 { (((widest + FONT) / spacing).ceil() as usize).max(1) } else { 1 }
    }

    /// The chart: grid below the marks, axes above.
    pub fn draw(self, title: &str, marks: impl IntoIterator<Item = Element>) -> Element {
        let Frame { left, right, top, bottom, height, .. } = self;
        let mut grid = el("g").class("grid");
        let mut labels = el("g").class("ticks");
        for &tick in &self.y.ticks {
            let y = self.y(tick);
            grid = grid.child(rule(left, y, right, y));
            labels = labels.child(label(left - 8.0, y + FONT * 0.36, "end", self.y.tick_label(tick)));
        }
        let stride = self.label_stride();
        for (i, &tick) in self.x.ticks.iter().enumerate() {
            let x = self.x(tick);
            grid = grid.child(rule(x, bottom, x, bottom + 5.0));
            if i % stride == 0 {
                labels = labels.child(label(x, bottom + FONT * 1.45, "middle", self.x.tick_label(tick)));
            }
        }
        let axes = el("g").class("axis").child(rule(left, bottom, right, bottom));
        let (middle, centre) = ((left + right) / 2.0, (top + bottom) / 2.0);
        let y_title_at = left
            - FONT * 1.2
            - self.y.ticks.iter().map(|t| text_width(&self.y.tick_label(*t), FONT)).fold(0.0, f64::max);
        let titles = el("g")
            .class("axis-title")
            .child(label(middle, height - FONT * 0.5, "middle", &self.x.title))
            .child(
                label(0.0, 0.0, "middle", &self.y.title)
                    .attr("transform", format!("translate({y_title_at:.1} {centre:.1}) rotate(-90)")),
            );
        let (keys, _) = legend(&self.keys, left.min(60.0), WIDTH);
        svg(title, WIDTH, height)
            .child(grid)
            .child(el("g").class("marks").children(marks))
            .child(axes)
            .child(labels)
            .child(titles)
            .child(keys)
    }
}

fn clamped(fraction: f64) -> f64 {
    if fraction.is_nan() { 0.0 } else { fraction.clamp(0.0, 1.0) }
}

fn rule(x1: f64, y1: f64, x2: f64, y2: f64) -> Element {
    el("line").len("x1", x1).len("y1", y1).len("x2", x2).len("y2", y2)
}

/// Text in a chart; `anchor` is `start`, `middle` or `end`.
pub(crate) fn label(x: f64, y: f64, anchor: &str, text: impl std::fmt::Display) -> Element {
    el("text").len("x", x).len("y", y).attr("text-anchor", anchor).text(text)
}

/// An empty drawing with a title for those who hear the page.
pub(crate) fn svg(title: &str, width: f64, height: f64) -> Element {
    el("svg")
        .attr("xmlns", "http://www.w3.org/2000/svg")
        .attr("viewBox", format!("0 0 {width} {height}"))
        .attr("role", "img")
        .class("chart")
        .child(el("title").text(title))
}
