//! Library files as spaces.

use space::{Candidate, LibraryFormat, LibrarySpec, OnError, Origin, Size, Space, SpaceError, SpaceSpec};
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;

fn file(name: &str, content: &[u8]) -> (TempDir, LibrarySpec) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), content).unwrap();
    let spec = LibrarySpec::new(folder.path().join(name));
    (folder, spec)
}

fn open(spec: &LibrarySpec) -> Result<Box<dyn Space>, SpaceError> {
    SpaceSpec::Library(spec.clone()).open()
}

fn all(spec: &LibrarySpec) -> Result<Vec<Candidate>, String> {
    open(spec).and_then(|mut s| s.candidates(usize::MAX)).map_err(|e| e.to_string())
}

fn labels(found: &[Candidate]) -> Vec<String> {
    found.iter().map(|c| c.molecule.label()).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn smiles_lines_give_each_molecule_once() {
    let text = "# solvents\nOCC ethanol\n\nc1ccccc1\nCCO again\nC1=CC=CC=C1\nO water\n";
    let (_folder, spec) = file("solvents.smi", text.as_bytes());
    let mut space = open(&spec).unwrap();
    assert_eq!(space.size(), Size::Unknown);
    let found = space.candidates(2).unwrap();
    assert_eq!(labels(&found), ["CCO", "c1ccccc1"]);
    assert_eq!((found[0].name.as_deref(), found[1].name.as_deref()), (Some("ethanol"), None));
    assert_eq!(found[1].origin, Origin::Read { file: spec.file.clone(), line: 4 });
    assert_eq!(labels(&space.candidates(9).unwrap()), ["O"]);
    assert_eq!((space.size(), space.seen().duplicates), (Size::Exactly(3), 2));
    assert!(space.candidates(9).unwrap().is_empty());
}

#[test]
fn a_bad_line_stops_or_is_skipped() {
    let (_folder, mut spec) = file("bad.smi", b"CCO\nC1CC broken\nN\n\xff\xfe\nO\nC(C)(C)(C)(C)C\nS\n");
    let error = all(&spec).unwrap_err();
    assert!(
        error.starts_with(&format!("{}:2: `C1CC` is not a valid SMILES", spec.file.display())),
        "{error}"
    );
    assert!(error.ends_with("set `on_error = \"skip\"` to leave out what cannot be read"), "{error}");
    spec.on_error = OnError::Skip;
    let mut space = open(&spec).unwrap();
    assert_eq!(labels(&space.candidates(9).unwrap()), ["CCO", "N", "O", "S"]);
    let seen = space.seen();
    assert_eq!((seen.candidates, seen.skipped), (4, 3));
    let lines: Vec<usize> = seen.first_skipped.iter().map(|s| s.line).collect();
    assert_eq!(lines, [2, 4, 6]);
    assert!(seen.first_skipped[2].reason.contains("not a possible molecule"));
}

#[test]
fn csv_with_a_named_column() {
    let text = "\u{feff}id,smiles,note\n1,CCO,\"a, b\"\n2,\"c1ccccc1\",\"two\nlines\"\n3,,empty\n4,OCC,same\n5,N,x\n";
    let (_folder, mut spec) = file("table.csv.gz", &gzip(text));
    assert!(all(&spec).unwrap_err().contains("Name it in `space.column`"));
    spec.column = Some("SMILES".into());
    let error = all(&spec).unwrap_err();
    assert!(
        error.contains("no column `SMILES` (`space.column`): its columns are `id`, `smiles`, `note`"),
        "{error}"
    );
    spec.column = Some("smiles".into());
    spec.name_column = Some("id".into());
    let error = all(&spec).unwrap_err();
    assert!(error.contains("table.csv.gz:5: the row has 3 columns and no SMILES in column 2"), "{error}");
    spec.on_error = OnError::Skip;
    let found = all(&spec).unwrap();
    assert_eq!(labels(&found), ["CCO", "c1ccccc1", "N"]);
    assert_eq!(found[2].name.as_deref(), Some("5"));
    assert_eq!(found[2].origin.to_string(), format!("{}:7", spec.file.display()));
}

#[test]
fn sdf_gives_graphs() {
    let sdf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../matter/tests/data/fuzz_seed.sdf");
    let mut text = std::fs::read_to_string(&sdf).unwrap();
    let (_folder, mut spec) = file("set.sdf", text.as_bytes());
    let found = all(&spec).unwrap();
    assert_eq!(labels(&found).len(), 6, "drawings and geometries of one molecule are one candidate");
    assert!(found.iter().all(|c| c.molecule.geometry().is_none() && c.molecule.graph().is_some()));
    assert!(found.iter().any(|c| c.molecule.label() == "[CH3]" && c.molecule.unpaired() == 1));
    text = text.replacen("V2000", "V3000", 1);
    std::fs::write(&spec.file, &text).unwrap();
    let error = all(&spec).unwrap_err();
    assert!(error.contains("set.sdf:4: the molfile version V3000 is not supported"), "{error}");
    spec.on_error = OnError::Skip;
    assert_eq!(all(&spec).unwrap().len(), 5, "only that record is lost");
}

#[test]
fn mistakes_of_the_specification_are_named() {
    let (folder, mut spec) = file("molecules.txt", b"C\n");
    assert!(all(&spec).unwrap_err().contains("set `space.format`"));
    spec.format = Some(LibraryFormat::Smiles);
    assert_eq!(all(&spec).unwrap().len(), 1);
    spec.column = Some("smiles".into());
    assert!(all(&spec).unwrap_err().contains("`space.column` is for CSV"));
    let missing = LibrarySpec::new(folder.path().join("missing.smi"));
    let error = all(&missing).unwrap_err();
    assert!(error.contains("missing.smi` cannot be opened: No such file"), "{error}");
}

#[test]
fn a_damaged_file_cannot_be_skipped_over() {
    let whole = gzip(&"CCO\n".repeat(3000));
    let (_folder, mut spec) = file("cut.smi.gz", &whole[..whole.len() - 4]);
    spec.on_error = OnError::Skip;
    let error = all(&spec).unwrap_err();
    assert!(error.contains("cannot be read") && !error.contains("on_error"), "{error}");
}

#[test]
fn specifications_are_read_from_toml() {
    let read = |text: &str| toml::from_str::<SpaceSpec>(text).map_err(|e| e.to_string());
    let spec = read("kind = \"library\"\nfile = \"a.csv\"\ncolumn = \"s\"\non_error = \"skip\"\n").unwrap();
    let SpaceSpec::Library(library) = spec.clone().relative_to(Path::new("/data")) else { panic!() };
    assert_eq!((library.file.as_path(), library.on_error), (Path::new("/data/a.csv"), OnError::Skip));
    assert_eq!(read(&toml::to_string(&spec).unwrap()).unwrap(), spec);
    let misplaced = read("kind = \"library\"\nfile = \"a.smi\"\ncore = []\n").unwrap_err();
    assert!(misplaced.contains("no field `core`: that is for kind `combinatorial`"), "{misplaced}");
    assert!(read("kind = \"library\"\n").unwrap_err().contains("missing field `file`"));
    assert!(
        read("kind = \"library\"\nfile = \"a\"\non_error = \"ignore\"\n").unwrap_err().contains("line 3")
    );
}

#[test]
fn the_schema_describes_both_kinds() {
    let schema = schemars::schema_for!(SpaceSpec).to_value().to_string();
    for needle in ["combinatorial", "library", "max_substitutions", "on_error", "additionalProperties"] {
        assert!(schema.contains(needle), "{needle} is missing in {schema}");
    }
}
