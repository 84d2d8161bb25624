//! The known name most like an unknown one, for error messages.

/// The candidate most like `found`, if any is like it: at most one edit for
/// every three characters (at least one, never as many as it is long), capitals
/// ignored. An edit inserts, deletes or replaces a character or swaps two
/// neighbours. The first of equals wins.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = found.trim().to_lowercase();
    let length = wanted.chars().count();
    let limit = (length / 3).max(1).min(length.saturating_sub(1));
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let distance = strsim::osa_distance(&wanted, &name.to_lowercase());
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// `"; did you mean `x`?"`, or nothing.
pub fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typing_errors_find_their_name() {
        let known = ["random", "greedy", "ei", "ei_per_joule"];
        assert_eq!(nearest("gredy", known), Some("greedy"));
        assert_eq!(nearest("radnom", known), Some("random"));
        assert_eq!(nearest("EI-per-joule", known), Some("ei_per_joule"));
        assert_eq!(nearest("bananas", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("x", ["y"]), None);
    }

    proptest! {
        #[test]
        fn a_known_name_is_its_own_nearest(known in proptest::collection::vec("[a-z]{2,8}", 1..6)) {
            for name in &known {
                prop_assert_eq!(nearest(name, known.iter().map(String::as_str)), Some(name.as_str()));
            }
        }

        #[test]
        fn any_text_gets_an_answer(found in ".*", known in ".{0,6}") {
            let answer = nearest(&found, [known.as_str()]);
            prop_assert!(answer.is_none_or(|name| name == known));
        }
    }
}
