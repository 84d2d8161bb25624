//! Maximisation in a box of two variables by the BFGS method (Nocedal and
//! Wright 2006, section 6.1, with variables at their bounds held).

/// A value and its gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) at: [f64; 2],
    pub(crate) value: f64,
    pub(crate) gradient: [f64; 2],
}

/// The inverse of a negative Hessian.
pub(crate) type Inverse = [[f64; 2]; 2];

/// The box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) low: [f64; 2],
    pub(crate) high: [f64; 2],
}

impl Bounds {
    pub(crate) fn clamp(&self, at: [f64; 2]) -> [f64; 2] {
        [at[0].clamp(self.low[0], self.high[0]), at[1].clamp(self.low[1], self.high[1])]
    }

    /// Whether moving along `gradient` leads out of the box in variable `k`.
    fn held(&self, point: &Point, k: usize) -> bool {
        (point.at[k] <= self.low[k] && point.gradient[k] <= 0.0)
            || (point.at[k] >= self.high[k] && point.gradient[k] >= 0.0)
    }
}

/// The longest step in either variable.
const LONGEST: f64 = 2.0;
const ITERATIONS: usize = 60;
const HALVINGS: usize = 25;

/// Climbs from `start` until the gradient of free variables is below
/// `tolerance`, or no step gains more than rounding. `evaluate` gives `None`
/// where there is no value. `curvature` is the inverse of the negative Hessian,
/// if something is known of it; the top comes with what was learnt of it.
pub(crate) fn climb(
    start: Point,
    bounds: Bounds,
    tolerance: f64,
    curvature: Option<Inverse>,
    mut evaluate: impl FnMut([f64; 2]) -> Option<Point>,
) -> (Point, Option<Inverse>) {
    let mut here = start;
    let mut inverse = curvature.unwrap_or([[1.0, 0.0], [0.0, 1.0]]);
    let mut scaled = curvature.is_some();
    for _ in 0..ITERATIONS {
        let free = [!bounds.held(&here, 0), !bounds.held(&here, 1)];
        let slope = [0, 1].map(|k| if free[k] { here.gradient[k] } else { 0.0 });
        if slope.iter().all(|g| g.abs() <= tolerance) {
            break;
        }
        let mut step =
            [0, 1].map(|k| if free[k] { inverse[k][0] * slope[0] + inverse[k][1] * slope[1] } else { 0.0 });
        if step[0] * slope[0] + step[1] * slope[1] <= 0.0 {
            (step, inverse, scaled) = (slope, [[1.0, 0.0], [0.0, 1.0]], false);
        }
        let largest = step[0].abs().max(step[1].abs());
        let most = if scaled { LONGEST } else { 0.5 };
        if largest > most {
            step = step.map(|s| s * most / largest);
        }
        let mut next = None;
        for halving in 0..HALVINGS {
            let share = 0.5_f64.powi(halving as i32);
            let at = bounds.clamp([here.at[0] + share * step[0], here.at[1] + share * step[1]]);
            let moved = [at[0] - here.at[0], at[1] - here.at[1]];
            let expected = moved[0] * slope[0] + moved[1] * slope[1];
            if let Some(point) = evaluate(at)
                && point.value >= here.value + 1e-4 * expected
            {
                next = Some((point, moved));
                break;
            }
            if expected.abs() < 1e-13 * here.value.abs() {
                break;
            }
        }
        let Some((point, s)) = next else { break };
        let y = [here.gradient[0] - point.gradient[0], here.gradient[1] - point.gradient[1]];
        let gain = point.value - here.value;
        here = point;
        let curvature = s[0] * y[0] + s[1] * y[1];
        let square = y[0] * y[0] + y[1] * y[1];
        if curvature > 1e-12 * square.sqrt() * (s[0] * s[0] + s[1] * s[1]).sqrt() {
            if !scaled {
                let size = curvature / square;
                (inverse, scaled) = ([[size, 0.0], [0.0, size]], true);
            }
            inverse = update(inverse, s, y, curvature);
        }
        if gain.abs() <= 1e-13 * here.value.abs() {
            break;
        }
    }
    (here, scaled.then_some(inverse))
}

/// `(I - s y^T / c) H (I - y s^T / c) + s s^T / c` with `c = s^T y`.
fn update(h: [[f64; 2]; 2], s: [f64; 2], y: [f64; 2], c: f64) -> [[f64; 2]; 2] {
    let left = [[1.0 - s[0] * y[0] / c, -s[0] * y[1] / c], [-s[1] * y[0] / c, 1.0 - s[1] * y[1] / c]];
    let mut out = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..2 {
                for l in 0..2 {
                    out[i][j] += left[i][k] * h[k][l] * left[j][l];
                }
            }
            out[i][j] += s[i] * s[j] / c;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_climbs_curved_ridges_and_stops_at_walls() {
        let ridge = |at: [f64; 2]| {
            let [x, y] = at;
            let bend = y - x * x;
            let value = -(1.0 - x).powi(2) - 30.0 * bend * bend;
            Some(Point { at, value, gradient: [2.0 * (1.0 - x) + 120.0 * x * bend, -60.0 * bend] })
        };
        let start = ridge([-1.2, 1.0]).unwrap();
        let wide = Bounds { low: [-5.0; 2], high: [5.0; 2] };
        let top = climb(start, wide, 1e-9, None, ridge).0;
        assert!((top.at[0] - 1.0).abs() < 1e-6 && (top.at[1] - 1.0).abs() < 1e-6, "{top:?}");
        let narrow = Bounds { low: [-5.0; 2], high: [0.5, 5.0] };
        let top = climb(start, narrow, 1e-9, None, ridge).0;
        assert!((top.at[0] - 0.5).abs() < 1e-9 && (top.at[1] - 0.25).abs() < 1e-6, "{top:?}");
    }
}
