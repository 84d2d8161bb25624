//! Content hashes as identities.

use crate::molecule::Molecule;
use sha2::{Digest, Sha256};
use std::fmt;

/// Identity of a structure: SHA-256 over what it is.
///
/// Hashed are the canonical SMILES (if there is a graph), elements and positions rounded to 1e-6 angstrom (if
/// there is a geometry), charge and unpaired electrons. Names, files and the order of discovery do not count.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StructureId([u8; 32]);

impl StructureId {
    pub(crate) fn of(molecule: &Molecule) -> StructureId {
        let mut hash = Sha256::new();
        hash.update(b"joulery molecule 1\n");
        hash.update(format!("charge {} unpaired {}\n", molecule.charge(), molecule.unpaired()));
        if let Some(graph) = molecule.graph() {
            hash.update(format!("smiles {}\n", graph.canonical_smiles()));
        }
        if let Some(geometry) = molecule.geometry() {
            for (element, position) in geometry.elements().iter().zip(geometry.positions()) {
                // Integer micro-angstroms, so that -0.0 and 0.0 are one.
                let p = position.map(|x| (x * 1e6).round() as i64);
                hash.update(format!("{} {} {} {}\n", element.number(), p[0], p[1], p[2]));
            }
        }
        StructureId(hash.finalize().into())
    }

    /// The hash's bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From 64 hexadecimal digits, as written by `Display`.
    pub fn from_hex(text: &str) -> Option<StructureId> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(StructureId(bytes))
    }
}

impl fmt::Display for StructureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for StructureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StructureId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_follows_content() {
        let id = |s: &str| Molecule::from_smiles(s).unwrap().id();
        assert_eq!(id("OCC"), id("CCO"));
        assert_ne!(id("CCO"), id("CCN"));
        assert_eq!(StructureId::from_hex(&id("CCO").to_string()), Some(id("CCO")));
        assert_eq!(StructureId::from_hex("zz"), None);
    }
}
