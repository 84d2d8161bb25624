//! Whatever the bytes are, every reader ends without a panic, in order, and resumes where it was.

use proptest::prelude::*;
use records::{Columns, Format, Kind, Source, TableWriter, Value};
use std::path::Path;
use std::sync::Once;

const SEEDS: [(&str, Format, &str); 5] = [
    ("a.smi", Format::Smiles, "smiles id\n# c\nOCC ethanol\n\nc1ccccc1\tbenzene\nC[N+](C)(C)C.[Cl-] salt\n"),
    ("a.csv", Format::Csv, "id,smiles,y\n1,CCO,1.5\n2,\"C,\"\"C\",-1e-3\n3,,\n4,C,x\n"),
    ("a.tsv", Format::Tsv, "formula\ty\tname\nFe2O3\t1\tiron\nCu0.5Zn0.5\t\t\"a\tb\"\n"),
    (
        "a.extxyz",
        Format::Xyz,
        "2\nenergy=-1.5 y=2 name=\"H2 a\" pbc=\"F F F\"\nH 0 0 0\nH 0 0 0.74\n1\nProperties=species:S:1:pos:R:3:f:R:3 y=3\nHe 0 0 0 1 2 3\n",
    ),
    (
        "a.sdf",
        Format::Sdf,
        "methane\n  test\n\n  1  0  0  0  0  0  0  0  0  0999 V2000\n    0.0000    0.0000    0.0000 C   0  0\nM  END\n> <y>\n1.25\n\n$$$$\nagain\n\n\n  2  1  0  0  0  0  0  0  0  0999 V2000\n    0.0000    0.0000    0.0000 C   0  0\n    1.0000    0.0000    0.0000 O   0  0\n  1  2  1  0\nM  END\n$$$$\n",
    ),
];

/// Reads all of it; the number of records and errors.
fn read(path: &Path, format: Format, want: &Columns) -> Option<usize> {
    let source = Source { format: Some(format), ..Source::new([path]) };
    let mut stream = source.open(want).ok()?;
    let (mut rows, mut ended) = (0, false);
    for item in stream.by_ref().take(100_000) {
        assert!(!ended, "records behind an error that ends the file");
        let row = match &item {
            Ok(record) => {
                assert!(record.numbers.iter().flatten().all(|x| x.is_finite()));
                record.row
            }
            Err(error) => {
                ended = error.ends_file;
                assert!(!error.to_string().is_empty());
                error.row
            }
        };
        assert_eq!(row, rows as u64);
        rows += 1;
    }
    assert!(stream.next().is_none());
    if !ended && rows > 1 {
        let rest = source.open_at(want, 0, rows as u64 / 2).unwrap();
        assert_eq!(rest.count(), rows - rows / 2);
    }
    Some(rows)
}

/// A change of bytes: (kind, where, what).
type Change = (u8, prop::sample::Index, u8);

fn mutate(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (kind, place, byte) in changes {
        if bytes.is_empty() {
            break;
        }
        let at = place.index(bytes.len());
        match kind % 5 {
            0 => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            2 => drop(bytes.remove(at)),
            3 => bytes.truncate(at),
            _ => {
                let end = (at + usize::from(*byte)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
        }
    }
    bytes
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"\n\r\"\t, 0-9>$=".to_vec())];
    prop::collection::vec((any::<u8>(), any::<prop::sample::Index>(), byte), 0..8)
}

fn parquet() -> &'static [u8] {
    use std::sync::OnceLock;
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        let columns = [("smiles", Kind::Text), ("y", Kind::Number), ("n", Kind::Integer), ("b", Kind::Bool)];
        let mut table = TableWriter::create(&path, &columns).unwrap();
        for i in 0..40i64 {
            let y = (i % 3 > 0).then_some(i as f64);
            table
                .push(&["C".repeat(1 + i as usize % 9).into(), y.into(), i.into(), Value::Bool(i > 4)])
                .unwrap();
        }
        table.finish().unwrap();
        std::fs::read(&path).unwrap()
    })
}

/// The Parquet library's own panics are caught; their messages would bury those of the tests.
fn without_their_messages() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.location().is_none_or(|l| !l.file().contains("parquet-")) {
                usual(info);
            }
        }));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn text_formats_never_panic(seed in 0..SEEDS.len(), changes in changes(), packing in 0..4u8) {
        let (name, format, text) = SEEDS[seed];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        // Packed files are mutated inside, or as they are.
        let pack = |bytes: &[u8]| zstd::stream::encode_all(bytes, 1).unwrap();
        let bytes = match packing {
            0 => pack(&mutate(text.as_bytes(), &changes)),
            1 => mutate(&pack(text.as_bytes()), &changes),
            _ => mutate(text.as_bytes(), &changes),
        };
        std::fs::write(&path, bytes).unwrap();
        let keyed = matches!(format, Format::Xyz | Format::Sdf);
        read(&path, format, &Columns::default());
        if format != Format::Smiles {
            let texts = if keyed { vec!["name".to_owned()] } else { Vec::new() };
            read(&path, format, &Columns { texts, ..Columns::with_numbers(["y"]) });
        }
    }

    #[test]
    fn parquet_never_panics(changes in changes()) {
        without_their_messages();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        std::fs::write(&path, mutate(parquet(), &changes)).unwrap();
        let want = Columns { texts: vec!["b".into()], ..Columns::with_numbers(["y", "n"]) };
        read(&path, Format::Parquet, &want);
    }

    #[test]
    fn any_table_comes_back(
        rows in prop::collection::vec(("[A-Za-z=#()]{1,9}", prop::option::of(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO), "[^\u{0}-\u{1f}]{0,5}", any::<i64>()), 0..30),
        parquet in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(if parquet { "a.parquet" } else { "a.csv.gz" });
        let columns = [("smiles", Kind::Text), ("y", Kind::Number), ("t", Kind::Text), ("id", Kind::Integer)];
        let mut table = TableWriter::create(&path, &columns).unwrap();
        for (smiles, y, text, id) in &rows {
            table.push(&[smiles.as_str().into(), (*y).into(), text.as_str().into(), (*id).into()]).unwrap();
        }
        table.finish().unwrap();
        let want = Columns { texts: vec!["t".into()], ..Columns::with_numbers(["y"]) };
        let read: Vec<_> = Source::new([&path]).open(&want).unwrap().map(Result::unwrap).collect();
        prop_assert_eq!(read.len(), rows.len());
        for (record, (smiles, y, text, id)) in read.iter().zip(&rows) {
            prop_assert_eq!(record.structure.label(), smiles.clone());
            prop_assert_eq!(record.numbers[0], *y);
            prop_assert_eq!(record.texts[0].clone().unwrap_or_default(), text.trim());
            prop_assert_eq!(record.name.clone(), Some(id.to_string()));
        }
    }
}
