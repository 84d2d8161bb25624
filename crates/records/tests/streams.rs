//! Streams of every format, plain and packed, through the public interface.

use records::{
    Columns, Format, Kind, Problem, Records, RecordsError, Source, Structure, TableWriter, TextKind, Value,
};
use std::io::Write;
use std::path::{Path, PathBuf};

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).unwrap()
}

/// Writes a file as it is, with gzip and with zstd; gives the three paths.
fn three(folder: &Path, name: &str, bytes: &[u8]) -> [PathBuf; 3] {
    let paths = [name.to_owned(), format!("{name}.gz"), format!("{name}.zst")].map(|n| folder.join(n));
    for (path, bytes) in paths.iter().zip([bytes.to_vec(), gz(bytes), zst(bytes)]) {
        std::fs::write(path, bytes).unwrap();
    }
    paths
}

fn smiles(structure: &Structure) -> &str {
    match structure {
        Structure::Smiles(text) | Structure::Formula(text) => text,
        Structure::Molecule(m) => m.graph().map_or("", |g| g.canonical_smiles()),
    }
}

/// Everything of a stream as lines of text.
fn shown(records: Records) -> Vec<String> {
    records
        .map(|r| match r {
            Ok(r) => format!(
                "{}:{} line {:?} {:?} {} {:?} {:?}",
                r.file,
                r.row,
                r.line,
                r.name,
                smiles(&r.structure),
                r.numbers,
                r.texts
            ),
            Err(e) => format!("{}:{} {} ends={}", e.file_index, e.row, e.problem, e.ends_file),
        })
        .collect()
}

#[test]
fn smiles_lines_in_three_packings() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        b"smiles zinc_id\n# a library\n\nOCC  ethyl alcohol \r\n\tC\nnonsense\n\xff\nc1ccccc1\tbenzene";
    for path in three(folder.path(), "a.smi", text) {
        let rows = shown(Source::new([&path]).open(&Columns::default()).unwrap());
        assert_eq!(
            rows,
            [
                "0:0 line Some(4) Some(\"ethyl alcohol\") OCC [] []",
                "0:1 line Some(5) None C [] []",
                "0:2 line Some(6) None nonsense [] []",
                "0:3 is no text (its bytes are not UTF-8) ends=false",
                "0:4 line Some(8) Some(\"benzene\") c1ccccc1 [] []",
            ],
            "{}",
            path.display()
        );
    }
}

#[test]
fn tables_with_quotes_gaps_and_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    // Blank lines, and a last line without end.
    let text = "\u{feff}id,smiles,\"y, in eV\",note\n1,CCO,1.5,\"a \"\"b\"\"\nc\"\n2,C,,\n3,N,x1,\n4,O\n5,,1,\n6,CC, -2e3 ,z\n7,CCC,nan,\n";
    let want = Columns {
        name: Some("id".into()),
        texts: vec!["note".into()],
        ..Columns::with_numbers(["y, in eV"])
    };
    let expected = [
        "0:0 line Some(2) Some(\"1\") CCO [Some(1.5)] [Some(\"a \\\"b\\\"\\nc\")]",
        "0:1 line Some(4) Some(\"2\") C [None] [None]",
        "0:2 column `y, in eV`: found `x1`, expected a finite number, or nothing where there is none ends=false",
        "0:3 the row has 2 fields, but the header has 4 ends=false",
        "0:4 column `smiles` is empty: expected a structure ends=false",
        "0:5 line Some(8) Some(\"6\") CC [Some(-2000.0)] [Some(\"z\")]",
        "0:6 column `y, in eV`: found `nan`, expected a finite number, or nothing where there is none ends=false",
    ];
    for path in three(folder.path(), "a.csv", text.as_bytes()) {
        assert_eq!(shown(Source::new([&path]).open(&want).unwrap()), expected);
    }
    for (text, lines) in [
        ("smiles\nC\n\nC\nC", [2, 4, 5]),
        ("smiles\r\nC\r\n\r\n\"C\r\n\"\r\nC", [2, 4, 6]),
        ("smiles\r\nC\r\nC\r\nC\r\n", [2, 3, 4]),
    ] {
        let path = folder.path().join("lines.csv");
        std::fs::write(&path, text).unwrap();
        let stream = Source::new([&path]).open(&Columns::default()).unwrap();
        let found: Vec<_> = stream.map(|r| r.unwrap().line.unwrap()).collect();
        assert_eq!(found, lines, "{text:?}");
    }
    let tsv = "formula\ty\nFe2O3\t1\n\"Cu Zn\"\t2\n";
    std::fs::write(folder.path().join("b.tsv"), tsv).unwrap();
    let stream = Source::new([folder.path().join("b.tsv")]).open(&Columns::with_numbers(["y"])).unwrap();
    let rows: Vec<_> = stream.map(Result::unwrap).collect();
    assert_eq!(rows[1].structure, Structure::Formula("Cu Zn".into()));
    assert_eq!(rows[1].numbers, [Some(2.0)]);
}

