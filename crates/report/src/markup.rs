//! Elements of HTML and SVG: balanced and escaped by construction.
//!
//! What is written is HTML and well-formed XML at once, so that any XML parser can check it.

use std::fmt::{Display, Write};

/// One element with its attributes and content.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    name: &'static str,
    attributes: String,
    content: String,
}

/// Elements that HTML closes by themselves.
const VOID: [&str; 3] = ["meta", "br", "hr"];

/// Starts an element.
pub(crate) fn el(name: &'static str) -> Element {
    Element { name, attributes: String::new(), content: String::new() }
}

impl Element {
    /// Adds an attribute.
    pub fn attr(mut self, name: &str, value: impl Display) -> Element {
        let _ = write!(self.attributes, " {name}=\"{}\"", escape(&value.to_string()));
        self
    }

    /// Adds an attribute that is a length of a drawing: two decimals are enough.
    pub fn len(self, name: &str, value: f64) -> Element {
        let value = short(value);
        self.attr(name, value)
    }

    /// Sets the class.
    pub fn class(self, class: &str) -> Element {
        self.attr("class", class)
    }

    /// Adds text.
    pub fn text(mut self, text: impl Display) -> Element {
        self.content.push_str(&escape(&text.to_string()));
        self
    }

    /// Adds an element.
    pub fn child(mut self, child: Element) -> Element {
        child.write(&mut self.content);
        self
    }

    /// Adds elements.
    pub fn children(mut self, children: impl IntoIterator<Item = Element>) -> Element {
        for child in children {
            child.write(&mut self.content);
        }
        self
    }

    /// A style sheet of this crate, which holds no character to escape.
    pub fn style_sheet(css: &'static str) -> Element {
        let mut style = el("style");
        style.content.push('\n');
        style.content.push_str(css);
        style
    }

    fn write(&self, out: &mut String) {
        let Element { name, attributes, content } = self;
        let _ = if content.is_empty() && VOID.contains(name) {
            write!(out, "<{name}{attributes} />")
        } else {
            write!(out, "<{name}{attributes}>{content}</{name}>")
        };
        if matches!(*name, "p" | "div" | "tr" | "li" | "section" | "figure" | "svg" | "g" | "meta") {
            out.push('\n');
        }
    }
}

impl Display for Element {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

/// A length for a drawing: two decimals, no trailing zeros; 0 for what is not finite.
pub(crate) fn short(value: f64) -> String {
    if !value.is_finite() {
        return "0".into();
    }
    let text = format!("{value:.2}");
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".into(),
        trimmed => trimmed.into(),
    }
}

/// Text with the characters that markup reserves replaced, and those it forbids made visible.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            // Markup knows no control characters and no non-characters, not even escaped.
            c if c.is_control()
                || (c as u32) & 0xfffe == 0xfffe
                || ('\u{fdd0}'..='\u{fdef}').contains(&c) =>
            {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_cannot_become_markup() {
        let p = el("p").attr("title", "\"><b>").text("a<b> & 'c' \u{0}").child(el("br"));
        assert_eq!(
            p.to_string().trim_end(),
            "<p title=\"&quot;&gt;&lt;b&gt;\">a&lt;b&gt; &amp; &#39;c&#39; \u{fffd}<br /></p>"
        );
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!(short(1.0), "1");
        assert_eq!(short(-0.001), "0");
        assert_eq!(short(12.345), "12.35");
        assert_eq!(short(f64::NAN), "0");
    }
}
