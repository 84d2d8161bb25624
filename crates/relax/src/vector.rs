//! Vectors of three numbers.

pub(crate) type Vec3 = [f64; 3];

pub(crate) fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(crate) fn add(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub(crate) fn scale(a: Vec3, factor: f64) -> Vec3 {
    [a[0] * factor, a[1] * factor, a[2] * factor]
}

pub(crate) fn dot3(a: Vec3, b: Vec3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

pub(crate) fn norm(a: Vec3) -> f64 {
    dot3(a, a).sqrt()
}

/// Direction and length; atoms at one place are refused before, so the length is never zero.
pub(crate) fn unit(a: Vec3) -> (Vec3, f64) {
    let length = norm(a);
    (scale(a, 1.0 / length), length)
}

/// The unit vector of the Cartesian axis that is least along `a`, made perpendicular to `a`.
pub(crate) fn perpendicular(a: Vec3) -> Vec3 {
    let mut axis = [0.0; 3];
    let least = (0..3).fold(0, |best, k| if a[k].abs() < a[best].abs() - 1e-6 { k } else { best });
    axis[least] = 1.0;
    let along = dot3(axis, a) / dot3(a, a);
    unit(sub(axis, scale(a, along))).0
}

/// Inner product of long vectors, in four interleaved sums of fixed order.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a_blocks, b_blocks) = (a.chunks_exact(4), b.chunks_exact(4));
    let tail: f64 = a_blocks.remainder().iter().zip(b_blocks.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a_blocks.zip(b_blocks) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + tail
}

/// `a += factor * b`.
pub(crate) fn axpy(a: &mut [f64], factor: f64, b: &[f64]) {
    for (x, y) in a.iter_mut().zip(b) {
        *x += factor * y;
    }
}
