//! The values of one column.

use crate::error::{Problem, shortened};
use crate::record;
use ::parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use ::parquet::column::reader::ColumnReader;
use ::parquet::data_type::{ByteArray, FixedLenByteArray};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::RowGroupReader;
use ::parquet::schema::types::ColumnDescriptor;

/// A column of single values, some of which may be missing.
pub(super) struct ColumnCells {
    leaf: usize,
    name: String,
    most: i16,
    meaning: Meaning,
    reader: Option<ColumnReader>,
    levels: Vec<i16>,
    cells: Vec<Option<Cell>>,
}

/// A value as it is stored.
enum Cell {
    Bytes(ByteArray),
    Integer(i128),
    Real(f64),
    Bool(bool),
}

/// What a stored value means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meaning {
    Bytes,
    Signed,
    Unsigned,
    /// Divided by ten to this power.
    Decimal(i32),
    Half,
    Plain,
}

const READABLE: &str = "a number, a text or a truth value per row";

impl ColumnCells {
    /// A column of a file, if its values can be read; else what it is and what was expected.
    pub(super) fn new(
        leaf: usize,
        name: String,
        column: &ColumnDescriptor,
    ) -> Result<ColumnCells, (String, &'static str)> {
        let refuse = |found: String| Err((found, READABLE));
        if column.max_rep_level() > 0 {
            return refuse("list".into());
        }
        let physical = column.physical_type();
        let logical = column.logical_type_ref();
        let time = matches!(
            logical,
            Some(LogicalType::Date | LogicalType::Time { .. } | LogicalType::Timestamp { .. })
        ) || matches!(
            column.converted_type(),
            ConvertedType::DATE
                | ConvertedType::TIME_MILLIS
                | ConvertedType::TIME_MICROS
                | ConvertedType::TIMESTAMP_MILLIS
                | ConvertedType::TIMESTAMP_MICROS
                | ConvertedType::INTERVAL
        );
        if time || physical == Physical::INT96 {
            return refuse("time".into());
        }
        let decimal = column.converted_type() == ConvertedType::DECIMAL
            || matches!(logical, Some(LogicalType::Decimal { .. }));
        let unsigned = matches!(
            column.converted_type(),
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64
        );
        let half = matches!(logical, Some(LogicalType::Float16)) && column.type_length() == 2;
        let meaning = match physical {
            Physical::INT32 | Physical::INT64 if decimal => Meaning::Decimal(column.type_scale()),
            Physical::INT32 | Physical::INT64 if unsigned => Meaning::Unsigned,
            Physical::INT32 | Physical::INT64 => Meaning::Signed,
            Physical::FIXED_LEN_BYTE_ARRAY | Physical::BYTE_ARRAY if decimal => {
                Meaning::Decimal(column.type_scale())
            }
            Physical::FIXED_LEN_BYTE_ARRAY if half => Meaning::Half,
            Physical::FIXED_LEN_BYTE_ARRAY => return refuse("bytes".into()),
            Physical::BYTE_ARRAY => Meaning::Bytes,
            _ => Meaning::Plain,
        };
        let most = column.max_def_level();
        Ok(ColumnCells { leaf, name, most, meaning, reader: None, levels: Vec::new(), cells: Vec::new() })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Goes to the beginning of a row group.
    pub(super) fn start(&mut self, group: &dyn RowGroupReader) -> Result<(), ParquetError> {
        self.reader = Some(group.get_column_reader(self.leaf)?);
        Ok(())
    }

    /// Reads `rows` rows in place of those before; gives how many there were.
    pub(super) fn read(&mut self, rows: usize) -> Result<usize, ParquetError> {
        self.cells.clear();
        self.levels.clear();
        let Some(reader) = &mut self.reader else { return Ok(0) };
        let (most, meaning, levels) = (self.most, self.meaning, &mut self.levels);
        // One arm per stored type, since each reader has a type of its own.
        macro_rules! read {
            ($reader:expr, $cell:expr) => {{
                let mut values = Vec::new();
                let (read, _, _) = $reader.read_records(rows, Some(levels), None, &mut values)?;
                let mut values = values.into_iter().map($cell);
                if most == 0 {
                    self.cells.extend(values.by_ref().take(read).map(Some));
                } else {
                    self.cells.extend(levels.iter().map(|l| if *l == most { values.next() } else { None }));
                }
            }};
        }
        let integer = |x: i64| Cell::Integer(i128::from(x));
        match reader {
            ColumnReader::BoolColumnReader(r) => read!(r, Cell::Bool),
            ColumnReader::Int32ColumnReader(r) if meaning == Meaning::Unsigned => {
                read!(r, |x: i32| Cell::Integer(i128::from(x as u32)))
            }
            ColumnReader::Int32ColumnReader(r) => read!(r, |x: i32| integer(i64::from(x))),
            ColumnReader::Int64ColumnReader(r) if meaning == Meaning::Unsigned => {
                read!(r, |x: i64| Cell::Integer(i128::from(x as u64)))
            }
            ColumnReader::Int64ColumnReader(r) => read!(r, integer),
            ColumnReader::FloatColumnReader(r) => read!(r, |x: f32| Cell::Real(f64::from(x))),
            ColumnReader::DoubleColumnReader(r) => read!(r, Cell::Real),
            ColumnReader::ByteArrayColumnReader(r) => read!(r, Cell::Bytes),
            ColumnReader::FixedLenByteArrayColumnReader(r) => {
                read!(r, |x: FixedLenByteArray| Cell::Bytes(x.into()))
            }
            ColumnReader::Int96ColumnReader(_) => {}
        }
        if let Meaning::Decimal(_) | Meaning::Half = meaning {
            self.cells.iter_mut().flatten().for_each(|cell| cell.understand(meaning));
        }
        Ok(self.cells.len())
    }

    fn cell(&self, row: usize) -> Option<&Cell> {
        self.cells.get(row).and_then(Option::as_ref)
    }

    /// The value of a row as a number.
    pub(super) fn number(&self, row: usize) -> Result<Option<f64>, Problem> {
        let value = match self.cell(row) {
            None => return Ok(None),
            Some(Cell::Bytes(bytes)) => return record::number(&self.name, self.utf8(bytes)?),
            Some(Cell::Integer(x)) => *x as f64,
            Some(Cell::Real(x)) => *x,
            Some(Cell::Bool(x)) => f64::from(u8::from(*x)),
        };
        if value.is_finite() {
            return Ok(Some(value));
        }
        Err(Problem::Number { column: self.name.clone(), found: shortened(&value.to_string()) })
    }

    /// The value of a row as text.
    pub(super) fn text(&self, row: usize) -> Result<Option<String>, Problem> {
        Ok(match self.cell(row) {
            None => None,
            Some(Cell::Bytes(bytes)) => record::text(self.utf8(bytes)?),
            Some(Cell::Integer(x)) => Some(x.to_string()),
            Some(Cell::Real(x)) => Some(x.to_string()),
            Some(Cell::Bool(x)) => Some(x.to_string()),
        })
    }

    fn utf8<'a>(&self, bytes: &'a ByteArray) -> Result<&'a str, Problem> {
        std::str::from_utf8(bytes.data()).map_err(|_| Problem::NotText { column: self.name.clone() })
    }
}

