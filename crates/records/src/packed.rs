//! Files plain or compressed, with a count of the bytes read.

use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) type Stream = Box<dyn BufRead + Send>;

/// Bytes at a time; large, since files are read from end to end.
const BUFFER: usize = 1 << 17;

/// Bytes read of a file, as it lies on the disk, to be looked at while someone else reads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<AtomicU64>);

impl Counter {
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

struct Counted<R> {
    inner: R,
    counter: Counter,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.counter.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Largest window of a zstd frame that is unpacked (2^27 bytes = 128 MiB, the limit of the zstd program).
const WINDOW_LOG_MAX: u32 = 27;

/// Opens a file; gzip and zstd are recognised by their first bytes, whatever the name.
pub(crate) fn open(path: &Path, counter: &Counter) -> io::Result<Stream> {
    let counted = Counted { inner: File::open(path)?, counter: counter.clone() };
    let mut file = BufReader::with_capacity(BUFFER, counted);
    let start = file.fill_buf()?;
    if start.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file))));
    }
    // A zstd frame, or a skippable frame, which may stand before one.
    let skippable = start.len() >= 4 && start[0] & 0xf0 == 0x50 && start[1..4] == [0x2a, 0x4d, 0x18];
    if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) || skippable {
        let mut decoder = zstd::stream::read::Decoder::with_buffer(file)?;
        decoder.window_log_max(WINDOW_LOG_MAX)?;
        return Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)));
    }
    Ok(Box::new(file))
}

/// Opens a file for reading here and there: one that is compressed is unpacked into a temporary file without a name.
pub(crate) fn open_seekable(path: &Path) -> io::Result<File> {
    let mut file = File::open(path)?;
    let mut start = [0; 4];
    let read = file.read(&mut start)?;
    file.rewind()?;
    if read < 4 || !(start.starts_with(&[0x1f, 0x8b]) || start == [0x28, 0xb5, 0x2f, 0xfd]) {
        return Ok(file);
    }
    let mut unpacked = tempfile::tempfile()?;
    io::copy(&mut open(path, &Counter::default())?, &mut unpacked)?;
    unpacked.rewind()?;
    Ok(unpacked)
}
