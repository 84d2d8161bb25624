//! Published numbers, as tables written by `scripts/quantum_tables.py` and `scripts/solvation_tables.py`.

pub(crate) mod alpb;
pub(crate) mod d4;
pub(crate) mod elements;
pub(crate) mod gfn2;
pub(crate) mod lebedev;
pub(crate) mod sto_ng;
