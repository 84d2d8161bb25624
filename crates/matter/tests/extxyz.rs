//! Extended XYZ: what ASE writes, what cannot be read, and round trips.

use matter::files::{Column, ColumnData, FileError, Frame, FrameReader, WriteError, write_frame};
use matter::{Element, Geometry, Molecule};
use proptest::prelude::*;

fn read(text: &str) -> Vec<Result<Frame, FileError>> {
    FrameReader::new(text.as_bytes()).collect()
}

fn only(text: &str) -> Result<Frame, String> {
    let mut frames = read(text);
    assert_eq!(frames.len(), 1);
    frames.remove(0).map_err(|e| e.to_string())
}

fn written(frame: &Frame) -> String {
    let mut bytes = Vec::new();
    write_frame(&mut bytes, frame).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Written by ASE 3.29.0: two frames with energy, forces, initial charges and info.
const BY_ASE: &str = include_str!("data/ase.extxyz");

#[test]
fn what_ase_writes_is_read() {
    let frames: Vec<Frame> = read(BY_ASE).into_iter().map(Result::unwrap).collect();
    assert_eq!(frames.len(), 2);
    let first = &frames[0];
    assert_eq!((first.charge, first.unpaired, first.line), (Some(-1), Some(0), 1));
    assert_eq!(first.real("energy"), Some(-12.5));
    assert_eq!(first.info["name"], "hydroxide ion");
    assert_eq!(first.info["relaxed"], "T");
    assert_eq!(first.molecule().unwrap().formula().unwrap().to_string(), "HO");
    let forces = first.columns.iter().find(|c| c.name == "forces").unwrap();
    assert_eq!(forces.width, 3);
    assert_eq!(forces.data, ColumnData::Real(vec![0.1, 0.2, 0.3, -0.1, -0.2, -0.3]));
    assert_eq!(frames[1].line, 5);
    assert_eq!(frames[1].molecule().unwrap().charge(), 0);
}

#[test]
fn plain_xyz_is_read() {
    let frame = only("2\nhydrogen, from a book\nH 0 0 0\nH 0 0 0.74 extra\n\n").unwrap();
    assert_eq!(frame.comment.as_deref(), Some("hydrogen, from a book"));
    assert_eq!(frame.molecule().unwrap().unpaired(), 0);
    let radical = only("1\ncharge=0 uhf=1\nH 0 0 0\n").unwrap();
    assert_eq!(radical.molecule().unwrap().unpaired(), 1);
    assert_eq!(
        only("1\ntotal_charge=1.0 multiplicity=1\nH 0 0 0\n").unwrap().molecule().unwrap().charge(),
        1
    );
    assert_eq!(only("1\nmultiplicity=2\nH 0 0 0").unwrap().unpaired, Some(1));
    assert_eq!(only("1\nProperties=Z:I:1:pos:R:3\n6 0 0 1.5D0").unwrap().geometry.positions()[0][2], 1.5);
}

#[test]
fn an_odd_number_of_electrons_needs_a_word_from_the_user() {
    let error = only("1\n\nH 0 0 0\n").unwrap().molecule().unwrap_err().to_string();
    assert!(error.contains("1 electrons") && error.contains("state `charge=` and `uhf=`"), "{error}");
}

#[test]
fn mistakes_are_named_with_their_line() {
    for (text, line, needle) in [
        ("two\n\nH 0 0 0\n", 1, "number of atoms: found `two`"),
        ("0\n\n", 1, "expected a whole number above 0"),
        ("2\n\nH 0 0 0\n", 4, "the file ends where atom 2 of 2 was expected"),
        ("1\n", 2, "the comment line"),
        ("1\n\nXx 0 0 0\n", 3, "atom 1, column `species`: found `Xx`"),
        ("1\n\nH 0 0\n", 3, "expected 4 columns, not 3"),
        ("1\n\nH 0 0 zero\n", 3, "atom 1, column `pos`: found `zero`"),
        ("2\n\nH 0 0 0\nH 0 0 nan\n", 1, "coordinate NaN"),
        ("2\n\nH 0 0 0\nH 0 0 0\n", 1, "apart"),
        ("1\nLattice=\"5 0 0 0 5 0 0 0 5\"\nH 0 0 0\n", 2, "only molecules can be read"),
        ("1\nLattice=\"5 0 0 0 5 0 0 0 5\" pbc=\"T T T\"\nH 0 0 0\n", 2, "pbc=\"T T T\""),
        ("1\nspin=2\nH 0 0 0\n", 2, "the key `spin` is not supported"),
        ("1\ncharge=1 total_charge=0\nH 0 0 0\n", 2, "`charge=1` contradicts `total_charge=0`"),
        ("1\ncharge=half\nH 0 0 0\n", 2, "`charge`: found `half`, expected a whole number"),
        ("1\nuhf=-1\nH 0 0 0\n", 2, "number of unpaired electrons: found `-1`"),
        ("1\nProperties=species:S:1\nH\n", 2, "`Properties`"),
        ("1\nProperties=species:S:1:pos:R\nH 0 0 0\n", 2, "triples"),
        ("1\nProperties=species:S:1:pos:R:3:q:X:1\nH 0 0 0 1\n", 2, "a type"),
        ("1\nProperties=species:S:1:pos:R:3:q:R:99999999999\nH 0 0 0 1\n", 2, "from 1 to 4096"),
        ("1\nProperties=species:S:1:pos:R:3:Z:I:1\nH 0 0 0 2\n", 3, "the symbol H of atom 1 contradicts"),
        ("1\nname=\"open\nH 0 0 0\n", 2, "a closing `\"`"),
        ("99999999999999\n\nH 0 0 0\n", 4, "atom 2 of 99999999999999"),
    ] {
        let error = only(text).unwrap_err();
        assert!(error.starts_with(&format!("line {line}: ")) && error.contains(needle), "{text}\n{error}");
    }
}

#[test]
fn after_a_bad_frame_the_next_is_read() {
    let frames = read("1\n\nXx 0 0 0\n1\nuhf=1\nH 0 0 0\n");
    assert!(frames[0].is_err() && frames[1].is_ok() && frames.len() == 2);
    let lost = read("x\n\nH 0 0 0\n1\nuhf=1\nH 0 0 0\n");
    assert!(lost.len() == 1 && lost[0].as_ref().unwrap_err().ends_reading());
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_is() {
    let h = Geometry::new(vec![Element::H], vec![[0.0; 3]]).unwrap();
    let column = |width, data| Column { name: "q".into(), width, data };
    for change in [
        (|f: &mut Frame| drop(f.info.insert("charge".into(), "1".into()))) as fn(&mut Frame),
        |f| drop(f.info.insert("two words".into(), "1".into())),
        |f| drop(f.info.insert("note".into(), "a\nb".into())),
        |f| f.columns[0].width = 2,
        |f| f.columns[0].name = "pos".into(),
        |f| f.columns[0].data = ColumnData::Text(vec!["a b".into()]),
    ] {
        let mut frame = Frame::new(h.clone());
        frame.columns.push(column(1, ColumnData::Real(vec![0.5])));
        change(&mut frame);
        let mut bytes = Vec::new();
        let error = write_frame(&mut bytes, &frame).unwrap_err();
        assert!(matches!(error, WriteError::Key { .. } | WriteError::Value { .. }));
        assert!(bytes.is_empty());
    }
}

#[test]
fn a_molecule_survives_writing_and_reading() {
    let graph = Molecule::from_smiles("[O-]c1ccccc1").unwrap();
    let geometry = graph.geometry_or_embed(&Default::default()).unwrap();
    let molecule = Molecule::from_geometry(geometry, -1, 0).unwrap();
    let again = only(&written(&Frame::of(&molecule).unwrap())).unwrap().molecule().unwrap();
    assert_eq!((again.id(), again), (molecule.id(), molecule));
}

fn frames() -> impl Strategy<Value = Frame> {
    let atom = (1_u32..=86, -1e3..1e3_f64, -1e3..1e3_f64);
    let atoms = prop::collection::vec(atom, 1..8);
    let info = prop::collection::btree_map("[a-z_]{1,8}x", "[ -~é]{0,12}", 0..4);
    (atoms, info, prop::option::of(-3..=3_i32), prop::option::of(0..4_u32), any::<[u8; 4]>()).prop_map(
        |(atoms, info, charge, unpaired, shape)| {
            let n = atoms.len();
            let elements = atoms.iter().map(|a| Element::from_number(a.0).unwrap()).collect();
            // Atoms in steps of 1 along z are never too close.
            let positions = atoms.iter().enumerate().map(|(i, a)| [a.1, a.2, i as f64]).collect();
            let width = 1 + usize::from(shape[0] % 3);
            let columns = vec![
                Column {
                    name: "forces".into(),
                    width,
                    data: ColumnData::Real(
                        (0..n * width).map(|i| f64::from(shape[1]) / (i as f64 + 1.0)).collect(),
                    ),
                },
                Column {
                    name: "tag".into(),
                    width: 1,
                    data: ColumnData::Integer(vec![i64::from(shape[2]) - 99; n]),
                },
                Column { name: "fixed".into(), width: 1, data: ColumnData::Logical(vec![shape[3] > 99; n]) },
                Column {
                    name: "label".into(),
                    width: 1,
                    data: ColumnData::Text(vec![format!("a{}", shape[3]); n]),
                },
            ];
            let geometry = Geometry::new(elements, positions).unwrap();
            Frame { charge, unpaired, info, columns, ..Frame::new(geometry) }
        },
    )
}

proptest! {
    #[test]
    fn every_frame_survives_writing_and_reading(frames in prop::collection::vec(frames(), 1..4)) {
        let text: String = frames.iter().map(written).collect();
        let again: Vec<Frame> = read(&text)
            .into_iter()
            .map(|f| Frame { line: 0, ..f.unwrap() })
            .collect();
        prop_assert_eq!(again, frames);
    }
}
