//! Random numbers that depend on nothing but a seed: SplitMix64 (Steele, Lea
//! and Flood, OOPSLA 2014).

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// A stream for `seed` and `stream`; different pairs give unrelated ones.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut random = Self(seed ^ stream.wrapping_mul(0xd134_2543_de82_ef95));
        random.next();
        random
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0 (Lemire's multiplication; the
    /// bias is below 2^-32 for bounds below 2^32).
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// `count` of `0..n` without repetition, ascending (Knuth's algorithm S).
    pub(crate) fn sample(&mut self, n: usize, count: usize) -> impl Iterator<Item = usize> + '_ {
        let mut needed = count.min(n);
        (0..n).filter(move |i| {
            let taken = self.below(n - i) < needed;
            needed -= usize::from(taken);
            taken
        })
    }
}
