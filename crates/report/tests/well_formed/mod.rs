//! A strict check of markup: balanced tags, quoted attributes, known entities, legal characters.

/// Checks a page; says what is wrong where.
pub fn check(page: &str) -> Result<(), String> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>\n").ok_or("no document type")?;
    let mut open: Vec<String> = Vec::new();
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            text(rest)?;
            break;
        };
        text(&rest[..at])?;
        rest = &rest[at + 1..];
        let end = rest.find('>').ok_or("a tag without end")?;
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => return Err(format!("</{name}> closes {last:?}")),
            }
            continue;
        }
        let (tag, closed) = match tag.strip_suffix(" /") {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(format!("<{name}> is no tag"));
        }
        self::attributes(attributes).map_err(|e| format!("<{name}>: {e}"))?;
        if !closed {
            open.push(name.to_owned());
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("never closed: {open:?}")) }
}

fn attributes(mut rest: &str) -> Result<(), String> {
    let mut names = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").ok_or_else(|| format!("`{rest}` is no attribute"))?;
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') || names.contains(&name) {
            return Err(format!("`{name}` is no attribute, or there twice"));
        }
        names.push(name);
        let (value, after) = after.split_once('"').ok_or_else(|| format!("`{name}` has no closing quote"))?;
        text(value)?;
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    Ok(())
}

fn text(text: &str) -> Result<(), String> {
    if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(format!("the character {c:?}"));
    }
    for part in text.split('&').skip(1) {
        let (entity, _) = part.split_once(';').ok_or_else(|| format!("`&{part}` is no entity"))?;
        if !["amp", "lt", "gt", "quot", "#39"].contains(&entity) {
            return Err(format!("`&{entity};` is no known entity"));
        }
    }
    Ok(())
}

#[test]
fn what_is_broken_is_found() {
    let page = |body: &str| format!("<!DOCTYPE html>\n<p>{body}</p>");
    assert!(check(&page("a <b>c</b> &amp; <br />")).is_ok());
    for broken in
        ["<b>", "</b>", "<b></i>", "a & b", "&nbsp;", "<a x=1></a>", "<a x=\"1\" x=\"2\"></a>", "\u{1}", "<"]
    {
        assert!(check(&page(broken)).is_err(), "{broken}");
    }
}
