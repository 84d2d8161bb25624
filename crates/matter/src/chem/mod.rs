//! The one adapter over `chematic`.
//!
//! Nothing else in Joulery names that library. Only its `rdkit_*` functions are used (they reproduce RDKit
//! 2026.09 bit for bit; most of its other functions do not), and a few others that were found to equal RDKit (see
//! `descriptors.rs`). Frozen tables of RDKit results in the tests of this crate and of `features` guard against
//! drift when the pinned version is changed.

mod attachment;
mod connection;
mod descriptors;
mod embed;
mod fingerprint;
mod graph;
mod hydroquinone;
mod kekule;
mod layout;
mod smarts;
mod stereo;
mod topology;

pub use attachment::{AttachmentError, Core, Substituent};
pub use connection::{ConnectionTable, TableAtom, TableBond, Wedge};
pub use descriptors::{RdkitDescriptors, Skeleton};
pub use embed::{EmbedError, EmbedOptions, Embedding, ForceField};
pub use fingerprint::FingerprintSize;
pub use graph::{AtomView, BondKind, BondView, Graph, GraphError};
pub use hydroquinone::HydroquinoneError;
pub use smarts::{Smarts, SmartsError};
pub use topology::Topology;
