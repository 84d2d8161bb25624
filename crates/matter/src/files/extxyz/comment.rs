//! The comment line of extended XYZ: `key=value key="a value" key={1 2} flag`.

use super::super::error::FileProblem;

/// Keys with their values, in order; a key without value has `None`.
pub(super) type Pairs = Vec<(String, Option<String>)>;

/// Splits a comment line.
///
/// Values are bare words, or enclosed in `"`, `'`, `{}` or `[]`; within quotes a backslash takes the next
/// character literally. Spaces may stand around `=`.
pub(super) fn parse(line: &str) -> Result<Pairs, FileProblem> {
    let mut rest = line.trim();
    let mut pairs: Pairs = Vec::new();
    while !rest.is_empty() {
        let (key, behind) = take_key(rest)?;
        rest = behind.trim_start();
        let mut value = None;
        if let Some(behind) = rest.strip_prefix('=') {
            let (found, behind) = take_value(&key, behind.trim_start())?;
            value = Some(found);
            rest = behind.trim_start();
        }
        if pairs.iter().any(|(k, _)| *k == key) {
            return Err(FileProblem::field("comment line", key, "each key once"));
        }
        pairs.push((key, value));
    }
    Ok(pairs)
}

/// A value as it must be written to be read again; `None` if it cannot be.
pub(super) fn quote(value: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-+.:/".contains(c);
    if value.contains(['\n', '\r']) {
        return None;
    }
    if !value.is_empty() && value.chars().all(plain) {
        return Some(value.to_owned());
    }
    Some(format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// Whether a key can be written.
pub(super) fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

fn take_key(text: &str) -> Result<(String, &str), FileProblem> {
    if text.starts_with('"') {
        return take_value("key", text);
    }
    let end = text.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(text.len());
    if end == 0 {
        return Err(FileProblem::field("comment line", text, "a key before `=`"));
    }
    Ok((text[..end].to_owned(), &text[end..]))
}

fn take_value<'a>(key: &str, text: &'a str) -> Result<(String, &'a str), FileProblem> {
    let open = text.chars().next();
    let close = match open {
        Some('"') => '"',
        Some('\'') => '\'',
        Some('{') => '}',
        Some('[') => ']',
        _ => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            if end == 0 {
                return Err(FileProblem::field(format!("`{key}`"), "", "a value after `=`"));
            }
            return Ok((text[..end].to_owned(), &text[end..]));
        }
    };
    let quoted = close == '"' || close == '\'';
    let mut value = String::new();
    let mut depth = 1;
    let mut characters = text.char_indices().skip(1);
    while let Some((i, c)) = characters.next() {
        if quoted && c == '\\' {
            value.extend(characters.next().map(|(_, c)| c));
            continue;
        }
        if c == close {
            depth -= 1;
        } else if !quoted && Some(c) == open {
            depth += 1;
        }
        if depth == 0 {
            return Ok((value, &text[i + c.len_utf8()..]));
        }
        value.push(c);
    }
    Err(FileProblem::field(format!("`{key}`"), text, format!("a closing `{close}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_all_kinds() {
        let pairs =
            parse(r#"energy = -1.5 name="a \"b\" c" v={1 2} m=[[1, 2], [3, 4]] relaxed e=''"#).unwrap();
        let expected = [
            ("energy", Some("-1.5")),
            ("name", Some(r#"a "b" c"#)),
            ("v", Some("1 2")),
            ("m", Some("[1, 2], [3, 4]")),
            ("relaxed", None),
            ("e", Some("")),
        ];
        let found: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_deref())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_cannot_be_split_is_named() {
        for (text, needle) in
            [("a=\"b", "closing `\"`"), ("a=", "a value after"), ("=1", "a key"), ("a=1 a=2", "once")]
        {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(needle), "{text}: {error}");
        }
    }
}
