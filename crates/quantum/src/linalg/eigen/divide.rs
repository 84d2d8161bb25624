//! Divide and conquer for the symmetric tridiagonal eigenproblem.
//!
//! J. J. M. Cuppen, Numer. Math. 1980, 36, 177: tear the matrix in two, solve both halves, join them by a rank-one
//! update. Eigenvectors of the update by M. Gu, S. C. Eisenstat, SIAM J. Matrix Anal. Appl. 1995, 16, 172, which
//! are orthogonal however close the eigenvalues are.
//!
//! Eigenvectors are kept transposed, element `r` of vector `j` at `[r * stride + j]`: registers then run over
//! eigenvalues in the joins, and over eigenvectors in the back-transformation.

use super::super::gemm::Product;
use super::super::simd::{Kernel, Simd};
use super::leaf::{self, LEAF, edge};
use super::secular::{BEYOND, Secular};

/// Arrays of numbers that a join needs.
const ARRAYS: usize = 8;

/// Memory of the joins.
pub(super) struct Workspace {
    numbers: Vec<f64>,
    leaves: Box<leaf::Vectors>,
    order: Vec<usize>,
    kept: Vec<usize>,
    deflated: Vec<(f64, usize)>,
    rotations: Vec<Rotation>,
}

/// A rotation of two eigenvectors that left one of them out of the update.
#[derive(Clone, Copy)]
struct Rotation {
    out: usize,
    stays: usize,
    cosine: f64,
    sine: f64,
}

impl Workspace {
    pub fn new(n: usize) -> Workspace {
        Workspace {
            numbers: vec![0.0; ARRAYS * (n + BEYOND)],
            leaves: Box::new([[[0.0; 8]; LEAF]; LEAF]),
            order: Vec::with_capacity(n),
            kept: Vec::with_capacity(n),
            deflated: Vec::with_capacity(n),
            rotations: Vec::with_capacity(n),
        }
    }
}

/// The tridiagonal problem.
pub(super) struct Divide<'a> {
    /// Rows.
    pub n: usize,
    /// Distance between columns of `q`, `other` and `u`.
    pub stride: usize,
    /// Told the eigenvalues, how many eigenvectors, of the lowest ones, are wanted.
    pub choose: &'a mut dyn FnMut(&[f64]) -> usize,
    /// Diagonal, of the order of one; becomes the eigenvalues times `scale`, ascending.
    pub d: &'a mut [f64],
    /// The eigenvalues are asked for in this unit.
    pub scale: f64,
    /// Off-diagonal, destroyed.
    pub e: &'a mut [f64],
    /// Becomes the transposed eigenvectors, or `other` does. `stride * n` numbers each.
    pub q: &'a mut [f64],
    pub other: &'a mut [f64],
    /// Eigenvectors of the updates. `stride * n` numbers.
    pub u: &'a mut [f64],
    pub workspace: &'a mut Workspace,
}

impl Kernel for Divide<'_> {
    /// How many eigenvectors there are, and whether they are in `other`. Nothing where an iteration did not converge.
    type Output = Option<(usize, bool)>;

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) -> Option<(usize, bool)> {
        let n = self.n;
        let leaves = leaf::leaves::<S>(n);
        for k in 1..leaves {
            let cut = edge(n, leaves, k);
            let size = self.e[cut - 1].abs();
            self.d[cut - 1] -= size;
            self.d[cut] -= size;
        }
        for k in (0..leaves).step_by(S::LANES) {
            if !leaf::solve(
                simd,
                (leaves, k),
                self.d,
                self.e,
                (self.q, self.stride),
                &mut self.workspace.leaves,
            ) {
                return None;
            }
        }
        if leaves == 1 {
            return Some((chosen(self.d, self.scale, self.choose), false));
        }
        let mut in_other = false;
        let mut width = 1;
        let mut wanted = n;
        while width < leaves {
            for k in (0..leaves).step_by(2 * width) {
                wanted = self.join(simd, [k, k + width, k + 2 * width].map(|k| edge(n, leaves, k)))?;
            }
            std::mem::swap(&mut self.q, &mut self.other);
            in_other = !in_other;
            width *= 2;
        }
        Some((wanted, in_other))
    }
}

