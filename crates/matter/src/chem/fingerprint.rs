//! Fingerprints of a fixed number of bits.

use super::graph::{Graph, GraphError};
use chematic::fp::{RdkitMorganConfig, RdkitMorganFpSize, RdkitMorganRadius, rdkit_morgan_bitvec};

/// Number of bits of a fingerprint; the sizes for which the library's bits were compared with RDKit's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FingerprintSize {
    /// 128 bits.
    B128,
    /// 256 bits.
    B256,
    /// 512 bits.
    B512,
    /// 1024 bits.
    B1024,
    /// 2048 bits, RDKit's default.
    #[default]
    B2048,
}

impl FingerprintSize {
    /// The number of bits.
    pub fn bits(self) -> usize {
        match self {
            FingerprintSize::B128 => 128,
            FingerprintSize::B256 => 256,
            FingerprintSize::B512 => 512,
            FingerprintSize::B1024 => 1024,
            FingerprintSize::B2048 => 2048,
        }
    }
}

impl Graph {
    /// Sets the bits of the Morgan fingerprint of `radius` (0 to 3) in `words`, which has `size / 64` words:
    /// bit b is bit `b mod 64` of word `b / 64`. RDKit's `GetFingerprint` of `GetMorganGenerator`.
    ///
    /// # Errors
    /// [`GraphError::Unsupported`] for a radius above 3, too few words, and graphs without RDKit-equal
    /// invariants.
    pub fn morgan_bits(
        &self,
        radius: u32,
        size: FingerprintSize,
        words: &mut [u64],
    ) -> Result<(), GraphError> {
        let unsupported =
            |reason: String| GraphError::Unsupported { smiles: self.canonical_smiles().to_owned(), reason };
        if words.len() * 64 < size.bits() {
            return Err(unsupported(format!("{} words for {} bits", words.len(), size.bits())));
        }
        let config = RdkitMorganConfig {
            radius: morgan_radius(radius).map_err(unsupported)?,
            fp_size: match size {
                FingerprintSize::B128 => RdkitMorganFpSize::B128,
                FingerprintSize::B256 => RdkitMorganFpSize::B256,
                FingerprintSize::B512 => RdkitMorganFpSize::B512,
                FingerprintSize::B1024 => RdkitMorganFpSize::B1024,
                FingerprintSize::B2048 => RdkitMorganFpSize::B2048,
            },
            ..RdkitMorganConfig::default()
        };
        let bits = rdkit_morgan_bitvec(self.inner(), &config).map_err(|e| unsupported(e.to_string()))?;
        for (word, bytes) in words.iter_mut().zip(bits.to_le_bytes().chunks(8)) {
            *word = bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        Ok(())
    }
}

/// The library's name of a radius.
pub(super) fn morgan_radius(radius: u32) -> Result<RdkitMorganRadius, String> {
    match radius {
        0 => Ok(RdkitMorganRadius::R0),
        1 => Ok(RdkitMorganRadius::R1),
        2 => Ok(RdkitMorganRadius::R2),
        3 => Ok(RdkitMorganRadius::R3),
        other => Err(format!("Morgan radius {other}: expected 0, 1, 2 or 3")),
    }
}
