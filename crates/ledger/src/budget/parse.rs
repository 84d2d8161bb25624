//! Reading a budget from text.

use super::{Budget, unit};
use std::str::FromStr;

/// Why a text is no budget.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BudgetError {
    /// There is no number at the start.
    #[error("budget `{text}`: found {found} where a number is expected: write for example `0.5 kWh`")]
    NoNumber {
        /// The whole text.
        text: String,
        /// What stands there instead.
        found: String,
    },
    /// The number is zero, negative or not finite.
    #[error("budget `{text}`: the amount is `{found}`, expected a finite number above 0")]
    BadAmount {
        /// The whole text.
        text: String,
        /// The number as written.
        found: String,
    },
    /// A number alone.
    #[error("budget `{text}` has no unit: write one of {units} after the number")]
    NoUnit {
        /// The whole text.
        text: String,
        /// What is possible.
        units: String,
    },
    /// A unit that does not exist.
    #[error("budget `{text}`: unknown unit `{found}`{hint}; possible are {units}")]
    UnknownUnit {
        /// The whole text.
        text: String,
        /// The unit as written.
        found: String,
        /// The nearest unit, as a question; empty if none is near.
        hint: String,
        /// What is possible.
        units: String,
    },
}

/// Length in bytes of the decimal number at the start of a text: sign, digits, point, digits, exponent.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let sign = |at: usize| usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
    let mut end = sign(0);
    let whole = digits(end);
    end += whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return 0;
    }
    // An `e` belongs to the number only if digits follow: `5 euro` may also be written `5euro`.
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let start = end + 1 + sign(end + 1);
        let exponent = if start <= bytes.len() { digits(start) } else { 0 };
        if exponent > 0 {
            end = start + exponent;
        }
    }
    end
}

impl FromStr for Budget {
    type Err = BudgetError;

    /// A decimal number above 0 with a point, then a unit; spaces around both are free.
    fn from_str(text: &str) -> Result<Budget, BudgetError> {
        let text = text.trim();
        let whole = || text.to_owned();
        let (number, rest) = text.split_at(number_length(text));
        let rest = rest.trim();
        let word = || rest.split_whitespace().next().unwrap_or_default().to_owned();
        if number.is_empty() {
            let word = word();
            let name = word.trim_start_matches(['+', '-']).to_lowercase();
            if ["nan", "inf", "infinity"].contains(&name.as_str()) {
                return Err(BudgetError::BadAmount { text: whole(), found: word });
            }
            let found = if word.is_empty() { "nothing".to_owned() } else { format!("`{word}`") };
            return Err(BudgetError::NoNumber { text: whole(), found });
        }
        if rest.starts_with([',', '.', '_', '\'']) {
            let found = format!("`{number}{}`", word());
            return Err(BudgetError::NoNumber {
                text: whole(),
                found: format!("{found} (decimals follow a point, digits are not grouped)"),
            });
        }
        let amount: f64 = number
            .parse()
            .map_err(|_| BudgetError::NoNumber { text: whole(), found: format!("`{number}`") })?;
        if rest.is_empty() {
            return Err(BudgetError::NoUnit { text: whole(), units: unit::all_symbols() });
        }
        let Some(found) = unit::find(rest) else {
            let hint =
                unit::nearest(rest).map(|name| format!(": did you mean `{name}`?")).unwrap_or_default();
            let units = unit::all_symbols();
            return Err(BudgetError::UnknownUnit { text: whole(), found: rest.to_owned(), hint, units });
        };
        // The amount must stay finite in base units too.
        if !(amount > 0.0 && (amount * found.base).is_finite()) {
            return Err(BudgetError::BadAmount { text: whole(), found: number.to_owned() });
        }
        Ok(Budget { amount, unit: found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(text: &str) -> String {
        text.parse::<Budget>().unwrap_err().to_string()
    }

    #[test]
    fn numbers_and_units_in_many_spellings() {
        for (text, shown) in [
            ("0.5kWh", "0.5 kWh"),
            (" 2   core-hours ", "2 core-hours"),
            ("1e3 J", "1000 J"),
            ("5euro", "5 EUR"),
            ("5e1euro", "50 EUR"),
            ("+.5 Wh", "0.5 Wh"),
            ("3. h", "3 h"),
            ("12 g CO2e", "12 gCO2e"),
            ("1 day", "1 d"),
        ] {
            assert_eq!(text.parse::<Budget>().map(|b| b.to_string()), Ok(shown.to_owned()), "{text}");
        }
    }

    #[test]
    fn errors_name_what_was_found_and_what_is_possible() {
        assert_eq!(
            error("0.5"),
            "budget `0.5` has no unit: write one of J kJ MJ Wh kWh MWh (energy), gCO2e kgCO2e tCO2e (emission), \
             core-seconds core-minutes core-hours (processor time), EUR ct (money), s min h d (elapsed time) after \
             the number"
        );
        assert!(
            error("3 kwh")
                .starts_with("budget `3 kwh`: unknown unit `kwh`: did you mean `kWh`?; possible are")
        );
        assert!(error("3 bananas").starts_with("budget `3 bananas`: unknown unit `bananas`; possible are"));
        for text in ["-1 J", "0 J", "nan J", "-inf J", "1e999 J", "1e308 MWh"] {
            assert!(error(text).ends_with("expected a finite number above 0"), "{}", error(text));
        }
        assert!(error("").contains("found nothing"));
        assert!(error("kWh 3").contains("found `kWh`"));
        assert!(error("0,5 kWh").contains("`0,5` (decimals follow a point"));
        assert!(error("1_000 J").contains("digits are not grouped"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,20}") {
            let _ = text.parse::<Budget>();
        }

        #[test]
        fn what_is_shown_is_read_back(
            amount in 1e-12f64..1e12,
            unit in prop::sample::select(vec!["J", "kWh", "gCO2e", "tCO2e", "core-hours", "EUR", "ct", "min", "d"]),
        ) {
            let budget: Budget = format!("{amount} {unit}").parse().unwrap();
            prop_assert_eq!(budget.amount(), amount);
            prop_assert_eq!(budget.to_string().parse::<Budget>().unwrap(), budget);
        }

        #[test]
        fn amounts_that_are_not_positive_are_refused(amount in -1e12f64..=0.0) {
            let text = format!("{amount} J");
            let refused = matches!(text.parse::<Budget>(), Err(BudgetError::BadAmount { .. }));
            prop_assert!(refused);
        }
    }
}
