//! The parser of formulas.

use super::table::ELEMENTS;
use std::collections::BTreeMap;

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FormulaFault {
    /// There is nothing in it.
    #[error("it has no atoms; write symbols with amounts, such as Fe2O3 or Fe0.5Ni0.5")]
    Empty,
    /// A symbol that no element has.
    #[error("`{symbol}` at character {position} is no element from H to Cn (deuterium is written H)")]
    Element {
        /// What stands there.
        symbol: String,
        /// Which character it begins at, from 1.
        position: usize,
    },
    /// A charge.
    #[error(
        "`{found}` at character {position} looks like a charge; a composition has none, write the neutral \
         formula"
    )]
    Charge {
        /// The character.
        found: char,
        /// Which character it is, from 1.
        position: usize,
    },
    /// A character that cannot stand where it does.
    #[error("`{found}` at character {position} is unexpected: expected {expected}")]
    Unexpected {
        /// The character.
        found: char,
        /// Which character it is, from 1.
        position: usize,
        /// What can stand there.
        expected: &'static str,
    },
    /// A bracket without its other half.
    #[error("the bracket `{bracket}` at character {position} is not closed")]
    Unclosed {
        /// The bracket.
        bracket: char,
        /// Which character it is, from 1.
        position: usize,
    },
    /// Digits that are no amount.
    #[error("`{text}` at character {position} is no amount; write a number such as 2 or 0.25")]
    Amount {
        /// What stands there.
        text: String,
        /// Which character it begins at, from 1.
        position: usize,
    },
    /// More atoms than can be counted with.
    #[error("it has {atoms:e} atoms, and {most:e} are the most; check its amounts")]
    TooMany {
        /// The atoms.
        atoms: f64,
        /// The most there may be.
        most: f64,
    },
}

/// Amounts by atomic number.
type Amounts = BTreeMap<u8, f64>;

/// What has been read inside one bracket, or outside all.
struct Level {
    /// The bracket that opened it and its place.
    bracket: Option<(char, usize)>,
    /// Finished parts: those before the last dot.
    done: Amounts,
    /// The part being read, and what it is multiplied by.
    part: Amounts,
    factor: f64,
    /// Nothing of the part has been read yet.
    fresh: bool,
}

impl Level {
    fn new(bracket: Option<(char, usize)>) -> Self {
        Self { bracket, done: Amounts::new(), part: Amounts::new(), factor: 1.0, fresh: true }
    }

    fn finish_part(&mut self) {
        for (element, amount) in std::mem::take(&mut self.part) {
            *self.done.entry(element).or_insert(0.0) += amount * self.factor;
        }
        (self.factor, self.fresh) = (1.0, true);
    }
}

const EXPECTED: &str = "a symbol, an amount, a bracket or a centred dot";

/// Amounts of the elements of a formula. No recursion: brackets may be nested
/// as deep as the text is long.
pub(super) fn parse(text: &str) -> Result<Amounts, FormulaFault> {
    let characters: Vec<char> = text.chars().map(plain).collect();
    let mut levels = vec![Level::new(None)];
    let mut at = 0;
    while let Some(&found) = characters.get(at) {
        let position = at + 1;
        let unexpected = |expected| FormulaFault::Unexpected { found, position, expected };
        let Some(level) = levels.last_mut() else { return Err(unexpected(EXPECTED)) };
        at += 1;
        let mut read = Amounts::new();
        match found {
            ' ' | '\t' => continue,
            'A'..='Z' => {
                let (element, length) = element(&characters[position - 1..], position)?;
                at += length - 1;
                read.insert(element, 1.0);
            }
            '(' | '[' | '{' => {
                levels.push(Level::new(Some((found, position))));
                continue;
            }
            ')' | ']' | '}' => {
                let opened = level.bracket.is_some_and(|(bracket, _)| closing(bracket) == found);
                if !opened || level.fresh {
                    return Err(unexpected(if opened {
                        "a symbol"
                    } else {
                        "its opening bracket before it"
                    }));
                }
                level.finish_part();
                read = std::mem::take(&mut level.done);
                levels.pop();
            }
            '·' | '*' => {
                if level.fresh {
                    return Err(unexpected("a symbol before it"));
                }
                level.finish_part();
                while characters.get(at) == Some(&' ') {
                    at += 1;
                }
                if let Some((factor, length)) = amount(&characters[at..], at + 1)? {
                    level.factor = factor;
                    at += length;
                }
                continue;
            }
            '+' | '-' | '^' => return Err(FormulaFault::Charge { found, position }),
            '0'..='9' | '.' => return Err(unexpected("a symbol or a bracket before an amount")),
            _ => return Err(unexpected(EXPECTED)),
        }
        let times = match amount(&characters[at..], at + 1)? {
            Some((times, length)) => {
                at += length;
                times
            }
            None => 1.0,
        };
        let Some(level) = levels.last_mut() else { return Err(unexpected(EXPECTED)) };
        for (element, amount) in read {
            *level.part.entry(element).or_insert(0.0) += amount * times;
        }
        level.fresh = false;
    }
    let Some(mut outer) = levels.pop() else { return Err(FormulaFault::Empty) };
    if let Some((bracket, position)) = outer.bracket {
        return Err(FormulaFault::Unclosed { bracket, position });
    }
    if outer.fresh && !outer.done.is_empty() {
        let position = characters.len();
        return Err(FormulaFault::Unexpected { found: '·', position, expected: "a formula after it" });
    }
    outer.finish_part();
    Ok(outer.done)
}

