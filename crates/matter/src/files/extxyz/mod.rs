//! XYZ and extended XYZ, as the Atomic Simulation Environment (ASE) reads and writes it.
//!
//! A frame is a line with the number of atoms, a comment line, and a line per atom. In extended XYZ the comment
//! line is a list of `key=value`, of which `Properties=species:S:1:pos:R:3` names the columns; without it the
//! columns are symbol, x, y, z. Positions are in angstrom.
//!
//! | key | meaning |
//! |---|---|
//! | `charge` or `total_charge` | total charge in e; 0 if absent |
//! | `uhf` | number of unpaired electrons; 0 if absent |
//! | `multiplicity` | the same as `uhf` + 1 |
//! | `spin` | refused without one of the two above: some programs mean 2S by it, others 2S + 1 |
//! | `Lattice`, `pbc` | refused unless `pbc="F F F"`: a molecule has no cell |
//!
//! All other keys and columns are kept as they are.

mod comment;
mod frame;
mod read;
mod write;

pub use frame::{Column, ColumnData, Frame};
pub use read::FrameReader;
pub use write::{WriteError, write_frame};
