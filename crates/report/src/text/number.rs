//! Numbers as people write them: no more digits than the uncertainty allows, a true minus sign, thin spaces
//! between groups of three digits from five digits on (ISO 80000-1).

/// What stands for a number that is not finite.
const NONE: &str = "–";

/// Narrow no-break space.
const GROUP: char = '\u{202f}';

/// A number with this many decimals.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return NONE.into();
    }
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::new();
    // A value that rounds to zero has no sign.
    if value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('\u{2212}');
    }
    out.push_str(&grouped(whole));
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

fn grouped(digits: &str) -> String {
    if digits.len() < 5 {
        return digits.into();
    }
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(GROUP);
        }
        out.push(digit);
    }
    out
}

/// A count.
pub(crate) fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A number with this many significant digits; whole numbers above that are not rounded. Beyond a million or
/// below a ten-thousandth with a power of ten.
pub(crate) fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() || value == 0.0 {
        return fixed(value, 0);
    }
    let digits = digits.max(1);
    let exponent = exponent_when_rounded(value, digits);
    if (-4..7).contains(&exponent) {
        return fixed(value, (digits as i32 - 1 - exponent).max(0) as usize);
    }
    let mantissa = fixed(value / 10f64.powi(exponent), digits - 1);
    let power: String = exponent.to_string().chars().map(superscript).collect();
    format!("{mantissa} × 10{power}")
}

fn superscript(c: char) -> char {
    match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit @ '4'..='9' => char::from_u32('⁰' as u32 + digit as u32 - '0' as u32).unwrap_or(digit),
        _ => '⁰',
    }
}

/// Power of ten of the leading digit once rounded to `digits` significant ones (9.99 has 1 with two digits).
fn exponent_when_rounded(value: f64, digits: usize) -> i32 {
    let text = format!("{:.*e}", digits - 1, value.abs());
    text.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0)
}

/// Decimals that an uncertainty justifies: two of its digits count when they are at most 35, else one
/// (Particle Data Group, Review of Particle Physics 2024, Introduction, section 5.3).
fn decimals_for_uncertainty(sd: f64) -> usize {
    let exponent = exponent_when_rounded(sd, 3);
    let leading = (sd.abs() / 10f64.powi(exponent - 2)).round();
    let digits = if (355.0..950.0).contains(&leading) { 1 } else { 2 };
    // From 950 on the uncertainty rounds up to the next power of ten and shows two digits of that.
    let exponent = if leading >= 950.0 { exponent + 1 } else { exponent };
    (digits - 1 - exponent).clamp(0, 12) as usize
}

/// `mean ± sd`, both with the decimals that `sd` justifies.
pub(crate) fn estimate(mean: f64, sd: f64) -> String {
    if !sd.is_finite() || sd <= 0.0 {
        return format!("{} ± {}", significant(mean, 4), if sd == 0.0 { "0" } else { NONE });
    }
    let decimals = decimals_for_uncertainty(sd);
    format!("{} ± {}", fixed(mean, decimals), fixed(sd, decimals))
}

/// Decimals that tell values apart which spread over `range`: a hundredth of it is resolved.
pub(crate) fn decimals_for_range(range: f64) -> usize {
    if !range.is_finite() || range <= 0.0 {
        return 3;
    }
    (2 - range.log10().floor() as i32).clamp(0, 9) as usize
}

/// A molecular formula with its counts as subscripts.
pub(crate) fn formula(text: &str) -> String {
    let subscript = |c: char| match c.to_digit(10).filter(|_| c.is_ascii_digit()) {
        Some(digit) => char::from_u32('₀' as u32 + digit).unwrap_or(c),
        None => c,
    };
    text.chars().map(subscript).collect()
}

/// An ISO 8601 moment as people write it: `2026-03-02 09:14:05 UTC`; other text as it is.
pub(crate) fn moment(text: &str) -> String {
    match (text.split_once('T'), text.strip_suffix('Z')) {
        (Some((day, _)), Some(_)) if day.len() == 10 => {
            format!("{day} {} UTC", &text[11..text.len() - 1])
        }
        _ => text.into(),
    }
}

/// A share from 0 to 1 in per cent; below 10 % with a decimal.
pub(crate) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return NONE.into();
    }
    let per_cent = share * 100.0;
    let decimals = match per_cent.abs() {
        p if p == 0.0 || p >= 9.95 => 0,
        p if p >= 0.095 => 1,
        _ => 2,
    };
    format!("{}\u{a0}%", fixed(per_cent, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uncertainty_says_how_many_digits() {
        for (mean, sd, expected) in [
            (-2.345_678, 0.012_34, "−2.346 ± 0.012"),
            (-2.345_678, 0.035_4, "−2.346 ± 0.035"),
            (-2.345_678, 0.036, "−2.35 ± 0.04"),
            (-2.345_678, 0.095_5, "−2.35 ± 0.10"),
            (12.0, 0.999, "12.0 ± 1.0"),
            (1234.5, 150.0, "1234 ± 150"),
            (12_345.0, 1.0, "12\u{202f}345.0 ± 1.0"),
            (0.000_1, 0.5, "0.0 ± 0.5"),
            (-0.000_1, 0.5, "0.0 ± 0.5"),
            (1.0, 0.0, "1.000 ± 0"),
            (1.0, f64::NAN, "1.000 ± –"),
            (f64::NAN, 0.1, "– ± 0.10"),
        ] {
            assert_eq!(estimate(mean, sd), expected, "{mean} {sd}");
        }
    }

    #[test]
    fn significant_digits() {
        for (value, digits, expected) in [
            (0.0, 3, "0"),
            (12.345, 3, "12.3"),
            (9.999, 3, "10.0"),
            (0.012_345, 2, "0.012"),
            (123_456.0, 3, "123\u{202f}456"),
            (1.5e9, 2, "1.5 × 10⁹"),
            (-1.5e-7, 2, "−1.5 × 10⁻⁷"),
            (f64::INFINITY, 2, "–"),
        ] {
            assert_eq!(significant(value, digits), expected, "{value}");
        }
    }

    #[test]
    fn formulas_and_moments() {
        assert_eq!(formula("C12H4Cl2"), "C₁₂H₄Cl₂");
        assert_eq!(moment("2026-03-02T09:14:05Z"), "2026-03-02 09:14:05 UTC");
        for odd in ["TZ", "yesterday", "", "2026-03-02TZ", "ZZZZZZZZZZTé"] {
            moment(odd);
        }
    }

    #[test]
    fn counts_and_shares() {
        assert_eq!(count(6043), "6043");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(percent(0.0), "0\u{a0}%");
        assert_eq!(percent(0.0352), "3.5\u{a0}%");
        assert_eq!(percent(0.000_2), "0.02\u{a0}%");
        assert_eq!(percent(0.905), "90\u{a0}%");
        assert_eq!(decimals_for_range(0.46), 3);
        assert_eq!(decimals_for_range(120.0), 0);
    }
}
