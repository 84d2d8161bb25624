//! The published contributions of fragments to the SA score.

use crate::error::SynthesisError;
use flate2::read::DeflateDecoder;
use std::io::Read;
use std::sync::OnceLock;

/// Made by `data/make_fragment_scores.py`, which describes the layout.
static PACKED: &[u8] = include_bytes!("../data/fragment_scores.bin");

/// Contribution of a Morgan environment by its identifier.
#[derive(Debug)]
pub(crate) struct Fragments {
    /// Ascending.
    ids: Vec<u32>,
    /// Index into `scores` of each.
    indices: Vec<u16>,
    scores: Vec<f64>,
}

impl Fragments {
    /// The table, unpacked at the first call.
    pub(crate) fn get() -> Result<&'static Fragments, SynthesisError> {
        static TABLE: OnceLock<Result<Fragments, SynthesisError>> = OnceLock::new();
        TABLE.get_or_init(|| Fragments::unpack(PACKED)).as_ref().map_err(Clone::clone)
    }

    /// Contribution of a fragment; `None` if it was not among those of the million molecules that the table was
    /// made from.
    pub(crate) fn score(&self, id: u32) -> Option<f64> {
        let place = self.ids.binary_search(&id).ok()?;
        self.scores.get(usize::from(self.indices[place])).copied()
    }

    fn unpack(packed: &[u8]) -> Result<Fragments, SynthesisError> {
        let damaged = |reason| SynthesisError::Internal { reason };
        let mut bytes = Vec::new();
        DeflateDecoder::new(packed).read_to_end(&mut bytes).map_err(|_| damaged("not a deflate stream"))?;
        let mut rest = &bytes[..];
        let cut = || damaged("it is cut short");
        let count = take_u32(&mut rest).ok_or_else(cut)?;
        let mut scores = Vec::new();
        for _ in 0..count {
            let score = take_u32(&mut rest).ok_or_else(cut)? as i32;
            scores.push(f64::from(score) / 1e4);
        }
        let count = take_u32(&mut rest).ok_or_else(cut)? as usize;
        let mut ids = Vec::new();
        let mut id: u32 = 0;
        for _ in 0..count {
            let step = take_varint(&mut rest).ok_or_else(cut)?;
            id = id.checked_add(step).ok_or_else(|| damaged("an identifier is too large"))?;
            ids.push(id);
        }
        if rest.len() != 2 * count {
            return Err(damaged("its length is wrong"));
        }
        let (low, high) = rest.split_at(count);
        let indices: Vec<u16> = low.iter().zip(high).map(|(l, h)| u16::from_le_bytes([*l, *h])).collect();
        if indices.iter().any(|i| usize::from(*i) >= scores.len()) {
            return Err(damaged("a score is missing"));
        }
        Ok(Fragments { ids, indices, scores })
    }
}

fn take_u32(bytes: &mut &[u8]) -> Option<u32> {
    let (head, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    Some(u32::from_le_bytes(*head))
}

fn take_varint(bytes: &mut &[u8]) -> Option<u32> {
    let mut value: u32 = 0;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 127).checked_shl(shift)?;
        if byte & 128 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_is_there() {
        let table = Fragments::get().unwrap();
        assert_eq!((table.ids.len(), table.scores.len()), (705_292, 3_549));
        assert!(table.ids.windows(2).all(|w| w[0] < w[1]));
        // From the first row of the source.
        assert_eq!(table.score(910_163_969), Some(-2.8254));
        assert_eq!(table.score(0), None);
    }

    #[test]
    fn damage_is_noticed() {
        for packed in [&PACKED[..1000], &[], &[1, 2, 3]] {
            assert!(matches!(Fragments::unpack(packed), Err(SynthesisError::Internal { .. })));
        }
    }
}