#[test]
fn an_error_names_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "smiles,y\nC,1\nCC,one\n").unwrap();
    let mut stream = Source::new([&path]).open(&Columns::with_numbers(["y"])).unwrap();
    let error = stream.nth(1).unwrap().unwrap_err();
    assert_eq!((error.row, error.line, error.ends_file), (1, Some(3), false));
    assert!(error.to_string().ends_with(
        "a.csv, line 3: column `y`: found `one`, expected a finite number, or nothing where there is none"
    ));
}

const FRAMES: &str = "2\nenergy=-1.5 name=H2 pbc=\"F F F\"\nH 0 0 0\nH 0 0 0.74\n1\nProperties=species:S:1:pos:R:3:forces:R:3 energy=x\nHe 0 0 0 1 2 3\n1\nProperties=species:S:1:pos:R:3:forces:R:3\nHe 0 0 0 1 2 3\n1\nradical\nH 0 0 0\n";

#[test]
fn frames_have_their_keys_as_fields() {
    let folder = tempfile::tempdir().unwrap();
    for path in three(folder.path(), "a.extxyz", FRAMES.as_bytes()) {
        let rows: Vec<_> = Source::new([&path]).open(&Columns::with_numbers(["energy"])).unwrap().collect();
        assert_eq!(rows.len(), 4);
        let first = rows[0].as_ref().unwrap();
        assert_eq!((first.name.as_deref(), first.numbers[0]), (Some("H2"), Some(-1.5)));
        assert!(matches!(rows[1].as_ref().unwrap_err().problem, Problem::Number { .. }));
        let third = rows[2].as_ref().unwrap();
        assert_eq!((third.per_atom[0].name.as_str(), third.numbers[0]), ("forces", None));
        let Structure::Molecule(radical) = &rows[3].as_ref().unwrap().structure else { panic!() };
        assert_eq!(radical.unpaired(), 1);
        // A key that no frame has is told at the end.
        let rows: Vec<_> = Source::new([&path]).open(&Columns::with_numbers(["enrgy"])).unwrap().collect();
        let last = rows.last().unwrap().as_ref().unwrap_err();
        assert!(
            last.ends_file
                && last.to_string().contains("no record has the field `enrgy`: the fields are `energy`"),
            "{last}"
        );
    }
}

const MOLFILE: &str = "methane\n  test\n\n  1  0  0  0  0  0  0  0  0  0999 V2000\n    0.0000    0.0000    0.0000 C   0  0\nM  END\n> <gap>\n1.25\n\n> <id>\nm1\n\n$$$$\n";

#[test]
fn molfiles_have_data_fields() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{MOLFILE}broken\n$$$$\n{MOLFILE}");
    for path in three(folder.path(), "a.sdf", text.as_bytes()) {
        let want = Columns { name: Some("id".into()), ..Columns::with_numbers(["gap"]) };
        let rows: Vec<_> = Source::new([&path]).open(&want).unwrap().collect();
        assert_eq!(rows.len(), 3);
        let last = rows[2].as_ref().unwrap();
        assert_eq!((last.row, last.name.as_deref(), last.numbers[0]), (2, Some("m1"), Some(1.25)));
        assert_eq!(last.structure.graph().unwrap().canonical_smiles(), "C");
        assert!(rows[1].is_err());
    }
}

const TABLE: [(&str, Kind); 5] = [
    ("id", Kind::Integer),
    ("smiles", Kind::Text),
    ("y", Kind::Number),
    ("note", Kind::Text),
    ("good", Kind::Bool),
];

fn rows_of(n: i64) -> Vec<[Value; 5]> {
    (0..n)
        .map(|i| {
            [
                Value::Integer(i),
                Value::Text("C".repeat(1 + i as usize % 7)),
                if i % 5 == 0 { Value::Missing } else { Value::Number(i as f64 / 3.0) },
                if i % 3 == 0 { Value::Missing } else { Value::Text(format!("a,\"{i}\"\nb\t")) },
                Value::Bool(i % 2 == 0),
            ]
        })
        .collect()
}

fn write(path: &Path, n: i64) {
    let mut table = TableWriter::create(path, &TABLE).unwrap();
    rows_of(n).iter().for_each(|row| table.push(row).unwrap());
    table.finish().unwrap();
}

