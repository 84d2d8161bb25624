//! SDF: molfiles (V2000) with data fields, after Dalby et al., J. Chem. Inf. Comput. Sci. 1992, 32, 244, and the
//! published description "CTfile formats".

mod molfile;
mod read;

pub use read::{SdfReader, SdfRecord};
