//! What a campaign found, for people: one self-contained HTML file, Markdown, JSON.