#[test]
fn tables_come_back_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let want =
        Columns { texts: vec!["note".into(), "id".into()], ..Columns::with_numbers(["y", "good", "id"]) };
    for name in ["a.csv", "a.csv.gz", "a.tsv", "a.tsv.gz", "a.parquet"] {
        let path = folder.path().join(name);
        let n = if name == "a.parquet" { 70_000 } else { 1000 };
        write(&path, n);
        let mut read = 0;
        let parquet = name == "a.parquet";
        let want = Columns {
            numbers: if parquet { want.numbers.clone() } else { vec!["y".into()] },
            ..want.clone()
        };
        let mut stream = Source::new([&path]).open(&want).unwrap();
        for (record, row) in stream.by_ref().zip(rows_of(n)) {
            let record = record.unwrap();
            assert_eq!(Value::Text(smiles(&record.structure).to_owned()), row[1]);
            assert_eq!(Value::from(record.numbers[0]), row[2]);
            // Space around a text is not part of it.
            let note = match &row[3] {
                Value::Text(t) => Some(t.trim().to_owned()),
                _ => None,
            };
            assert_eq!(record.texts[0], note);
            assert_eq!(record.texts[1].as_deref(), Some(record.row.to_string().as_str()));
            assert_eq!(record.name, record.texts[1]);
            if parquet {
                assert_eq!(record.numbers[1], Some(f64::from(u8::from(record.row % 2 == 0))));
                assert_eq!(record.numbers[2], Some(record.row as f64));
            }
            read += 1;
        }
        assert_eq!(read, n, "{name}");
        assert!(stream.next().is_none());
        assert_eq!(stream.position().fraction(), 1.0);
    }
}

#[test]
fn a_packed_parquet_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write(&path, 10);
    let bytes = std::fs::read(&path).unwrap();
    for path in &three(folder.path(), "b.parquet", &bytes) {
        assert_eq!(Source::new([path]).open(&Columns::default()).unwrap().count(), 10);
    }
}

#[test]
fn reading_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("a.smi"), "C\n\n#\nCC\nCCC\n").unwrap();
    write(&path("b.csv"), 30);
    std::fs::write(path("c.extxyz"), FRAMES).unwrap();
    write(&path("d.parquet"), 70_000);
    std::fs::write(path("e.sdf"), MOLFILE.repeat(3)).unwrap();
    let source = Source::new([folder.path()]);
    let want = Columns::default();
    let all = shown(source.open(&want).unwrap());
    assert_eq!(all.len(), 3 + 30 + 4 + 70_000 + 3);
    for stop in [0, 1, 3, 20, 33, 35, 37, 38, 5000, 66_000, 70_036, 70_037, 70_039, 70_040] {
        let mut first = source.open(&want).unwrap();
        let read = first.batch(stop).len();
        let position = first.position();
        let mut rest = source.open_at(&want, position.file, position.row).unwrap();
        assert_eq!(rest.position().file, position.file);
        let next = shown_few(&mut rest, 5);
        assert_eq!(next, all[read..(read + 5).min(all.len())], "after {stop}");
    }
    for (file, row) in [(0, 4), (3, 70_001), (5, 1), (6, 0)] {
        let error = source.open_at(&want, file, row).unwrap_err();
        assert!(matches!(error, RecordsError::NoSuchRow { .. }), "{file} {row}: {error}");
    }
}

fn shown_few(records: &mut Records, n: usize) -> Vec<String> {
    let batch = records.batch(n);
    batch
        .into_iter()
        .map(|r| {
            let r = r.unwrap();
            format!(
                "{}:{} line {:?} {:?} {} {:?} {:?}",
                r.file,
                r.row,
                r.line,
                r.name,
                smiles(&r.structure),
                r.numbers,
                r.texts
            )
        })
        .collect()
}

