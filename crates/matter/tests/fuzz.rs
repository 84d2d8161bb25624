//! Readers never panic and always end, whatever the bytes: arbitrary ones, and valid files with mistakes.

use matter::Smarts;
use matter::chem::{Core, Substituent};
use matter::files::{FrameReader, SdfReader, SmilesReader};
use proptest::prelude::*;

const EXTXYZ: &str = include_str!("data/ase.extxyz");
const SDF: &str = include_str!("data/fuzz_seed.sdf");
const SMILES: &str = "OC(=O)[C@@H]1CCCN1 proline\n# comment\nF/C=C\\Cl\n[Na+].[Cl-] salt\nc1cc[nH]c1\n[13CH3][O-]\nC%12CC%12\n";

fn read_all(bytes: &[u8]) -> usize {
    let frames = FrameReader::new(bytes).filter(|f| f.as_ref().is_ok_and(|f| f.molecule().is_ok())).count();
    let records = SdfReader::new(bytes).filter(Result::is_ok).count();
    let lines = SmilesReader::new(bytes).filter(Result::is_ok).count();
    frames + records + lines
}

/// A change of a file: where (as a fraction), what kind, with which byte.
type Mutation = (f64, u8, u8);

fn mutate(text: &str, mutations: &[Mutation]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for &(place, kind, byte) in mutations {
        let at = ((bytes.len() as f64 * place) as usize).min(bytes.len().saturating_sub(1));
        match kind % 5 {
            _ if bytes.is_empty() => {}
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 => drop(bytes.remove(at)),
            3 => bytes.truncate(at),
            _ => {
                let end = (at + usize::from(byte)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

#[test]
fn the_seeds_are_valid() {
    assert_eq!(FrameReader::new(EXTXYZ.as_bytes()).filter(Result::is_ok).count(), 2);
    assert!(SdfReader::new(SDF.as_bytes()).all(|r| r.is_ok()));
    assert!(SmilesReader::new(SMILES.as_bytes()).all(|r| r.is_ok()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn arbitrary_text_of_the_alphabet_of_smiles(text in r"[CNOPSFclnos\[\]()=#/\\@+\-%0-9.*:H\n ]{0,60}") {
        read_all(text.as_bytes());
        let _ = Core::parse(&text);
        let _ = Substituent::parse(&text);
        let _ = Smarts::parse(&text);
    }

    #[test]
    fn files_with_mistakes(
        seed in 0..3_usize,
        mutations in prop::collection::vec((0.0..1.0_f64, any::<u8>(), prop_oneof![any::<u8>(), 32..127_u8]), 1..5),
    ) {
        read_all(&mutate([EXTXYZ, SDF, SMILES][seed], &mutations));
    }
}
