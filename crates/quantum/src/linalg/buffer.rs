//! Memory that begins at a cache line.

/// Doubles per cache line of 64 bytes, and the unit of padding: no register is longer.
pub(super) const LINE: usize = 8;

/// Zeros at first, the first of them at the beginning of a cache line.
pub(super) struct Buffer(Vec<f64>, usize);

impl Buffer {
    pub fn new(length: usize) -> Buffer {
        Buffer(vec![0.0; length + LINE], length)
    }

    /// Distance between columns of `n` numbers: whole cache lines, and not a multiple of 512 bytes, which would send
    /// all columns to the same few sets of the cache.
    pub fn stride(n: usize) -> usize {
        let stride = n.next_multiple_of(LINE);
        if stride >= 64 && stride.is_multiple_of(64) { stride + LINE } else { stride }
    }
}

impl std::ops::Deref for Buffer {
    type Target = [f64];

    #[inline]
    fn deref(&self) -> &[f64] {
        // The allocation never moves, so this is the same place each time.
        let skip = self.0.as_ptr().align_offset(64).min(LINE);
        &self.0[skip..skip + self.1]
    }
}

impl std::ops::DerefMut for Buffer {
    #[inline]
    fn deref_mut(&mut self) -> &mut [f64] {
        let skip = self.0.as_ptr().align_offset(64).min(LINE);
        &mut self.0[skip..skip + self.1]
    }
}
