//! What is recorded comes back to the last bit.

mod common;

use archive::{Archive, Recorded};
use common::{archive, id, record};
use matter::units::{CoreSeconds, Hartree, Seconds};
use matter::{Element, Geometry, Molecule};
use method::{Calculation, Cost, CostSource, Failure, FailureKind, Outcome, PropertyName};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

/// Any finite number, the signs of zero and the smallest ones included.
fn finite() -> impl Strategy<Value = f64> {
    use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    NORMAL | SUBNORMAL | ZERO | POSITIVE | NEGATIVE
}

fn not_negative() -> impl Strategy<Value = f64> {
    finite().prop_map(|x| x.abs())
}

fn vector() -> impl Strategy<Value = [f64; 3]> {
    [finite(), finite(), finite()]
}

/// Atoms of any element on a line, at least 0.2 angstrom apart.
fn geometry() -> impl Strategy<Value = Geometry> {
    vec((1u32..=86, 0.2f64..3.0, -5.0f64..5.0, -5.0f64..5.0), 1..12).prop_map(|atoms| {
        let mut z = 0.0;
        let (mut elements, mut positions) = (Vec::new(), Vec::new());
        for (number, step, x, y) in atoms {
            z += step;
            elements.push(Element::from_number(number).unwrap());
            positions.push([x, y, z]);
        }
        Geometry::new(elements, positions).unwrap()
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let energy = || option::of(finite().prop_map(Hartree));
    let names = "[a-z_\"\\\\ é]{1,12}".prop_map(PropertyName::new);
    (
        (energy(), energy(), energy()),
        option::of(vec(vector(), 0..8)),
        option::of(vec(finite(), 0..8)),
        option::of(vector()),
        option::of(geometry()),
        btree_map(names, finite(), 0..4),
    )
        .prop_map(|((energy, homo, lumo), gradient, charges, dipole, geometry, values)| Outcome {
            energy,
            gradient,
            charges,
            dipole,
            homo,
            lumo,
            geometry,
            values,
        })
}

/// Failures that are remembered.
fn failure() -> impl Strategy<Value = Failure> {
    let kinds = vec![
        FailureKind::Unsupported,
        FailureKind::NoGeometry,
        FailureKind::NotConverged,
        FailureKind::TimedOut,
        FailureKind::LimitReached,
        FailureKind::Crashed,
        FailureKind::BadOutput,
        FailureKind::ConnectivityChanged,
        FailureKind::NoValue,
        FailureKind::Cancelled,
        FailureKind::EngineMissing,
        FailureKind::Scratch,
    ];
    let kinds: Vec<FailureKind> = kinds.into_iter().filter(|kind| !kind.is_transient()).collect();
    (prop::sample::select(kinds), any::<String>()).prop_map(|(kind, message)| Failure { kind, message })
}

fn cost() -> impl Strategy<Value = Cost> {
    let sources = vec![CostSource::Accounting, CostSource::Replayed, CostSource::Predicted];
    (not_negative(), not_negative(), not_negative(), 0u64..=i64::MAX as u64, prop::sample::select(sources))
        .prop_map(|(core_seconds, wall, work, peak_memory, source)| Cost {
            core_seconds: CoreSeconds(core_seconds),
            wall: Seconds(wall),
            work,
            peak_memory,
            source,
        })
}

fn molecule() -> impl Strategy<Value = Molecule> {
    let smiles = prop::sample::select(vec!["CCO", "O=C1C=CC(=O)C=C1", "[NH4+]", "[CH3]", "C[C@H](N)C(=O)O"]);
    let from_geometry = || {
        geometry().prop_map(|geometry| {
            let electrons: u32 = geometry.elements().iter().map(|e| u32::from(e.number())).sum();
            Molecule::from_geometry(geometry, 0, electrons % 2).unwrap()
        })
    };
    prop_oneof![
        smiles.prop_map(|s| Molecule::from_smiles(s).unwrap()),
        from_geometry(),
        // A graph with a geometry of its own.
        from_geometry().prop_map(|m| m.with_graph(matter::Graph::from_smiles("CCO").unwrap())),
    ]
}

/// Text that tells every bit apart, also 0.0 from -0.0, which are equal as numbers.
fn bits<T: std::fmt::Debug>(value: &T) -> String {
    format!("{value:?}")
}

fn comes_back(
    archive: &Archive,
    campaign: archive::CampaignId,
    molecule: &Molecule,
    calculation: &Calculation,
) {
    assert_eq!(record(archive, campaign, molecule, calculation), Recorded::Stored);
    let recalled = archive.recall(id(molecule)).unwrap().unwrap();
    assert_eq!(bits(&recalled), bits(calculation));
    let structure = archive.structure(molecule.id()).unwrap().unwrap();
    assert_eq!(bits(&structure.geometry()), bits(&molecule.geometry()));
    assert_eq!(structure, *molecule);
    assert_eq!(structure.id(), molecule.id());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn calculations_come_back(
        molecule in molecule(),
        outcome in prop_oneof![3 => outcome().prop_map(Ok), 1 => failure().prop_map(Err)],
        cost in cost(),
    ) {
        // A conversion could turn the largest times into infinite energies; these are no times of calculations.
        prop_assume!(cost.core_seconds.value() < 1e300 && cost.wall.value() < 1e300);
        let (archive, campaign) = archive();
        comes_back(&archive, campaign, &molecule, &Calculation { outcome, cost });
    }
}

#[test]
fn calculations_come_back_from_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.joulery");
    let first = Archive::open(&path).unwrap();
    let campaign = first.write(|w| w.create_campaign("demo", "", "")).unwrap();
    for number in 0..10 {
        comes_back(&first, campaign, &common::molecule(number), &common::calculation(number));
    }
    drop(first);
    let again = Archive::open_read_only(&path).unwrap();
    for number in 0..10 {
        let recalled = again.recall(id(&common::molecule(number))).unwrap().unwrap();
        assert_eq!(bits(&recalled), bits(&common::calculation(number)));
    }
}
