//! CSV and TSV.

use super::{Kind, Rows, Value};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufWriter, Write};

pub(super) struct CsvRows<W: Write> {
    rows: csv::Writer<W>,
    field: String,
}

/// A stream with something to write at its end.
pub(super) trait End: Write {
    fn end(self) -> io::Result<()>;
}

impl<W: Write> End for BufWriter<W> {
    fn end(mut self) -> io::Result<()> {
        self.flush()
    }
}

impl<W: Write> End for GzEncoder<W> {
    fn end(self) -> io::Result<()> {
        self.finish()?.flush()
    }
}

impl<W: Write> CsvRows<BufWriter<W>> {
    pub(super) fn plain(stream: W, delimiter: u8, columns: &[(&str, Kind)]) -> Result<Self, String> {
        CsvRows::new(BufWriter::new(stream), delimiter, columns)
    }
}

impl CsvRows<GzEncoder<BufWriter<File>>> {
    pub(super) fn packed(file: File, delimiter: u8, columns: &[(&str, Kind)]) -> Result<Self, String> {
        let encoder = GzEncoder::new(BufWriter::new(file), Compression::default());
        CsvRows::new(encoder, delimiter, columns)
    }
}

impl<W: Write> CsvRows<W> {
    fn new(stream: W, delimiter: u8, columns: &[(&str, Kind)]) -> Result<Self, String> {
        let mut rows = csv::WriterBuilder::new().delimiter(delimiter).from_writer(stream);
        rows.write_record(columns.iter().map(|(name, _)| *name)).map_err(|e| e.to_string())?;
        Ok(CsvRows { rows, field: String::new() })
    }
}

impl<W: End> Rows for CsvRows<W> {
    fn push(&mut self, row: &[Value]) -> Result<(), String> {
        use std::fmt::Write;
        for value in row {
            self.field.clear();
            // Writing into a string cannot fail.
            let _ = match value {
                Value::Missing => Ok(()),
                Value::Number(x) if x.is_nan() => Ok(()),
                // Without an exponent where that is short.
                Value::Number(x) if *x == 0.0 || (1e-5..1e15).contains(&x.abs()) => write!(self.field, "{x}"),
                Value::Number(x) => write!(self.field, "{x:?}"),
                Value::Integer(x) => write!(self.field, "{x}"),
                Value::Bool(x) => write!(self.field, "{x}"),
                Value::Text(x) => self.field.write_str(x),
            };
            self.rows.write_field(&self.field).map_err(|e| e.to_string())?;
        }
        self.rows.write_record(None::<&[u8]>).map_err(|e| e.to_string())
    }

    fn finish(self: Box<Self>) -> Result<(), String> {
        let stream = self.rows.into_inner().map_err(|e| e.error().to_string())?;
        stream.end().map_err(|e| e.to_string())
    }
}
