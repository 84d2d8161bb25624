//! Maximisation in a box by the BFGS method (Nocedal and Wright 2006, section
//! 6.1, with variables at their bounds held), in any number of variables.

/// A value and its gradient.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Point {
    pub(super) at: Vec<f64>,
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
}

/// The box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bounds {
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
}

impl Bounds {
    pub(super) fn clamp(&self, at: &[f64]) -> Vec<f64> {
        at.iter().zip(self.low.iter().zip(&self.high)).map(|(v, (low, high))| v.clamp(*low, *high)).collect()
    }

    /// Whether moving along `gradient` leads out of the box in variable `k`.
    fn held(&self, point: &Point, k: usize) -> bool {
        (point.at[k] <= self.low[k] && point.gradient[k] <= 0.0)
            || (point.at[k] >= self.high[k] && point.gradient[k] >= 0.0)
    }
}

/// The longest step in any variable, and the longest first one.
const LONGEST: f64 = 2.0;
const FIRST: f64 = 0.5;
const HALVINGS: usize = 20;

/// Climbs from `start` until the gradient of free variables is below
/// `tolerance`, no step gains more than rounding, or `iterations` are spent.
/// `evaluate` gives `None` where there is no value.
pub(super) fn climb(
    start: Point,
    bounds: &Bounds,
    tolerance: f64,
    iterations: usize,
    mut evaluate: impl FnMut(&[f64]) -> Option<Point>,
) -> Point {
    let size = start.at.len();
    let mut here = start;
    let mut inverse = identity(size, 1.0);
    let mut scaled = false;
    for _ in 0..iterations {
        let free: Vec<bool> = (0..size).map(|k| !bounds.held(&here, k)).collect();
        let slope: Vec<f64> = (0..size).map(|k| if free[k] { here.gradient[k] } else { 0.0 }).collect();
        if slope.iter().all(|g| g.abs() <= tolerance) {
            break;
        }
        let mut step: Vec<f64> =
            (0..size).map(|k| if free[k] { product(&inverse[k], &slope) } else { 0.0 }).collect();
        if product(&step, &slope) <= 0.0 {
            (step, inverse, scaled) = (slope.clone(), identity(size, 1.0), false);
        }
        let largest = step.iter().fold(0.0_f64, |most, s| most.max(s.abs()));
        let most = if scaled { LONGEST } else { FIRST };
        if largest > most {
            step.iter_mut().for_each(|s| *s *= most / largest);
        }
        let mut next = None;
        for halving in 0..HALVINGS {
            let share = 0.5_f64.powi(halving as i32);
            let aim: Vec<f64> = here.at.iter().zip(&step).map(|(a, s)| a + share * s).collect();
            let at = bounds.clamp(&aim);
            let moved: Vec<f64> = at.iter().zip(&here.at).map(|(a, b)| a - b).collect();
            let expected = product(&moved, &slope);
            if let Some(point) = evaluate(&at)
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
        let y: Vec<f64> = here.gradient.iter().zip(&point.gradient).map(|(a, b)| a - b).collect();
        let gain = point.value - here.value;
        here = point;
        let curvature = product(&s, &y);
        let square = product(&y, &y);
        if curvature > 1e-12 * square.sqrt() * product(&s, &s).sqrt() {
            if !scaled {
                (inverse, scaled) = (identity(size, curvature / square), true);
            }
            update(&mut inverse, &s, &y, curvature);
        }
        if gain.abs() <= 1e-13 * here.value.abs() {
            break;
        }
    }
    here
}

fn identity(size: usize, value: f64) -> Vec<Vec<f64>> {
    (0..size).map(|i| (0..size).map(|j| if i == j { value } else { 0.0 }).collect()).collect()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// `H + (1 + y^T H y / c) s s^T / c - (H y s^T + s y^T H) / c` with `c = s^T y`.
fn update(h: &mut [Vec<f64>], s: &[f64], y: &[f64], c: f64) {
    let hy: Vec<f64> = h.iter().map(|row| product(row, y)).collect();
    let factor = (1.0 + product(&hy, y) / c) / c;
    for (i, row) in h.iter_mut().enumerate() {
        for (j, value) in row.iter_mut().enumerate() {
            *value += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / c;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_climbs_curved_ridges_and_stops_at_walls() {
        // Rosenbrock's function in three variables.
        let ridge = |at: &[f64]| {
            let mut gradient = vec![0.0; 3];
            let mut value = 0.0;
            for k in 0..2 {
                let (u, bend) = (1.0 - at[k], at[k + 1] - at[k] * at[k]);
                value -= u * u + 20.0 * bend * bend;
                gradient[k] += 2.0 * u + 80.0 * at[k] * bend;
                gradient[k + 1] -= 40.0 * bend;
            }
            Some(Point { at: at.to_vec(), value, gradient })
        };
        let start = ridge(&[-1.2, 1.0, 0.5]).unwrap();
        let wide = Bounds { low: vec![-5.0; 3], high: vec![5.0; 3] };
        let top = climb(start.clone(), &wide, 1e-9, 200, ridge);
        assert!(top.at.iter().all(|v| (v - 1.0).abs() < 1e-5), "{top:?}");
        let narrow = Bounds { low: vec![-5.0; 3], high: vec![5.0, 0.5, 5.0] };
        let top = climb(start, &narrow, 1e-9, 200, ridge);
        assert!((top.at[1] - 0.5).abs() < 1e-12 && (top.at[2] - 0.25).abs() < 1e-4, "{top:?}");
    }
}
