//! Writing frames.

use super::comment::{is_key, quote};
use super::frame::{ColumnData, Frame};
use std::io::{self, Write};

/// Why a frame cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The stream does not take it.
    #[error("cannot be written: {0}")]
    Io(#[from] io::Error),
    /// A key that the format has no room for, or that has a meaning of its own.
    #[error("`{key}` cannot be a key of extended XYZ: {reason}")]
    Key {
        /// The key.
        key: String,
        /// Why not.
        reason: &'static str,
    },
    /// A value that the format has no room for.
    #[error("`{key}` has a value that extended XYZ cannot hold: {reason}")]
    Value {
        /// The key or column.
        key: String,
        /// Why not.
        reason: String,
    },
}

/// Keys and columns that the frame's own fields fill.
const RESERVED: [&str; 12] = [
    "Properties",
    "Lattice",
    "pbc",
    "charge",
    "total_charge",
    "uhf",
    "multiplicity",
    "spin",
    "species",
    "pos",
    "Z",
    "numbers",
];

/// Writes one frame, such that reading gives back every number to the last bit.
///
/// Nothing is written if the frame cannot be.
pub fn write_frame(stream: &mut impl Write, frame: &Frame) -> Result<(), WriteError> {
    let atoms = frame.geometry.len();
    let mut text = format!("{atoms}\nProperties=species:S:1:pos:R:3");
    for column in &frame.columns {
        check_key(&column.name)?;
        let refuse = |reason: String| WriteError::Value { key: column.name.clone(), reason };
        if column.width == 0 || column.data.len() != atoms * column.width {
            let (have, width) = (column.data.len(), column.width);
            return Err(refuse(format!("it has {have} values, expected {width} for each of {atoms} atoms")));
        }
        if let ColumnData::Text(values) = &column.data
            && values.iter().any(|v| v.is_empty() || v.contains(char::is_whitespace))
        {
            return Err(refuse("a text is empty or has a space".into()));
        }
        text += &format!(":{}:{}:{}", column.name, column.data.letter(), column.width);
    }
    if let Some(charge) = frame.charge {
        text += &format!(" charge={charge}");
    }
    if let Some(unpaired) = frame.unpaired {
        text += &format!(" uhf={unpaired}");
    }
    for (key, value) in &frame.info {
        check_key(key)?;
        let value = quote(value)
            .ok_or_else(|| WriteError::Value { key: key.clone(), reason: "it has a line break".into() })?;
        text += &format!(" {key}={value}");
    }
    text += " pbc=\"F F F\"\n";
    for (i, (element, position)) in
        frame.geometry.elements().iter().zip(frame.geometry.positions()).enumerate()
    {
        text += &format!("{:<2}", element.symbol());
        for x in position {
            // The shortest decimal that is this very number.
            text += &format!(" {x:>20}");
        }
        for column in &frame.columns {
            for k in i * column.width..(i + 1) * column.width {
                match &column.data {
                    ColumnData::Real(v) => text += &format!(" {:>20}", v[k]),
                    ColumnData::Integer(v) => text += &format!(" {:>6}", v[k]),
                    ColumnData::Logical(v) => text += if v[k] { " T" } else { " F" },
                    ColumnData::Text(v) => text += &format!(" {}", v[k]),
                }
            }
        }
        text.push('\n');
    }
    Ok(stream.write_all(text.as_bytes())?)
}

fn check_key(key: &str) -> Result<(), WriteError> {
    let reason = if RESERVED.contains(&key) {
        "it has a meaning of its own there"
    } else if !is_key(key) {
        "keys are made of letters, digits, `_`, `-` and `.`"
    } else {
        return Ok(());
    };
    Err(WriteError::Key { key: key.to_owned(), reason })
}
