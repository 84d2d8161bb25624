//! What a normally distributed value is worth: expected improvement in closed
//! form for every goal.

use crate::gaussian::{ln_first_moment_above, ln_interval, ln_trapezoid};
use crate::{Gaussian, Goal, Utility};

/// Beyond this distance in standard deviations a normal distribution is treated
/// as a known value; squares of larger numbers overflow.
const POINT_MASS: f64 = 1e150;

impl Goal {
    /// `ln E max(0, u(y) - u*)`: logarithm of the expected improvement of a
    /// value `y ~ N(mean, sd)` over the incumbent utility `u*`. Minus infinity
    /// where no improvement is possible; finite where the expected improvement
    /// itself underflows, so that ranking by it never ends in equal zeros
    /// (Ament, Daulton, Eriksson, Balandat and Bakshy, NeurIPS 36, 2023).
    ///
    /// **Maximise** and **minimise** (Jones, Schonlau and Welch, J. Global
    /// Optim. 13, 455, 1998, eq. 15), with `z = (mean - u*)/sd`, for the minimum
    /// `z = (-mean - u*)/sd`:
    ///
    /// ```text
    /// EI = sd [z Phi(z) + phi(z)] = sd tau(z)
    /// ```
    ///
    /// **Target** and **range**: with `r = -u*`, the distance of the incumbent,
    /// the improvement `max(0, r - distance(y))` is a trapezoid in `y`: 0 up to
    /// `low - r`, rising with slope 1 to `r` at `low`, level up to `high`, falling
    /// to 0 at `high + r`; for a target `low = high = t`. A piecewise linear
    /// function is the sum over its kinks `a` of (change of slope) times
    /// `max(0, y - a)`, and `E max(0, y - a) = sd tau((mean - a)/sd)`, hence
    ///
    /// ```text
    /// EI = sd [tau(z(low - r)) - tau(z(low)) - tau(z(high)) + tau(z(high + r))],
    /// z(a) = (mean - a)/sd
    /// ```
    ///
    /// (the target: `tau(z(t - r)) - 2 tau(z(t)) + tau(z(t + r))`). These
    /// differences cancel where `r` is small against `sd` or the range is far
    /// away; the same integral is therefore taken as the sum of its three
    /// positive pieces (two ramps and the level part), each scaled by the density at its heavier end.
    pub fn ln_expected_improvement(&self, y: Gaussian, incumbent: Utility) -> f64 {
        let above = |gain: f64| {
            let z = gain / y.sd;
            if y.sd > 0.0 && z.abs() < POINT_MASS {
                y.sd.ln() + ln_first_moment_above(z)
            } else if gain > 0.0 {
                gain.ln()
            } else {
                f64::NEG_INFINITY
            }
        };
        match *self {
            Goal::Maximise => above(y.mean - incumbent.0),
            Goal::Minimise => above(-y.mean - incumbent.0),
            Goal::Target(target) => within(target, target, y, incumbent),
            Goal::Range { low, high } => within(low, high, y, incumbent),
        }
    }

    /// Expected improvement `E max(0, u(y) - u*)` in the unit of the property:
    /// see [`Goal::ln_expected_improvement`].
    pub fn expected_improvement(&self, y: Gaussian, incumbent: Utility) -> f64 {
        self.ln_expected_improvement(y, incumbent).exp()
    }

    /// Expected utility `E u(y)` of a value `y ~ N(mean, sd)`: the mean for
    /// maximise, minus the mean for minimise, else minus the expected distance
    /// `sd [tau((low - mean)/sd) + tau((mean - high)/sd)]`.
    pub fn expected_utility(&self, y: Gaussian) -> Utility {
        let distance = |low: f64, high: f64| {
            let beyond = |gap: f64| {
                let z = gap / y.sd;
                if y.sd > 0.0 && z.abs() < POINT_MASS {
                    (y.sd.ln() + ln_first_moment_above(z)).exp()
                } else {
                    gap.max(0.0)
                }
            };
            beyond(low - y.mean) + beyond(y.mean - high)
        };
        Utility(match *self {
            Goal::Maximise => y.mean,
            Goal::Minimise => -y.mean,
            Goal::Target(target) => -distance(target, target),
            Goal::Range { low, high } => -distance(low, high),
        })
    }

    /// Probability that a value `y ~ N(mean, sd)` is better than the incumbent,
    /// in [0, 1].
    pub fn probability_better(&self, y: Gaussian, incumbent: Utility) -> f64 {
        if y.sd <= 0.0 {
            return f64::from(u8::from(self.utility(y.mean).0 > incumbent.0));
        }
        let below = |x: f64| 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
        let inside = |low: f64, high: f64| {
            let r = -incumbent.0;
            if r <= 0.0 {
                return 0.0;
            }
            let (start, end) = ((low - r - y.mean) / y.sd, (high + r - y.mean) / y.sd);
            if start.abs().max(end.abs()) < POINT_MASS {
                ln_interval(start, end, (high - low + 2.0 * r) / y.sd).exp().min(1.0)
            } else {
                below(end) - below(start)
            }
        };
        match *self {
            Goal::Maximise => below((y.mean - incumbent.0) / y.sd),
            Goal::Minimise => below((-y.mean - incumbent.0) / y.sd),
            Goal::Target(target) => inside(target, target),
            Goal::Range { low, high } => inside(low, high),
        }
    }
}

/// `ln` of the expected improvement for a range (a target is a range of width 0).
fn within(low: f64, high: f64, y: Gaussian, incumbent: Utility) -> f64 {
    let r = -incumbent.0;
    if r <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let (start, end) = ((low - y.mean) / y.sd, (high - y.mean) / y.sd);
    let height = r / y.sd;
    if y.sd > 0.0 && start.abs().max(end.abs()) + height < POINT_MASS {
        y.sd.ln() + ln_trapezoid(start, end, (high - low) / y.sd, height)
    } else {
        let gain = r - (low - y.mean).max(y.mean - high).max(0.0);
        if gain > 0.0 { gain.ln() } else { f64::NEG_INFINITY }
    }
}