impl Divide<'_> {
    /// Joins the blocks from `low` and from `middle` on, both solved, into one. Returns how many of its eigenvectors
    /// there are: not all where it is the last join.
    #[inline(always)]
    fn join<S: Simd>(&mut self, simd: S, [low, middle, high]: [usize; 3]) -> Option<usize> {
        let (m, stride) = (high - low, self.stride);
        let coupling = self.e[middle - 1];
        let room = self.d.len() + BEYOND;
        let space = &mut *self.workspace;
        let mut arrays = space.numbers.chunks_exact_mut(room);
        let mut array = || arrays.next().unwrap_or_default();
        let (z, d) = (array(), array());
        let (poles, squares, origin, offset) = (array(), array(), array(), array());
        let (place_origin, place_offset) = (array(), array());

        // The update: d + rho z z^T with z of length one.
        let (first, second) = (middle - low, high - middle);
        let sign = 1f64.copysign(coupling) * std::f64::consts::FRAC_1_SQRT_2;
        let last_row = &self.q[(middle - 1) * stride + low..][..first];
        let first_row = &self.q[middle * stride + middle..][..second];
        for (z, x) in z.iter_mut().zip(last_row) {
            *z = x * std::f64::consts::FRAC_1_SQRT_2;
        }
        for (z, x) in z[first..].iter_mut().zip(first_row) {
            *z = x * sign;
        }
        let rho = 2.0 * coupling.abs();
        d[..m].copy_from_slice(&self.d[low..high]);

        // Deflation: elements of z that are nothing, and eigenvalues so close that a rotation of their vectors
        // makes one of their elements nothing.
        merge_order(&d[..m], first, &mut space.order);
        let largest = |x: &[f64]| x.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        let tolerance = 4.0 * f64::EPSILON * largest(&d[..m]).max(largest(&z[..m]));
        space.kept.clear();
        space.deflated.clear();
        space.rotations.clear();
        let mut candidate = None;
        for &j in &space.order {
            if rho * z[j].abs() <= tolerance {
                space.deflated.push((d[j], j));
                continue;
            }
            let Some(i) = candidate.replace(j) else { continue };
            let length = (z[i] * z[i] + z[j] * z[j]).sqrt();
            let (cosine, sine) = (z[j] / length, -z[i] / length);
            let distance = d[j] - d[i];
            if (distance * cosine * sine).abs() > tolerance {
                space.kept.push(i);
                continue;
            }
            z[j] = length;
            z[i] = 0.0;
            let (a, b) = (d[i], d[j]);
            d[i] = a * cosine * cosine + b * sine * sine;
            d[j] = a * sine * sine + b * cosine * cosine;
            space.rotations.push(Rotation { out: i, stays: j, cosine, sine });
            space.deflated.push((d[i], i));
        }
        space.kept.extend(candidate);
        sort(&mut space.deflated);

        let count = space.kept.len();
        for (k, &i) in space.kept.iter().enumerate() {
            poles[k] = d[i];
            squares[k] = z[i] * z[i];
        }
        if count > 0 {
            let mut secular = Secular { count, poles, squares, rho, origin, offset };
            if !secular.solve(simd) {
                return None;
            }
        }

        // Roots and deflated eigenvalues in ascending order.
        let mut left_out = space.deflated.iter().peekable();
        let mut next = 0;
        space.order.clear();
        for (place, value) in self.d[low..high].iter_mut().enumerate() {
            let root = if next < count { origin[next] + offset[next] } else { f64::INFINITY };
            match left_out.peek() {
                Some(&&(x, i)) if x <= root => {
                    *value = x;
                    space.order.push(i);
                    (place_origin[place], place_offset[place]) = (FAR, 0.0);
                    left_out.next();
                }
                _ => {
                    *value = root;
                    space.order.push(m);
                    (place_origin[place], place_offset[place]) = (origin[next], offset[next]);
                    next += 1;
                }
            }
        }
        for place in m..m + S::LANES {
            (place_origin[place], place_offset[place]) = (FAR, 0.0);
        }
        let wanted = if m == self.n { chosen(self.d, self.scale, self.choose) } else { m };

        // The z for which the roots are exact, in place of its squares.
        for k in count..count + S::LANES {
            poles[k] = -FAR;
        }
        for i in (0..count).step_by(S::LANES) {
            let pole = simd.get(poles, i);
            let one = simd.splat(1.0);
            let mut product = one;
            for j in 0..count {
                let above = simd.add(simd.sub(simd.splat(origin[j]), pole), simd.splat(offset[j]));
                let below = simd.sub(simd.splat(poles[j]), pole);
                let itself = simd.less(simd.abs(below), simd.splat(f64::MIN_POSITIVE));
                product = simd.mul(product, simd.div(above, simd.select(itself, one, below)));
            }
            simd.put(squares, i, simd.sqrt(simd.abs(product)));
        }
        for (k, &i) in space.kept.iter().enumerate() {
            squares[k] = squares[k].copysign(z[i]);
        }

        // Eigenvectors of the update, transposed; registers run over the eigenvalues.
        let columns = |i: usize| i * stride;
        let zero = simd.splat(0.0);
        for &(_, i) in &space.deflated {
            for place in (0..wanted).step_by(S::LANES) {
                simd.put(self.u, columns(i) + place, zero);
            }
        }
        for place in (0..wanted).step_by(S::LANES) {
            let (near, by) = (simd.get(place_origin, place), simd.get(place_offset, place));
            let mut norm = zero;
            for (k, &i) in space.kept.iter().enumerate() {
                let x = simd.sub(simd.sub(simd.splat(poles[k]), near), by);
                let x = simd.div(simd.splat(squares[k]), x);
                norm = simd.fma(x, x, norm);
                simd.put(self.u, columns(i) + place, x);
            }
            let active = simd.less(near, simd.splat(0.5 * FAR));
            let scale = simd.select(active, simd.div(simd.splat(1.0), simd.sqrt(norm)), zero);
            for &i in &space.kept {
                let at = columns(i) + place;
                simd.put(self.u, at, simd.mul(simd.get(self.u, at), scale));
            }
        }
        for (place, &i) in space.order.iter().enumerate().take(wanted) {
            if i < m {
                self.u[columns(i) + place] = 1.0;
            }
        }
        for r in space.rotations.iter().rev() {
            let (c, s) = (simd.splat(r.cosine), simd.splat(r.sine));
            for place in (0..wanted).step_by(S::LANES) {
                let (a, b) = (columns(r.out) + place, columns(r.stays) + place);
                let (x, y) = (simd.get(self.u, a), simd.get(self.u, b));
                simd.put(self.u, a, simd.fnma(s, y, simd.mul(c, x)));
                simd.put(self.u, b, simd.fma(s, x, simd.mul(c, y)));
            }
        }

        // Times the eigenvectors of the halves.
        for (from, size, column) in [(low, first, 0), (middle, second, first)] {
            let b = &self.q[from * stride + from..][..(size - 1) * stride + size];
            let c = &mut self.other[from * stride + low..][..(size - 1) * stride + wanted];
            let a = &self.u[columns(column)..][..(size - 1) * stride + wanted];
            let (a, b) = ((a.as_ptr(), stride), (b.as_ptr(), 1, stride));
            let product = Product::of((wanted, size, size), a, b, (c.as_mut_ptr(), stride));
            // SAFETY: the slices above are what the product touches, in three different buffers.
            unsafe { product.call(simd) };
        }
        Some(wanted)
    }
}

/// The eigenvalues are there: scales them and asks how many eigenvectors are wanted.
fn chosen(d: &mut [f64], scale: f64, choose: &mut dyn FnMut(&[f64]) -> usize) -> usize {
    d.iter_mut().for_each(|x| *x *= scale);
    choose(d).min(d.len())
}

/// Farther than any eigenvalue: they are of the order of one.
const FAR: f64 = 1e3;

/// Indices of two ascending lists, one after the other in `d`, in ascending order.
fn merge_order(d: &[f64], first: usize, order: &mut Vec<usize>) {
    order.clear();
    let (mut i, mut j) = (0, first);
    while order.len() < d.len() {
        if j == d.len() || (i < first && d[i] <= d[j]) {
            order.push(i);
            i += 1;
        } else {
            order.push(j);
            j += 1;
        }
    }
}

/// By value; nearly in order already.
fn sort(list: &mut [(f64, usize)]) {
    for k in 1..list.len() {
        let mut at = k;
        while at > 0 && list[at - 1].0 > list[at].0 {
            list.swap(at - 1, at);
            at -= 1;
        }
    }
}
