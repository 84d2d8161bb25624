//! Random numbers that are functions of what they are for, so that neither the
//! order of candidates nor the number of threads can change them.

use matter::StructureId;
use std::f64::consts::TAU;

/// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A hash of (seed, round, purpose, structure).
fn hash(seed: u64, round: u64, purpose: u64, id: StructureId) -> u64 {
    let mut state = mix(mix(mix(seed) ^ round) ^ purpose);
    for word in id.as_bytes().chunks_exact(8) {
        let word = word.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
        state = mix(state ^ word);
    }
    state
}

/// A number in (0, 1), uniformly distributed over structures.
pub(crate) fn uniform(seed: u64, round: u64, id: StructureId) -> f64 {
    open_unit(hash(seed, round, 0, id))
}

/// A standard normal number (Box and Muller 1958).
pub(crate) fn normal(seed: u64, round: u64, id: StructureId) -> f64 {
    box_muller(open_unit(hash(seed, round, 1, id)), open_unit(hash(seed, round, 2, id)))
}

/// The middle of one of 2^53 equal parts of the unit interval.
fn open_unit(bits: u64) -> f64 {
    ((bits >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// A standard normal number from two numbers in (0, 1].
pub(crate) fn box_muller(a: f64, b: f64) -> f64 {
    (-2.0 * a.ln()).sqrt() * (TAU * b).cos()
}

/// A structure id for tests.
#[cfg(test)]
pub(crate) fn test_id(n: u64) -> StructureId {
    let hex = format!("{:016x}", mix(n)).repeat(4);
    StructureId::from_hex(&hex).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_distributions() {
        let n = 20_000;
        let (mut u1, mut u2, mut z1, mut z2) = (0.0, 0.0, 0.0, 0.0);
        for i in 0..n {
            let (u, z) = (uniform(1, 2, test_id(i)), normal(1, 2, test_id(i)));
            assert!(u > 0.0 && u < 1.0);
            u1 += u;
            u2 += u * u;
            z1 += z;
            z2 += z * z;
        }
        let n = n as f64;
        assert!((u1 / n - 0.5).abs() < 0.01 && (u2 / n - 1.0 / 3.0).abs() < 0.01);
        assert!((z1 / n).abs() < 0.03 && (z2 / n - 1.0).abs() < 0.04);
    }

    #[test]
    fn seed_round_and_structure_all_count() {
        let base = uniform(1, 1, test_id(1));
        for other in [uniform(2, 1, test_id(1)), uniform(1, 2, test_id(1)), uniform(1, 1, test_id(2))] {
            assert_ne!(base, other);
        }
        assert_eq!(base, uniform(1, 1, test_id(1)));
    }
}