#[test]
fn folders_files_and_what_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("sub/deeper")).unwrap();
    std::fs::create_dir(path("empty")).unwrap();
    std::fs::write(path("sub/deeper/a.smi"), "C\n").unwrap();
    std::fs::write(path("sub/b.csv"), "x\ty\nC\t1\n").unwrap();
    std::fs::write(path("sub/.hidden.smi"), "C\n").unwrap();
    std::fs::write(path("sub/notes.txt"), "C\n").unwrap();
    let listed = Source::new([path("sub")]).list().unwrap();
    let names: Vec<_> = listed.iter().map(|(p, f)| (p.file_name().unwrap().to_str().unwrap(), *f)).collect();
    assert_eq!(names, [("b.csv", Format::Csv), ("a.smi", Format::Smiles)]);
    let error = |files: &[&str], want: &Columns| {
        Source::new(files.iter().map(|f| path(f))).open(want).unwrap_err().to_string()
    };
    let plain = Columns::default();
    assert!(error(&[], &plain).contains("name at least one"));
    assert!(error(&["empty"], &plain).contains("no data file"));
    assert!(error(&["gone.smi"], &plain).contains("cannot be opened"));
    assert!(error(&["sub/notes.txt"], &plain).contains("tells no format"));
    assert!(error(&["sub", "sub/b.csv"], &plain).contains("given twice"));
    assert!(error(&["sub/b.csv"], &plain).contains("its columns are"));
    assert!(error(&["sub/deeper/a.smi"], &Columns::with_numbers(["y"])).contains("has no columns, so `y`"));
    std::fs::write(path("bad.parquet"), "no parquet").unwrap();
    assert!(error(&["bad.parquet"], &plain).contains("is no Parquet file"));
    std::fs::write(path("empty.csv"), "").unwrap();
    assert!(error(&["empty.csv"], &plain).contains("the file is empty"));
    // A stated format overrules the ending.
    let source = Source { format: Some(Format::Smiles), ..Source::new([path("sub/notes.txt")]) };
    assert_eq!(source.open(&plain).unwrap().count(), 1);
    let want = Columns { structure: Some("x".into()), kind: Some(TextKind::Formula), ..Columns::default() };
    let source = Source { format: Some(Format::Tsv), ..Source::new([path("sub/b.csv")]) };
    assert_eq!(
        source.open(&want).unwrap().next().unwrap().unwrap().structure,
        Structure::Formula("C".into())
    );
}

#[test]
fn a_file_cut_short_ends_and_the_next_follows() {
    let folder = tempfile::tempdir().unwrap();
    let text: String = (0..50_000).map(|i| format!("C{} m{i}\n", "C".repeat(i % 37))).collect();
    for (name, bytes) in [("a.smi.gz", gz(text.as_bytes())), ("b.smi.zst", zst(text.as_bytes()))] {
        std::fs::write(folder.path().join(name), &bytes[..bytes.len() / 2]).unwrap();
    }
    std::fs::write(folder.path().join("c.smi"), "CC\n").unwrap();
    let mut ended = 0;
    let mut last = None;
    for record in Source::new([folder.path()]).open(&Columns::default()).unwrap() {
        match record {
            Ok(record) => last = Some(record.file),
            Err(error) => ended += usize::from(error.ends_file && error.row > 100),
        }
    }
    assert_eq!((ended, last), (2, Some(2)));
}

#[test]
fn an_open_quote_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv.zst");
    let mut text = b"smiles\nC\n\"".to_vec();
    text.resize(40 << 20, b'x');
    std::fs::write(&path, zst(&text)).unwrap();
    let rows: Vec<_> = Source::new([&path]).open(&Columns::default()).unwrap().collect();
    assert_eq!(rows.len(), 2);
    assert!(matches!(rows[1].as_ref().unwrap_err().problem, Problem::LongRow { .. }));
}

#[test]
fn a_table_appears_when_it_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "before").unwrap();
    let mut table = TableWriter::create(&path, &TABLE).unwrap();
    table.push(&rows_of(1)[0]).unwrap();
    assert!(table.push(&[Value::Missing]).is_err());
    let mut row = rows_of(1)[0].clone();
    row[0] = Value::Bool(true);
    assert!(table.push(&row).unwrap_err().to_string().contains("expected Integer"));
    drop(table);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let mut table = TableWriter::create(&path, &[("x", Kind::Number)]).unwrap();
    for x in [1.0, -0.0, 1e300, 0.1, f64::NAN, f64::INFINITY, 1e-7, 123456789.125] {
        table.push(&[Value::Number(x)]).unwrap();
    }
    table.finish().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, "x\n1\n-0\n1e300\n0.1\n\"\"\ninf\n1e-7\n123456789.125\n");
    assert!(TableWriter::create(&folder.path().join("a.txt"), &TABLE).is_err());
    assert!(TableWriter::create(&path, &[("x", Kind::Number), ("x", Kind::Text)]).is_err());
    assert!(TableWriter::create(&path, &[]).is_err());
    assert!(TableWriter::create(&folder.path().join("gone/a.csv"), &TABLE).is_err());
}

#[test]
fn remarks_above_a_header_are_no_header() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.csv");
    std::fs::write(&path, "# energies, \"made\" by hand\n# eV\n#id,smiles,value\n1,CCO,2.5\n").unwrap();
    let records: Vec<_> = Source::new([&path]).open(&Columns::with_numbers(["value"])).unwrap().collect();
    assert_eq!(records.len(), 1);
    let record = records[0].as_ref().unwrap();
    assert_eq!((record.line, record.numbers[0], smiles(&record.structure)), (Some(4), Some(2.5), "CCO"));
}