/// Characters that mean the same as one.
fn plain(character: char) -> char {
    match character {
        '₀'..='₉' => char::from_digit(character as u32 - '₀' as u32, 10).unwrap_or(character),
        '•' | '∙' | '⋅' | '×' => '·',
        '−' | '–' | '⁻' => '-',
        '⁺' => '+',
        '\u{a0}' => ' ',
        other => other,
    }
}

fn closing(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// The atomic number of the symbol that `rest` begins with, and its length.
fn element(rest: &[char], position: usize) -> Result<(u8, usize), FormulaFault> {
    let length = 1 + rest[1..].iter().take_while(|c| c.is_ascii_lowercase()).count();
    let symbol: String = rest[..length].iter().collect();
    match ELEMENTS.iter().position(|(known, _)| *known == symbol) {
        Some(place) => Ok((place as u8 + 1, length)),
        None => Err(FormulaFault::Element { symbol, position }),
    }
}

/// The amount that `rest` begins with, if it begins with one, and its length.
fn amount(rest: &[char], position: usize) -> Result<Option<(f64, usize)>, FormulaFault> {
    let length = rest.iter().take_while(|c| c.is_ascii_digit() || **c == '.').count();
    if length == 0 {
        return Ok(None);
    }
    let text: String = rest[..length].iter().collect();
    match text.parse::<f64>() {
        Ok(value) => Ok(Some((value, length))),
        Err(_) => Err(FormulaFault::Amount { text, position }),
    }
}

#[cfg(test)]
mod tests {
    use crate::Composition;
    use proptest::prelude::*;

    fn amounts(text: &str) -> Vec<(&'static str, f64)> {
        Composition::parse(text).unwrap().amounts().collect()
    }

    #[test]
    fn formulas_are_read() {
        assert_eq!(amounts("Fe0.5Ni0.5"), [("Fe", 0.5), ("Ni", 0.5)]);
        assert_eq!(amounts("Ca(OH)2"), [("H", 2.0), ("O", 2.0), ("Ca", 1.0)]);
        assert_eq!(amounts("(Zr0.5Ti0.5)O2"), [("O", 2.0), ("Ti", 0.5), ("Zr", 0.5)]);
        assert_eq!(amounts("Al2(SO4)3·2H2O"), [("H", 4.0), ("O", 14.0), ("Al", 2.0), ("S", 3.0)]);
        assert_eq!(amounts("Al₂(SO₄)₃ * 2 H₂O"), amounts("Al2(SO4)3·2H2O"));
        assert_eq!(amounts("K4[Fe(CN)6]"), [("C", 6.0), ("N", 6.0), ("K", 4.0), ("Fe", 1.0)]);
        assert_eq!(amounts("((H2)2O.5)3"), [("H", 12.0), ("O", 1.5)]);
        assert_eq!(amounts("(CuSO4·5H2O)2"), [("H", 20.0), ("O", 18.0), ("S", 2.0), ("Cu", 2.0)]);
        assert_eq!(amounts(" La0.5 Sr0.5 Mn O3 "), amounts("La0.5Sr0.5MnO3"));
        assert_eq!(amounts("Fe1Ni0"), [("Fe", 1.0)]);
        assert_eq!(amounts("CO"), [("C", 1.0), ("O", 1.0)]);
        assert_eq!(amounts("Co"), [("Co", 1.0)]);
        assert_eq!(amounts("PuO2").last(), Some(&("Pu", 1.0)));
    }

    #[test]
    fn what_is_no_formula_is_refused_with_what_is_wrong() {
        for (text, needle) in [
            ("", "no atoms"),
            ("Fe0", "no atoms"),
            ("Na+", "`+` at character 3 looks like a charge"),
            ("SO4^2-", "`^` at character 4 looks like a charge"),
            ("SO4²⁻", "`²` at character 4"),
            ("D2O", "`D` at character 1 is no element"),
            ("La1-xSrx", "charge"),
            ("Fex", "`Fex`"),
            ("2H2O", "`2` at character 1"),
            ("Ca(OH", "`(` at character 3 is not closed"),
            ("Ca(OH]2", "`]` at character 6"),
            ("CaOH)2", "`)` at character 5"),
            ("Ca()2", "`)` at character 4"),
            ("CuSO4·", "a formula after it"),
            ("·H2O", "a symbol before it"),
            ("Fe1.2.3", "`1.2.3` at character 3 is no amount"),
            ("Fe.", "is no amount"),
            ("fe", "`f` at character 1"),
            ("(H999999999999)9999", "atoms"),
        ] {
            let error = Composition::parse(text).unwrap_err().to_string();
            assert!(error.contains(needle), "{text}: {error}");
        }
        assert!(Composition::parse(&("(".repeat(100_000) + "H")).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_a_formula_or_an_error(text in "\\PC{0,24}") {
            let _ = Composition::parse(&text);
        }

        #[test]
        fn near_formulas_never_break(text in "[A-Z a-z0-9.()\\[\\]{}·*+-]{0,24}") {
            if let Ok(composition) = Composition::parse(&text) {
                prop_assert!(composition.atoms() > 0.0);
                let sum: f64 = composition.fractions().map(|(_, fraction)| fraction).sum();
                prop_assert!((sum - 1.0).abs() < 1e-12);
            }
        }

        #[test]
        fn what_is_written_is_read_again(
            parts in proptest::collection::btree_map(1u8..=112, 1u32..4000, 1..8),
        ) {
            let text: String =
                parts.iter().map(|(number, n)| format!("{}{}", super::super::symbol(*number), f64::from(*n) / 8.0))
                    .collect();
            let composition = Composition::parse(&text).unwrap();
            prop_assert_eq!(Composition::parse(&composition.to_string()).unwrap(), composition.clone());
            prop_assert_eq!(composition.elements(), parts.len());
        }
    }
}
