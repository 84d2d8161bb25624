//! Combinatorial libraries: counts by group theory, order, and what is refused.

use serde::Deserialize;
use space::{CombinatorialSpec, CoreSpec, Origin, Size, Space, SpaceSpec, SubstituentSpec};

#[derive(Deserialize)]
struct File {
    space: SpaceSpec,
}

fn quinones() -> CombinatorialSpec {
    let file: File = toml::from_str(include_str!("data/quinones.toml")).unwrap();
    let SpaceSpec::Combinatorial(spec) = file.space else { panic!("the example space is combinatorial") };
    spec
}

/// A symmetry of a core: its permutation of the attachment points, in cycle lengths.
type Cycles = &'static [usize];

const BENZOQUINONE: &[Cycles] = &[&[1, 1, 1, 1], &[2, 2], &[2, 2], &[2, 2]];
const NAPHTHOQUINONE: &[Cycles] = &[&[1, 1, 1, 1, 1, 1], &[2, 2, 2]];
const ANTHRAQUINONE: &[Cycles] = &[&[1, 1, 1, 1, 1, 1, 1, 1], &[2, 2, 2, 2], &[2, 2, 2, 2], &[2, 2, 2, 2]];

/// Burnside's lemma: distinct ways to place at most `most` substituents of `kinds` kinds. A cycle of length c
/// is empty or carries one kind at all its c points: the factor 1 + kinds t^c.
fn burnside(symmetries: &[Cycles], most: usize, kinds: usize) -> usize {
    let fixed = |cycles: &Cycles| {
        let mut series = vec![0; most + 1];
        series[0] = 1;
        for &c in *cycles {
            for power in (c..=most).rev() {
                series[power] += kinds * series[power - c];
            }
        }
        series.iter().sum::<usize>()
    };
    symmetries.iter().map(fixed).sum::<usize>() / symmetries.len()
}

fn all(spec: &CombinatorialSpec) -> Vec<space::Candidate> {
    let mut space = space::CombinatorialSpace::new(spec).unwrap();
    let found = space.candidates(usize::MAX).unwrap();
    assert_eq!(space.size(), Size::Exactly(found.len() as u64));
    assert_eq!(space.seen().candidates, found.len() as u64);
    assert!(space.candidates(1).unwrap().is_empty());
    found
}

#[test]
fn the_example_space_has_as_many_molecules_as_burnside_counts() {
    let spec = quinones();
    assert_eq!(spec.substituent.len(), 14);
    let counted =
        burnside(BENZOQUINONE, 3, 14) + burnside(NAPHTHOQUINONE, 2, 14) + burnside(ANTHRAQUINONE, 2, 14);
    assert_eq!(counted, 6051);
    let found = all(&spec);
    assert_eq!(found.len(), counted);
    let size = |c: &space::Candidate| match &c.origin {
        Origin::Built { substituents, .. } => substituents.len(),
        _ => unreachable!(),
    };
    assert!(found.windows(2).all(|w| size(&w[0]) <= size(&w[1])), "few substituents come first");
}

#[test]
fn smaller_spaces_count_too() {
    for (core, symmetries, points) in [(0, BENZOQUINONE, 4), (1, NAPHTHOQUINONE, 6), (2, ANTHRAQUINONE, 8)] {
        for (kinds, most) in [(1, points), (2, 4), (3, 2), (13, 1)] {
            let mut spec = quinones();
            spec.core = vec![CoreSpec { max_substitutions: most, ..spec.core[core].clone() }];
            spec.substituent.truncate(kinds);
            assert_eq!(all(&spec).len(), burnside(symmetries, most as usize, kinds), "{core} {kinds} {most}");
        }
    }
    let thirteen =
        burnside(BENZOQUINONE, 3, 13) + burnside(NAPHTHOQUINONE, 2, 13) + burnside(ANTHRAQUINONE, 2, 13);
    assert_eq!(thirteen, 5060);
}

