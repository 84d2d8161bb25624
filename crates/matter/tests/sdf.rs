//! SDF against what RDKit reads from the same mol blocks (`data/make_rdkit_table.py`).

use matter::Molecule;
use matter::files::{FileError, SdfReader, SdfRecord};
use std::io::Read;

fn blocks() -> String {
    let packed = include_bytes!("data/molfiles.sdf.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
    text
}

fn read(text: &str) -> Vec<Result<SdfRecord, FileError>> {
    SdfReader::new(text.as_bytes()).collect()
}

fn only(text: &str) -> Result<SdfRecord, String> {
    let mut records = read(text);
    assert_eq!(records.len(), 1);
    records.remove(0).map_err(|e| e.to_string())
}

#[test]
fn molecules_are_those_that_rdkit_reads() {
    let text = blocks();
    let expected = text.matches("$$$$").count();
    let records = read(&text);
    assert_eq!(records.len(), expected);
    let mut wrong = Vec::new();
    for record in records {
        match record {
            Ok(record) => {
                let (kind, smiles) = (&record.fields["KIND"], &record.fields["SMILES"]);
                if record.molecule.label() != *smiles {
                    wrong.push(format!(
                        "line {} ({kind}): {}, RDKit {smiles}",
                        record.line,
                        record.molecule.label()
                    ));
                }
                assert_eq!(record.molecule.geometry().is_some(), kind == "space", "line {}", record.line);
            }
            Err(error) => wrong.push(error.to_string()),
        }
    }
    assert!(wrong.is_empty(), "{} of {expected} differ:\n{}", wrong.len(), wrong.join("\n"));
}

const METHYL: &str = "methyl
  test    3D

  4  3  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.0800    0.0000    0.0000 H   0  0
   -0.5400    0.9350    0.0000 H   0  0
   -0.5400   -0.9350    0.0100 H   0  0
  1  2  1  0
  1  3  1  0
  1  4  1  0
M  RAD  1   1   2
M  END
> <energy> (1)
-1.5
second line

";

#[test]
fn radicals_and_data_fields() {
    let record = only(METHYL).unwrap();
    assert_eq!(record.molecule.label(), "[CH3]");
    assert_eq!((record.molecule.charge(), record.molecule.unpaired()), (0, 1));
    assert_eq!(record.molecule.geometry().unwrap().len(), 4);
    assert_eq!(record.fields["energy"], "-1.5\nsecond line");
    assert_eq!(record.name.as_deref(), Some("methyl"));
}

#[test]
fn charges_isotopes_and_stated_valences() {
    let ammonium = METHYL
        .replace("methyl", "")
        .replace(" C ", " N ")
        .replace("M  RAD  1   1   2", "M  CHG  1   1  -1\nM  ISO  1   1  15")
        .replace("  4  3  0", "  3  2  0")
        .replace("   -0.5400   -0.9350    0.0100 H   0  0\n", "")
        .replace("  1  4  1  0\n", "")
        .replace("  3D", "    ");
    let record = only(&ammonium).unwrap();
    assert_eq!((record.molecule.label().as_str(), record.molecule.charge()), ("[15NH2-]", -1));
    let bare = "\n\n\n  1  0  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  3  0  0  0  3
M  END";
    assert_eq!(only(bare).unwrap().molecule, Molecule::from_smiles("[CH3+]").unwrap());
    assert_eq!(only(&bare.replace("0  3  0  0  0  3", "0  4")).unwrap().molecule.label(), "[CH3]");
    assert_eq!(only(&bare.replace("0  3  0  0  0  3", "0")).unwrap().molecule.label(), "C");
}

#[test]
fn mistakes_are_named_with_their_line() {
    for (from, to, needles) in [
        ("V2000", "V3000", ["line 4", "V3000 is not supported"]),
        ("  4  3  0", "  x  3  0", ["line 4", "number of atoms: found `x`"]),
        ("  4  3  0", "  9  3  0", ["line 9", "x: found `1  2  1`"]),
        (" C   0", " Xx  0", ["line 5", "element: found `Xx`"]),
        (" C   0", " R#  0", ["line 5", "element: found `R#`"]),
        ("    1.0800", "    one   ", ["line 6", "x: found `one`"]),
        ("  1  4  1  0", "  1  7  1  0", ["line 11", "found `7`, expected a number from 1 to 4"]),
        ("  1  4  1  0", "  1  4  8  0", ["line 11", "bond type: found `8`"]),
        ("  1  4  1  0", "  1  3  1  0", ["line 1", "there twice"]),
        ("  1  4  1  0", "  1  1  1  0", ["line 1", "bonded to itself"]),
        (
            "M  RAD  1   1   2\n",
            "",
            ["line 1", "the geometry of CH3 contradicts its bonds and valences, which make CH4"],
        ),
        ("M  RAD  1   1   2", "M  RAD  1   9   2", ["line 12", "found `9`, expected an atom from 1 to 4"]),
        ("M  END", "", ["line 18", "`M  END` was expected"]),
        ("> <energy> (1)", "energy", ["line 14", "data field: found `energy`"]),
        ("   -0.5400    0.9350    0.0000 H", "    1.0800    0.0000    0.0000 H", ["line 1", "apart"]),
    ] {
        assert!(METHYL.contains(from), "{from}");
        let error = only(&METHYL.replacen(from, to, 1)).unwrap_err();
        assert!(needles.iter().all(|n| error.contains(n)), "{from} -> {to}: {error}");
    }
}

#[test]
fn after_a_bad_record_the_next_is_read() {
    let text = format!("{}$$$$\n{METHYL}$$$$\n\n", METHYL.replace(" C ", " Q "));
    let records = read(&text);
    assert_eq!(records.len(), 2);
    assert!(!records[0].as_ref().unwrap_err().ends_reading());
    assert_eq!(records[1].as_ref().unwrap().line, 19);
    assert!(read("").is_empty() && read("\n \n").is_empty());
}
