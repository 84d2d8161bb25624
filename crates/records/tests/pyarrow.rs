//! Files that another program wrote (`data/make_parquet.py`).

use records::{Columns, RecordsError, Source};
use std::path::PathBuf;

fn file(compression: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    PathBuf::from(folder).join(format!("pyarrow_{compression}.parquet"))
}

const NUMBERS: [&str; 10] = ["f64", "f32", "f16", "i8", "u32", "flag", "small", "large", "text", "nested.x"];

#[test]
fn types_pages_and_compressions() {
    for compression in ["none", "snappy", "gzip", "zstd", "lz4"] {
        let want = Columns { texts: vec!["flag".into(), "text".into()], ..Columns::with_numbers(NUMBERS) };
        let records: Vec<_> = Source::new([file(compression)]).open(&want).unwrap().collect();
        assert_eq!(records.len(), 90);
        for (i, record) in records.into_iter().enumerate() {
            let record = record.unwrap();
            let (x, unless) = (i as f64, |n: usize, value: f64| (i % n > 0).then_some(value));
            let flag = f64::from(u8::from(i % 2 == 0));
            let expected = [
                unless(4, x / 7.0),
                Some(x / 4.0),
                Some(x / 8.0),
                Some(x - 128.0),
                Some(4294967295.0 - x),
                unless(5, flag),
                Some((x - 150.0) / 100.0),
                Some((x - 150.0) / 1000.0),
                unless(6, x + 0.5),
                unless(3, x * 2.0),
            ];
            assert_eq!(record.numbers, expected, "{compression} row {i}");
            assert_eq!(record.structure.label(), "C".repeat(1 + i % 50));
            assert_eq!(record.name, Some((9223372036854775808u64 + i as u64).to_string()));
            assert_eq!(record.texts[0], (i % 5 > 0).then(|| (i % 2 == 0).to_string()));
            assert_eq!(record.texts[1], (i % 6 > 0).then(|| format!("{i}.5")));
        }
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    for (column, found) in [("list.list.element", "list"), ("day", "time")] {
        let error = Source::new([file("none")]).open(&Columns::with_numbers([column])).unwrap_err();
        let told = matches!(&error, RecordsError::ColumnType { found: f, .. } if f == found);
        assert!(told, "{error}");
    }
    let error = Source::new([file("brotli")]).open(&Columns::default()).unwrap_err();
    assert!(
        error.to_string().contains("column `smiles` is packed with BROTLI: write it with Snappy"),
        "{error}"
    );
}
