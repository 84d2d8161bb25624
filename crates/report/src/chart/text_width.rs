//! How wide text will be.

/// Width of text in units of the drawing. Which font the reader has is unknown: the widest of the usual
/// sans-serif faces (DejaVu Sans) is assumed, so that nothing overlaps with a narrower one.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    text.chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | '\'' | '|' | '\u{202f}' => 0.32,
            'f' | 't' | 'r' | ' ' | '\u{a0}' | '(' | ')' | '-' | '/' => 0.40,
            'm' | 'w' | 'M' | 'W' | '%' => 0.93,
            '−' | '±' | '+' | '×' => 0.84,
            c if c.is_ascii_uppercase() => 0.72,
            _ => 0.63,
        })
        .sum::<f64>()
        * size
}
