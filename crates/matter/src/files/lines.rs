//! Lines with their numbers.

use super::error::{FileError, FileProblem};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// No line of a file of molecules is longer: a bound on memory, also for what a compressed file unpacks to.
const LONGEST_LINE: usize = 1 << 20;

/// Opens a file for reading; gzip is recognised by its first two bytes, whatever the name.
pub fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    let mut file = BufReader::new(File::open(path)?);
    if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(BufReader::new(MultiGzDecoder::new(file))));
    }
    Ok(Box::new(file))
}

/// Gives the lines of a stream as text, and counts them.
#[derive(Debug)]
pub struct LineReader<R> {
    stream: R,
    line: usize,
    buffer: Vec<u8>,
    ended: bool,
}

impl<R: BufRead> LineReader<R> {
    /// Reads from `stream`.
    pub fn new(stream: R) -> LineReader<R> {
        LineReader { stream, line: 0, buffer: Vec::new(), ended: false }
    }

    /// Number of the line last read, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The next line without its end (`\n` or `\r\n`); `None` at the end of the stream.
    ///
    /// # Errors
    /// What is no text (the next call goes on behind it), a line that is too long, and what the system says:
    /// after the last two there are no more lines.
    pub fn next_line(&mut self) -> Result<Option<String>, FileError> {
        if self.ended {
            return Ok(None);
        }
        self.buffer.clear();
        let read = self.stream.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut self.buffer);
        match read {
            Ok(0) => {
                self.ended = true;
                return Ok(None);
            }
            Ok(_) => self.line += 1,
            Err(error) => {
                self.ended = true;
                return Err(FileError::last(self.line + 1, FileProblem::Io(error)));
            }
        }
        if self.buffer.len() > LONGEST_LINE {
            self.ended = true;
            return Err(FileError::last(self.line, FileProblem::LongLine { limit: LONGEST_LINE }));
        }
        if self.line == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
            self.buffer.drain(..3);
        }
        let text =
            std::str::from_utf8(&self.buffer).map_err(|_| FileError::new(self.line, FileProblem::NotText))?;
        let text = text.strip_suffix('\n').unwrap_or(text);
        Ok(Some(text.strip_suffix('\r').unwrap_or(text).to_owned()))
    }

    /// The next line, which must be there.
    pub(super) fn expect_line(&mut self, expected: &str) -> Result<String, FileError> {
        self.next_line()?.ok_or_else(|| {
            FileError::last(self.line + 1, FileProblem::Truncated { expected: expected.into() })
        })
    }

    /// Reads no more.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn is_ended(&self) -> bool {
        self.ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn lines_are_counted_and_errors_do_not_end_the_text() {
        let mut lines = LineReader::new(&b"\xef\xbb\xbfone\r\n\xff\n\nthree"[..]);
        assert_eq!(lines.next_line().unwrap().as_deref(), Some("one"));
        let error = lines.next_line().unwrap_err();
        assert_eq!((error.line, error.ends_reading()), (2, false));
        assert_eq!(lines.next_line().unwrap().as_deref(), Some(""));
        assert_eq!(lines.next_line().unwrap().as_deref(), Some("three"));
        assert_eq!(lines.line(), 4);
        assert!(lines.next_line().unwrap().is_none());
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut lines = LineReader::new(BufReader::new(io::repeat(b'x')));
        let error = lines.next_line().unwrap_err();
        assert!(error.ends_reading() && error.to_string().contains("longer than"), "{error}");
        assert!(lines.next_line().unwrap().is_none());
    }

    #[test]
    fn gzip_is_recognised_by_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("library.smi");
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"CCO ethanol\n").unwrap();
        std::fs::write(&path, encoder.finish().unwrap()).unwrap();
        let mut lines = LineReader::new(open(&path).unwrap());
        assert_eq!(lines.next_line().unwrap().as_deref(), Some("CCO ethanol"));
        // The checksum of a file cut short is missed.
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 6]).unwrap();
        let mut lines = LineReader::new(open(&path).unwrap());
        let outcome = (0..3).map(|_| lines.next_line()).find(|l| l.is_err());
        assert!(outcome.unwrap().unwrap_err().ends_reading());
    }
}
