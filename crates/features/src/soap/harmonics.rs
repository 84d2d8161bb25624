//! Real solid harmonics r^l Y_lm.

use std::f64::consts::PI;

/// Recurrences of the real solid harmonics, orthonormal on the unit sphere, up
/// to a degree. The m of a degree l are at l^2 .. (l + 1)^2.
///
/// With (x + i y)^m for the azimuth and, for the rest, the recurrence of the
/// associated Legendre functions in z and r^2 with their normalisation in it
/// (Holmes and Featherstone, J. Geod. 76, 279, 2002), nothing is divided by r.
#[derive(Debug, Clone)]
pub(super) struct Harmonics {
    l_max: usize,
    /// The constant of degree m and order m.
    diagonal: Vec<f64>,
    /// Factors of z P(l-1, m) and r^2 P(l-2, m), by l and m.
    factors: Vec<[f64; 2]>,
}

impl Harmonics {
    pub(super) fn new(l_max: usize) -> Self {
        let mut diagonal = vec![(0.25 / PI).sqrt()];
        for m in 1..=l_max {
            let double = 2.0 * m as f64;
            // Orders other than 0 come twice, as a cosine and a sine.
            let twice = if m == 1 { 2.0 } else { 1.0 };
            diagonal.push(diagonal[m - 1] * (twice * (double + 1.0) / double).sqrt());
        }
        let mut factors = vec![[0.0; 2]; (l_max + 1) * (l_max + 1)];
        for l in 1..=l_max {
            for m in 0..l {
                let (l, m) = (l as f64, m as f64);
                let a = ((4.0 * l * l - 1.0) / (l * l - m * m)).sqrt();
                let before = l - 1.0;
                let b = if before > m {
                    ((before * before - m * m) / (4.0 * before * before - 1.0)).sqrt()
                } else {
                    0.0
                };
                factors[l as usize * (l_max + 1) + m as usize] = [a, a * b];
            }
        }
        Self { l_max, diagonal, factors }
    }

    /// How many harmonics there are.
    pub(super) fn len(&self) -> usize {
        (self.l_max + 1) * (self.l_max + 1)
    }

    /// Writes all harmonics of a vector.
    pub(super) fn sample(&self, [x, y, z]: [f64; 3], values: &mut [f64]) {
        let square = x * x + y * y + z * z;
        let (mut cosine, mut sine) = (1.0, 0.0);
        for m in 0..=self.l_max {
            let (mut before, mut current) = (0.0, self.diagonal[m]);
            for l in m..=self.l_max {
                if l > m {
                    let [a, ab] = self.factors[l * (self.l_max + 1) + m];
                    (before, current) = (current, a * z * current - ab * square * before);
                }
                values[l * l + l + m] = current * cosine;
                if m > 0 {
                    values[l * l + l - m] = current * sine;
                }
            }
            (cosine, sine) = (cosine * x - sine * y, cosine * y + sine * x);
        }
    }
}

impl Harmonics {
    /// Writes all harmonics of a vector and their derivatives with respect to
    /// its components.
    pub(super) fn sample_with_gradients(
        &self,
        [x, y, z]: [f64; 3],
        values: &mut [f64],
        gradients: &mut [[f64; 3]],
    ) {
        let square = x * x + y * y + z * z;
        // The cosine and sine parts of (x + i y)^m and of its predecessor: the
        // derivative by x is m times that one, by y i m times.
        let (mut cosine, mut sine) = (1.0, 0.0);
        let (mut cosine_before, mut sine_before) = (0.0, 0.0);
        for m in 0..=self.l_max {
            // The rest depends on z and, besides, on the squared length.
            let (mut before, mut current) = ([0.0; 3], [self.diagonal[m], 0.0, 0.0]);
            for l in m..=self.l_max {
                if l > m {
                    let [a, ab] = self.factors[l * (self.l_max + 1) + m];
                    let next = [
                        a * z * current[0] - ab * square * before[0],
                        a * (current[0] + z * current[1]) - ab * square * before[1],
                        a * z * current[2] - ab * (before[0] + square * before[2]),
                    ];
                    (before, current) = (current, next);
                }
                let [value, by_z, by_square] = current;
                let order = m as f64;
                let mut write = |place: usize, part: f64, part_x: f64, part_y: f64| {
                    values[place] = value * part;
                    let along = 2.0 * by_square * part;
                    gradients[place] = [
                        along * x + value * order * part_x,
                        along * y + value * order * part_y,
                        along * z + by_z * part,
                    ];
                };
                write(l * l + l + m, cosine, cosine_before, -sine_before);
                if m > 0 {
                    write(l * l + l - m, sine, sine_before, cosine_before);
                }
            }
            (cosine_before, sine_before) = (cosine, sine);
            (cosine, sine) = (cosine * x - sine * y, cosine * y + sine * x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmonics_obey_the_addition_theorem() {
        let harmonics = Harmonics::new(9);
        let (u, v) = ([0.3, -0.5, 0.9_f64], [1.1, 0.2, -0.4_f64]);
        let (mut a, mut b) = (vec![0.0; harmonics.len()], vec![0.0; harmonics.len()]);
        harmonics.sample(u, &mut a);
        harmonics.sample(v, &mut b);
        let dot = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
        let norms = [u, v].map(|w| (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]).sqrt());
        let cosine = dot / (norms[0] * norms[1]);
        let (mut before, mut legendre) = (0.0, 1.0);
        for l in 0..=9 {
            let sum: f64 = (l * l..(l + 1) * (l + 1)).map(|i| a[i] * b[i]).sum();
            let degree = l as f64;
            let expected =
                (2.0 * degree + 1.0) / (4.0 * PI) * legendre * (norms[0] * norms[1]).powi(l as i32);
            assert!((sum - expected).abs() < 1e-13 * (1.0 + expected.abs()), "{l} {sum} {expected}");
            let next = ((2.0 * degree + 1.0) * cosine * legendre - degree * before) / (degree + 1.0);
            (before, legendre) = (legendre, next);
        }
    }

    #[test]
    fn the_first_degrees_are_the_known_functions() {
        let harmonics = Harmonics::new(2);
        let mut values = vec![0.0; 9];
        let [x, y, z] = [0.2, -0.7, 0.4];
        harmonics.sample([x, y, z], &mut values);
        let one = (0.75 / PI).sqrt();
        let expected = [one * y, one * z, one * x, 1.092_548_430_592_079_1 * x * y];
        for (value, expected) in values[1..].iter().zip(expected) {
            assert!((value - expected).abs() < 1e-15);
        }
    }

    #[test]
    fn gradients_are_finite_differences() {
        let harmonics = Harmonics::new(7);
        let len = harmonics.len();
        let place = [0.4, -0.8, 0.3];
        let (mut values, mut gradients) = (vec![0.0; len], vec![[0.0; 3]; len]);
        harmonics.sample_with_gradients(place, &mut values, &mut gradients);
        let at = |place: [f64; 3]| {
            let mut values = vec![0.0; len];
            harmonics.sample(place, &mut values);
            values
        };
        assert_eq!(values, at(place));
        for axis in 0..3 {
            let moved = |by: f64| {
                let mut moved = place;
                moved[axis] += by;
                at(moved)
            };
            for ((a, b), gradient) in moved(1e-5).iter().zip(moved(-1e-5)).zip(&gradients) {
                assert!(((a - b) / 2e-5 - gradient[axis]).abs() < 1e-8);
            }
        }
    }
}