#[test]
fn the_order_is_size_core_points_substituents() {
    let mut spec = quinones();
    spec.substituent.truncate(2);
    let names: Vec<String> = all(&spec).into_iter().map(|c| c.origin.to_string()).collect();
    assert_eq!(
        names[..10],
        [
            "1,4-benzoquinone",
            "1,4-naphthoquinone",
            "9,10-anthraquinone",
            "1,4-benzoquinone 1-hydroxy",
            "1,4-benzoquinone 1-amino",
            "1,4-naphthoquinone 2-hydroxy",
            "1,4-naphthoquinone 2-amino",
            "1,4-naphthoquinone 5-hydroxy",
            "1,4-naphthoquinone 5-amino",
            "1,4-naphthoquinone 6-hydroxy",
        ]
    );
}

#[test]
fn batches_join_to_the_whole() {
    let mut spec = quinones();
    spec.substituent.truncate(3);
    let whole = all(&spec);
    let mut space = SpaceSpec::Combinatorial(spec).open().unwrap();
    assert!(matches!(space.size(), Size::AtMost(n) if n >= whole.len() as u64));
    let mut joined = Vec::new();
    loop {
        let batch = space.candidates(7).unwrap();
        if batch.is_empty() {
            break;
        }
        joined.extend(batch);
    }
    assert_eq!(joined, whole);
}

#[test]
fn overlapping_cores_give_a_molecule_once() {
    let spec = CombinatorialSpec {
        core: ["[*:1]c1ccccc1", "[*:1]c1ccccc1C"]
            .iter()
            .enumerate()
            .map(|(i, smiles)| CoreSpec {
                name: i.to_string(),
                smiles: (*smiles).into(),
                max_substitutions: 9,
            })
            .collect(),
        substituent: vec![SubstituentSpec { name: "methyl".into(), smiles: "C[*]".into() }],
    };
    let found: Vec<String> = all(&spec).iter().map(|c| c.molecule.label()).collect();
    assert_eq!(found, ["c1ccccc1", "Cc1ccccc1", "Cc1ccccc1C"]);
}

fn refused(change: impl Fn(&mut CombinatorialSpec)) -> String {
    let mut spec = quinones();
    change(&mut spec);
    let result = space::CombinatorialSpace::new(&spec).map(|mut s| s.candidates(usize::MAX).map(|_| ()));
    result.and_then(|r| r).unwrap_err().to_string()
}

#[test]
fn mistakes_are_named() {
    assert!(refused(|s| s.core.clear()).contains("at least one `[[space.core]]`"));
    assert!(refused(|s| s.substituent.clear()).contains("at least one `[[space.substituent]]`"));
    assert!(refused(|s| s.core[1].name = s.core[0].name.clone()).contains("named `1,4-benzoquinone`"));
    assert!(refused(|s| s.substituent[3].name = "amino".into()).contains("named `amino`"));
    let same = refused(|s| s.substituent[2].smiles = "O[*]".into());
    assert!(same.contains("`hydroxy` and `methoxy` are the same group `[*]O`"), "{same}");
    let core = refused(|s| s.core[0].smiles = "O=C1C=CC(=O)C=C1".into());
    assert!(core.contains("`space.core` named `1,4-benzoquinone`: ") && core.contains("no attachment point"));
    let valence = refused(|s| s.core[0].smiles = "[*:1]N([*:2])([*:3])C".into());
    assert!(valence.contains("not a possible molecule"), "{valence}");
}

#[test]
fn an_error_in_the_file_points_at_its_line() {
    let text = include_str!("data/quinones.toml").replacen("smiles = \"[*]N\"", "smile = \"[*]N\"", 1);
    let error = toml::from_str::<File>(&text).err().unwrap();
    let line = text[..error.span().unwrap().start].matches('\n').count() + 1;
    assert_eq!(text.lines().nth(line - 1), Some("smile = \"[*]N\""), "{error}");
    assert!(error.to_string().contains("unknown field `smile`"));
    let unknown = toml::from_str::<File>("[space]\nkind = \"combinatorical\"\n").err().unwrap().to_string();
    assert!(unknown.contains("line 2") && unknown.contains("`combinatorial`"), "{unknown}");
}

#[test]
fn a_specification_survives_writing_and_reading() {
    let spec = SpaceSpec::Combinatorial(quinones());
    let text = toml::to_string(&spec).unwrap();
    assert_eq!(toml::from_str::<SpaceSpec>(&text).unwrap(), spec);
}
