//! Parquet: optional columns, packed with Snappy, in row groups of bounded size.

use super::{Kind, Rows, Value};
use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::column::writer::ColumnWriter;
use ::parquet::data_type::ByteArray;
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::Type;
use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

/// Rows of a row group, which is what is held in memory.
const GROUP: usize = 1 << 16;

pub(super) struct ParquetRows {
    writer: SerializedFileWriter<BufWriter<File>>,
    columns: Vec<Cells>,
    rows: usize,
}

/// Values of one column of a row group: those that are there, and for every row whether there is one.
struct Cells {
    there: Vec<i16>,
    values: Values,
}

enum Values {
    Number(Vec<f64>),
    Integer(Vec<i64>),
    Text(Vec<ByteArray>),
    Bool(Vec<bool>),
}

impl ParquetRows {
    pub(super) fn new(file: File, columns: &[(&str, Kind)]) -> Result<ParquetRows, String> {
        let build = || {
            let mut fields = Vec::with_capacity(columns.len());
            for (name, kind) in columns {
                let (physical, logical) = match kind {
                    Kind::Number => (Physical::DOUBLE, None),
                    Kind::Integer => (Physical::INT64, None),
                    Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
                    Kind::Bool => (Physical::BOOLEAN, None),
                };
                let field = Type::primitive_type_builder(name, physical)
                    .with_repetition(Repetition::OPTIONAL)
                    .with_logical_type(logical);
                fields.push(Arc::new(field.build()?));
            }
            let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            SerializedFileWriter::new(BufWriter::new(file), schema, Arc::new(properties))
        };
        let writer = build().map_err(|e: ParquetError| e.to_string())?;
        let columns = columns.iter().map(|(_, kind)| Cells {
            there: Vec::new(),
            values: match kind {
                Kind::Number => Values::Number(Vec::new()),
                Kind::Integer => Values::Integer(Vec::new()),
                Kind::Text => Values::Text(Vec::new()),
                Kind::Bool => Values::Bool(Vec::new()),
            },
        });
        Ok(ParquetRows { writer, columns: columns.collect(), rows: 0 })
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for cells in &mut self.columns {
            let Some(mut column) = group.next_column()? else { break };
            let there = Some(cells.there.as_slice());
            match (column.untyped(), &cells.values) {
                (ColumnWriter::DoubleColumnWriter(w), Values::Number(v)) => w.write_batch(v, there, None)?,
                (ColumnWriter::Int64ColumnWriter(w), Values::Integer(v)) => w.write_batch(v, there, None)?,
                (ColumnWriter::ByteArrayColumnWriter(w), Values::Text(v)) => w.write_batch(v, there, None)?,
                (ColumnWriter::BoolColumnWriter(w), Values::Bool(v)) => w.write_batch(v, there, None)?,
                _ => return Err(ParquetError::General("a column has another type than its values".into())),
            };
            column.close()?;
            cells.there.clear();
            match &mut cells.values {
                Values::Number(v) => v.clear(),
                Values::Integer(v) => v.clear(),
                Values::Text(v) => v.clear(),
                Values::Bool(v) => v.clear(),
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Rows for ParquetRows {
    fn push(&mut self, row: &[Value]) -> Result<(), String> {
        for (cells, value) in self.columns.iter_mut().zip(row) {
            let there = match (value, &mut cells.values) {
                (Value::Number(x), Values::Number(v)) if !x.is_nan() => {
                    v.push(*x);
                    1
                }
                (Value::Integer(x), Values::Integer(v)) => {
                    v.push(*x);
                    1
                }
                (Value::Text(x), Values::Text(v)) => {
                    v.push(ByteArray::from(x.as_str()));
                    1
                }
                (Value::Bool(x), Values::Bool(v)) => {
                    v.push(*x);
                    1
                }
                _ => 0,
            };
            cells.there.push(there);
        }
        self.rows += 1;
        if self.rows == GROUP {
            self.write_group().map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), String> {
        self.write_group().map_err(|e| e.to_string())?;
        let mut stream = self.writer.into_inner().map_err(|e| e.to_string())?;
        std::io::Write::flush(&mut stream).map_err(|e| e.to_string())
    }
}
