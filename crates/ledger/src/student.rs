//! Quantiles of Student's t distribution.

/// Degrees of freedom beyond which the quantile is taken as that at this number: by then it is within 0.1 % of
/// the normal distribution's, and on its far side.
const MOST: u32 = 2000;

/// Probability that |t| is below `x` >= 0, for a whole number of degrees of freedom
/// (Abramowitz and Stegun, equations 26.7.3 and 26.7.4).
fn within(x: f64, degrees: u32) -> f64 {
    let theta = (x / f64::from(degrees).sqrt()).atan();
    let (sin, cos) = theta.sin_cos();
    let odd = degrees % 2 == 1;
    let (mut term, mut sum) = if odd { (cos, 0.0) } else { (1.0, 0.0) };
    let mut k = if odd { 1 } else { 0 };
    // Terms in cos^k up to cos^(degrees-2).
    while k + 2 <= degrees {
        sum += term;
        term *= cos * cos * f64::from(k + 1) / f64::from(k + 2);
        k += 2;
    }
    if odd { 2.0 / std::f64::consts::PI * (theta + sin * sum) } else { sin * sum }
}

/// The `x` that t is below with the given probability, for 0.5 <= probability < 1 and at least one degree of
/// freedom.
pub(crate) fn quantile(probability: f64, degrees: u32) -> f64 {
    let degrees = degrees.clamp(1, MOST);
    let target = 2.0 * probability - 1.0;
    let (mut low, mut high) = (0.0, 1.0);
    while within(high, degrees) < target && high < 1e15 {
        high *= 2.0;
    }
    while high - low > 1e-12 * high {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if within(middle, degrees) < target { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Abramowitz and Stegun, table 26.10: probability 0.95 and 0.995 of one side.
    #[test]
    fn printed_tables() {
        for (degrees, upper95, upper995) in [
            (1, 6.314, 63.657),
            (2, 2.920, 9.925),
            (3, 2.353, 5.841),
            (4, 2.132, 4.604),
            (10, 1.812, 3.169),
            (29, 1.699, 2.756),
            (30, 1.697, 2.750),
            (120, 1.658, 2.617),
        ] {
            assert!((quantile(0.95, degrees) - upper95).abs() < 6e-4, "{degrees}");
            assert!((quantile(0.995, degrees) - upper995).abs() < 6e-4, "{degrees}");
        }
        assert!(quantile(0.5, 7).abs() < 1e-9);
        assert!((quantile(0.95, 5_000_000) - 1.6449).abs() < 2e-3);
    }
}
