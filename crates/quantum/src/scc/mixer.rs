//! Convergence acceleration: modified Broyden mixing (Johnson, Phys. Rev. B 1988, 38, 12807) of charges and
//! atomic moments.

/// Weight of the condition that the inverse Jacobian change little (Johnson's w0).
const KEEP: f64 = 0.01;

/// Number of past cycles that are used.
const MEMORY: usize = 12;

/// Finds the next input vector from the inputs and residuals of the cycles so far. Allocates in `new` only.
#[derive(Clone, Debug)]
pub(crate) struct Broyden {
    size: usize,
    damping: f64,
    /// Cycles seen since `reset`.
    seen: usize,
    input: Vec<f64>,
    last_input: Vec<f64>,
    last_residual: Vec<f64>,
    /// Normalised changes of the residual, ring of `MEMORY` columns.
    changes: Vec<f64>,
    /// `damping * change of residual + change of input`, same ring.
    updates: Vec<f64>,
    /// Weight of every column.
    weights: [f64; MEMORY],
    /// Dot products between the columns of `changes`.
    products: [[f64; MEMORY]; MEMORY],
}

impl Broyden {
    /// For vectors of this length.
    pub fn new(size: usize) -> Broyden {
        Broyden {
            size,
            damping: 0.4,
            seen: 0,
            input: vec![0.0; size],
            last_input: vec![0.0; size],
            last_residual: vec![0.0; size],
            changes: vec![0.0; size * MEMORY],
            updates: vec![0.0; size * MEMORY],
            weights: [0.0; MEMORY],
            products: [[0.0; MEMORY]; MEMORY],
        }
    }

    /// Starts anew from an input vector, with the step length of the first, simple mixing.
    pub fn reset(&mut self, damping: f64, input: impl Iterator<Item = f64>) {
        self.damping = damping;
        self.seen = 0;
        for (x, value) in self.input.iter_mut().zip(input) {
            *x = value;
        }
    }

    /// The present input vector.
    pub fn input(&self) -> &[f64] {
        &self.input
    }

    /// Takes the residual `output - input` of the present input and moves to the next input.
    pub fn next(&mut self, residual: &[f64]) {
        let n = self.size;
        let norm = dot(residual, residual).sqrt();
        if self.seen > 0 {
            let slot = (self.seen - 1) % MEMORY;
            let columns = slot * n..slot * n + n;
            let change = &mut self.changes[columns.clone()];
            for (c, (r, last)) in change.iter_mut().zip(residual.iter().zip(&self.last_residual)) {
                *c = r - last;
            }
            let scale = 1.0 / dot(change, change).sqrt().max(1e-300);
            change.iter_mut().for_each(|c| *c *= scale);
            for (i, u) in self.updates[columns].iter_mut().enumerate() {
                *u = self.damping * self.changes[slot * n + i] + scale * (self.input[i] - self.last_input[i]);
            }
            // Late cycles tell more about the solution than early ones.
            self.weights[slot] = (0.01 / norm.max(1e-300)).clamp(1.0, 1e5);
            for other in 0..self.seen.min(MEMORY) {
                let product =
                    dot(&self.changes[slot * n..slot * n + n], &self.changes[other * n..other * n + n]);
                self.products[slot][other] = product;
                self.products[other][slot] = product;
            }
        }
        self.last_input.copy_from_slice(&self.input);
        self.last_residual.copy_from_slice(residual);

        let used = self.seen.min(MEMORY);
        let mut matrix = [[0.0; MEMORY]; MEMORY];
        let mut right = [0.0; MEMORY];
        for k in 0..used {
            for l in 0..used {
                matrix[k][l] = self.weights[k] * self.weights[l] * self.products[k][l];
            }
            matrix[k][k] += KEEP * KEEP;
            right[k] = self.weights[k] * dot(&self.changes[k * n..k * n + n], residual);
        }
        solve(&mut matrix, &mut right, used);
        for (x, r) in self.input.iter_mut().zip(residual) {
            *x += self.damping * r;
        }
        for k in 0..used {
            let factor = self.weights[k] * right[k];
            for (x, u) in self.input.iter_mut().zip(&self.updates[k * n..k * n + n]) {
                *x -= factor * u;
            }
        }
        self.seen += 1;
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Solves the symmetric positive definite system in place by Cholesky decomposition.
fn solve(a: &mut [[f64; MEMORY]; MEMORY], b: &mut [f64; MEMORY], n: usize) {
    for j in 0..n {
        for k in 0..j {
            for i in j..n {
                a[i][j] -= a[i][k] * a[j][k];
            }
        }
        let pivot = a[j][j].max(1e-300).sqrt();
        for row in a.iter_mut().take(n).skip(j) {
            row[j] /= pivot;
        }
    }
    for i in 0..n {
        for k in 0..i {
            b[i] -= a[i][k] * b[k];
        }
        b[i] /= a[i][i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            b[i] -= a[k][i] * b[k];
        }
        b[i] /= a[i][i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stiff_linear_map_converges_in_about_as_many_cycles_as_it_has_dimensions() {
        let n = 6;
        let rates = [0.1, -3.0, 0.5, -8.0, 0.9, -1.5];
        let fixed: Vec<f64> = (0..n).map(|i| i as f64 - 2.0).collect();
        let mut mixer = Broyden::new(n);
        mixer.reset(0.4, std::iter::repeat(0.0));
        for _ in 0..14 {
            let residual: Vec<f64> =
                (0..n).map(|i| (rates[i] - 1.0) * (mixer.input()[i] - fixed[i])).collect();
            mixer.next(&residual);
        }
        for i in 0..n {
            assert!((mixer.input()[i] - fixed[i]).abs() < 1e-6, "{i} {}", mixer.input()[i]);
        }
    }
}
