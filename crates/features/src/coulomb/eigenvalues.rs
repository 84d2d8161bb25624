//! Eigenvalues of small symmetric matrices.

/// The eigenvalues of a symmetric matrix of `n` rows, row after row, of which
/// the lower triangle is read; in no order.
///
/// Householder's reduction to a tridiagonal matrix (Golub and Van Loan, Matrix
/// Computations, 4th ed., algorithm 8.3.1), then QL steps in Pal, Walker and
/// Kahan's form, which needs no square roots (Parlett, The Symmetric Eigenvalue
/// Problem, section 8.15).
pub(super) fn eigenvalues(mut a: Vec<f64>, n: usize) -> Vec<f64> {
    let (mut diagonal, mut squares) = tridiagonal(&mut a, n);
    squares.iter_mut().for_each(|beside| *beside *= *beside);
    let mut end = n;
    // Two or three steps per eigenvalue are usual; the limit only makes sure
    // that the loop ends.
    for _ in 0..60 * n {
        while end > 1 && negligible(&diagonal, &squares, end - 1) {
            end -= 1;
        }
        if end <= 1 {
            break;
        }
        let mut start = end - 1;
        while start > 0 && !negligible(&diagonal, &squares, start) {
            start -= 1;
        }
        step(&mut diagonal[start..end], &mut squares[start..end]);
    }
    diagonal
}

/// Whether the number between `i - 1` and `i` no longer matters.
fn negligible(diagonal: &[f64], squares: &[f64], i: usize) -> bool {
    let scale = f64::EPSILON * (diagonal[i - 1].abs() + diagonal[i].abs());
    squares[i] <= scale * scale
}

/// The diagonal of a similar tridiagonal matrix, and the numbers beside it:
/// number i is between i - 1 and i.
fn tridiagonal(a: &mut [f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut beside, mut product) = (vec![0.0; n], vec![0.0; n]);
    // Row i is made zero left of its neighbour to the diagonal, last row first.
    for i in (2..n).rev() {
        let (above, row) = a.split_at_mut(i * n);
        let v = &mut row[..i];
        let norm = v.iter().map(|x| x * x).sum::<f64>().sqrt();
        if norm == 0.0 {
            continue;
        }
        let last = v[i - 1];
        let alpha = if last > 0.0 { -norm } else { norm };
        beside[i] = alpha;
        v[i - 1] = last - alpha;
        // H = 1 - beta v v^T; A becomes H A H = A - v w^T - w v^T.
        let beta = 1.0 / (norm * (norm + last.abs()));
        product[..i].fill(0.0);
        for j in 0..i {
            let lower = &above[j * n..j * n + j];
            let factor = v[j];
            product[..j].iter_mut().zip(lower).for_each(|(p, value)| *p += value * factor);
            product[j] += above[j * n + j] * factor + dot(lower, v);
        }
        let p = &mut product[..i];
        let half = 0.5 * beta * beta * dot(p, v);
        p.iter_mut().zip(v.iter()).for_each(|(p, v)| *p = beta * *p - half * v);
        for j in 0..i {
            let (vj, pj) = (v[j], p[j]);
            for ((value, vk), pk) in above[j * n..=j * n + j].iter_mut().zip(v.iter()).zip(p.iter()) {
                *value -= vj * pk + pj * vk;
            }
        }
    }
    if n > 1 {
        beside[1] = a[n];
    }
    ((0..n).map(|i| a[i * n + i]).collect(), beside)
}

/// The sum of products, in four sums that do not wait for each other, of
/// as many numbers as the first has.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<4>(), b[..a.len()].as_chunks::<4>());
    let mut sums = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        sums = [0, 1, 2, 3].map(|i| sums[i] + a[i] * b[i]);
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// Below this a divisor is taken for zero: what it divides stays finite.
const NOTHING: f64 = 1e-280;

/// One step on a tridiagonal matrix, given by its diagonal and the squares of
/// the numbers beside it, towards its last eigenvalue (Wilkinson's shift).
fn step(diagonal: &mut [f64], squares: &mut [f64]) {
    let n = diagonal.len();
    let (square, last) = (squares[n - 1], diagonal[n - 1]);
    let half = 0.5 * (diagonal[n - 2] - last);
    let shift = last - square / (half + (half * half + square).sqrt().copysign(half));
    let (mut cosine, mut sine) = (1.0, 0.0);
    let mut gamma = diagonal[0] - shift;
    let mut p = gamma * gamma;
    for k in 1..n {
        let square = squares[k];
        let r = p + square;
        if k > 1 {
            squares[k - 1] = sine * r;
        }
        if r < NOTHING {
            // Nothing to rotate: the matrix is diagonal as far as here.
            (diagonal[k - 1], gamma) = (gamma + shift, diagonal[k] - shift);
            (cosine, sine, p) = (1.0, 0.0, gamma * gamma);
            continue;
        }
        let (before, old) = (cosine, gamma);
        // The second division does not wait for the first.
        let (inverse, growth) = (1.0 / r, r / p);
        (cosine, sine) = (p * inverse, square * inverse);
        gamma = cosine * (diagonal[k] - shift) - sine * old;
        diagonal[k - 1] = old + (diagonal[k] - gamma);
        p = if p > NOTHING { gamma * gamma * growth } else { before * square };
    }
    squares[n - 1] = sine * p;
    diagonal[n - 1] = shift + gamma;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_difference_matrix_has_its_known_eigenvalues() {
        for n in [1, 2, 3, 10, 40] {
            let mut matrix = vec![0.0; n * n];
            for i in 0..n {
                matrix[i * n + i] = 2.0;
                if i > 0 {
                    matrix[i * n + i - 1] = -1.0;
                }
            }
            // Turned by a reflection, so that it is not tridiagonal.
            let full = |i: usize, j: usize| if i >= j { matrix[i * n + j] } else { matrix[j * n + i] };
            let v: Vec<f64> = (0..n).map(|i| ((i * 7 + 3) as f64).sin()).collect();
            let square: f64 = v.iter().map(|x| x * x).sum();
            let h = |i: usize, j: usize| f64::from(u8::from(i == j)) - 2.0 * v[i] * v[j] / square;
            let mut turned = vec![0.0; n * n];
            for i in 0..n {
                for j in 0..n {
                    for k in 0..n {
                        for l in 0..n {
                            turned[i * n + j] += h(i, k) * full(k, l) * h(l, j);
                        }
                    }
                }
            }
            let mut found = eigenvalues(turned, n);
            found.sort_by(f64::total_cmp);
            for (k, value) in found.iter().enumerate() {
                let angle = std::f64::consts::PI * (k + 1) as f64 / (n + 1) as f64;
                assert!((value - (2.0 - 2.0 * angle.cos())).abs() < 1e-13, "{n} {k} {value}");
            }
        }
    }
}
