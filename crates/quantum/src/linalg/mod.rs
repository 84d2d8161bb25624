//! Dense kernels of the self-consistent loop. All matrices are column-major `n*n` slices of `f64`.
//!
//! Every object allocates in `new(n)` only; the calls afterwards allocate nothing.

mod buffer;
mod density;
mod eigen;
mod gemm;
mod orthogonal;
mod simd;
#[cfg(test)]
mod testing;

pub(crate) use density::density;
pub(crate) use eigen::Eigensolver;
pub(crate) use gemm::multiply;
pub(crate) use orthogonal::Orthogonaliser;