impl Cell {
    /// Decimals and halves become numbers.
    fn understand(&mut self, meaning: Meaning) {
        let value = match (&*self, meaning) {
            (Cell::Integer(x), Meaning::Decimal(scale)) => scaled(*x, scale),
            (Cell::Bytes(bytes), Meaning::Decimal(scale)) => {
                // Big-endian two's complement, as long as it likes to be.
                let data = bytes.data();
                let negative = data.first().is_some_and(|b| b & 0x80 != 0);
                let start = if negative { -1.0 } else { 0.0 };
                match <[u8; 16]>::try_from(data) {
                    Ok(all) => scaled(i128::from_be_bytes(all), scale),
                    Err(_) if data.len() < 16 => {
                        let mut all = [if negative { 0xff } else { 0 }; 16];
                        all[16 - data.len()..].copy_from_slice(data);
                        scaled(i128::from_be_bytes(all), scale)
                    }
                    Err(_) => {
                        let value = data.iter().fold(start, |sum: f64, b| sum * 256.0 + f64::from(*b));
                        value / 10f64.powi(scale)
                    }
                }
            }
            (Cell::Bytes(bytes), Meaning::Half) => match bytes.data() {
                [low, high] => half(u16::from_le_bytes([*low, *high])),
                _ => f64::NAN,
            },
            _ => return,
        };
        *self = Cell::Real(value);
    }
}

/// `x / 10^scale`, rounded once where `x` is small enough to be exact.
fn scaled(x: i128, scale: i32) -> f64 {
    x as f64 / 10f64.powi(scale)
}

/// IEEE 754 binary16.
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 != 0 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_and_decimals() {
        assert_eq!([0x3c00, 0xc000, 0x3555, 0x0001].map(half), [1.0, -2.0, 0.333251953125, 2f64.powi(-24)]);
        let decimal = |bytes: &[u8], scale| {
            let mut cell = Cell::Bytes(ByteArray::from(bytes.to_vec()));
            cell.understand(Meaning::Decimal(scale));
            match cell {
                Cell::Real(x) => x,
                _ => f64::NAN,
            }
        };
        assert_eq!(decimal(&[0x04, 0xd2], 2), 12.34);
        assert_eq!(decimal(&[0xff, 0xfe], 1), -0.2);
        assert_eq!(decimal(&[0xff; 20], 0), -1.0);
    }
}
