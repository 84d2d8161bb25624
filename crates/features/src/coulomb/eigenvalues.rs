//! Eigenvalues of small symmetric matrices.

/// The eigenvalues of a symmetric matrix of `n` rows, row after row, of which
/// the lower triangle is read; in no order.
///
/// Householder's reduction to a tridiagonal matrix, then implicit QL steps
/// with Wilkinson's shift (Golub and Van Loan, Matrix Computations, 4th ed.,
/// algorithms 8.3.1 and 8.3.2).
pub(super) fn eigenvalues(mut a: Vec<f64>, n: usize) -> Vec<f64> {
    let (mut diagonal, mut beside) = tridiagonal(&mut a, n);
    let mut end = n;
    // Two or three steps per eigenvalue are usual; the limit only makes sure
    // that the loop ends.
    for _ in 0..60 * n {
        while end > 1 && negligible(&diagonal, &beside, end - 1) {
            end -= 1;
        }
        if end <= 1 {
            break;
        }
        let mut start = end - 1;
        while start > 0 && !negligible(&diagonal, &beside, start) {
            start -= 1;
        }
        step(&mut diagonal[start..end], &mut beside[start..end]);
    }
    diagonal
}

/// Whether the number between `i - 1` and `i` no longer matters.
fn negligible(diagonal: &[f64], beside: &[f64], i: usize) -> bool {
    beside[i].abs() <= f64::EPSILON * (diagonal[i - 1].abs() + diagonal[i].abs())
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
            let mut sum = above[j * n + j] * v[j];
            for (k, &value) in lower.iter().enumerate() {
                sum += value * v[k];
                product[k] += value * v[j];
            }
            product[j] += sum;
        }
        let p = &mut product[..i];
        let half = 0.5 * beta * beta * p.iter().zip(v.iter()).map(|(p, v)| p * v).sum::<f64>();
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

/// One implicit step on a tridiagonal matrix, towards its last eigenvalue.
fn step(diagonal: &mut [f64], beside: &mut [f64]) {
    let n = diagonal.len();
    let (a, b, c) = (diagonal[n - 2], beside[n - 1], diagonal[n - 1]);
    let half = 0.5 * (a - c);
    let shift = c - b * b / (half + half.hypot(b).copysign(half));
    let (mut x, mut z) = (diagonal[0] - shift, beside[1]);
    for k in 0..n - 1 {
        let r = (x * x + z * z).sqrt();
        let (cos, sin) = if r > 0.0 { (x / r, z / r) } else { (1.0, 0.0) };
        if k > 0 {
            beside[k] = r;
        }
        let (a, b, c) = (diagonal[k], beside[k + 1], diagonal[k + 1]);
        let cross = 2.0 * cos * sin * b;
        diagonal[k] = cos * cos * a + cross + sin * sin * c;
        diagonal[k + 1] = sin * sin * a - cross + cos * cos * c;
        beside[k + 1] = cos * sin * (c - a) + (cos * cos - sin * sin) * b;
        if k + 2 < n {
            x = beside[k + 1];
            z = sin * beside[k + 2];
            beside[k + 2] *= cos;
        }
    }
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
