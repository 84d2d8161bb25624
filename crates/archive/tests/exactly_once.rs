//! A calculation is kept once, charged once, and shared.

mod common;

use archive::{ArchiveError, ChargeKind, EventKind, NewCharge, NewResult, Recorded, Recording};
use common::{archive, calculation, id, method, molecule, record};
use ledger::{Charge, Conversion, Tier};
use matter::Molecule;
use matter::units::{CoreSeconds, Euro, Joules, Seconds};
use method::{Calculation, Cost, CostSource, Failure, FailureKind, PropertyName};
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn the_second_recording_changes_nothing() {
    let (archive, campaign) = archive();
    let (molecule, done) = (molecule(1), calculation(1));
    assert_eq!(archive.recall(id(&molecule)).unwrap(), None);
    assert_eq!(record(&archive, campaign, &molecule, &done), Recorded::Stored);
    let before = (archive.counts().unwrap(), archive.totals(campaign).unwrap());
    assert_eq!(record(&archive, campaign, &molecule, &calculation(2)), Recorded::AlreadyStored);
    assert_eq!((archive.counts().unwrap(), archive.totals(campaign).unwrap()), before);
    assert_eq!(archive.recall(id(&molecule)).unwrap(), Some(done));
}

#[test]
fn another_campaign_recalls_without_paying() {
    let (archive, first) = archive();
    let (molecule, done) = (molecule(1), calculation(1));
    assert_eq!(record(&archive, first, &molecule, &done), Recorded::Stored);
    let second = archive.write(|w| w.create_campaign("second", "", "")).unwrap();
    assert_eq!(record(&archive, second, &molecule, &done), Recorded::AlreadyStored);
    assert_eq!(archive.totals(second).unwrap(), Charge::ZERO);
    assert!(archive.totals(first).unwrap().joules > Joules::ZERO);
    let names: Vec<String> = archive.campaigns().unwrap().into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["demo", "second"]);
}

#[test]
fn failures_are_charged_and_passing_ones_may_be_tried_again() {
    let (archive, campaign) = archive();
    let cost = Cost { core_seconds: CoreSeconds(3.0), wall: Seconds(3.0), ..Cost::ZERO };
    let failed = |kind| Calculation::failed(Failure::new(kind, "scratch `/x` is full"), cost);

    let passing = molecule(1);
    for _ in 0..2 {
        let recorded = record(&archive, campaign, &passing, &failed(FailureKind::Scratch));
        assert_eq!(recorded, Recorded::ChargedOnly);
    }
    assert_eq!(archive.recall(id(&passing)).unwrap(), None);

    let lasting = molecule(2);
    let calculation = failed(FailureKind::NotConverged);
    assert_eq!(record(&archive, campaign, &lasting, &calculation), Recorded::Stored);
    assert_eq!(archive.recall(id(&lasting)).unwrap(), Some(calculation));

    assert_eq!(archive.totals(campaign).unwrap().core_seconds, CoreSeconds(9.0));
    let kinds: Vec<EventKind> = archive.events(campaign).unwrap().iter().map(|e| e.kind).collect();
    assert_eq!(kinds, [EventKind::Failed; 3]);
    assert_eq!(archive.counts().unwrap().failed, 1);
}

#[test]
fn recording_under_a_wrong_identity_is_refused() {
    let (archive, campaign) = archive();
    let (conversion, done) = (Conversion::default(), calculation(1));
    let recording = Recording {
        campaign,
        id: id(&molecule(2)),
        molecule: &molecule(1),
        method: &method(),
        task: "gradient",
        calculation: &done,
        kind: ChargeKind::Calculation,
        charge: conversion.charge(&done.cost),
        conversion: &conversion,
        payload: &serde_json::Value::Null,
    };
    assert!(matches!(archive.record(&recording), Err(ArchiveError::WrongIdentity { .. })));
    assert_eq!(archive.counts().unwrap(), Default::default());
}

#[test]
fn the_ledger_adds_up_by_kind() {
    let (archive, campaign) = archive();
    let priced = Conversion { euro_per_core_hour: Some(0.36), ..Conversion::default() };
    let cost = |t: f64| Cost { core_seconds: CoreSeconds(t), wall: Seconds(t), ..Cost::ZERO };
    let charges = [
        (ChargeKind::Engine, priced.charge(&cost(0.5))),
        (ChargeKind::Pilot, priced.charge(&cost(2.0))),
        (ChargeKind::Pilot, priced.charge_measured(&cost(4.0), Joules(100.0), Tier::Counter)),
        (ChargeKind::Lost, priced.predict(CoreSeconds(8.0))),
    ];
    for (kind, charge) in charges {
        let new = NewCharge { kind, calculation: None, charge, conversion: &priced };
        archive.write(|w| w.charge(campaign, &new)).unwrap();
    }
    let totals = archive.totals_by_kind(campaign).unwrap();
    let shown: Vec<(ChargeKind, u64, f64)> =
        totals.iter().map(|t| (t.kind, t.count, t.charge.core_seconds.value())).collect();
    assert_eq!(
        shown,
        [(ChargeKind::Engine, 1, 0.5), (ChargeKind::Pilot, 2, 6.0), (ChargeKind::Lost, 1, 8.0)]
    );
    assert_eq!(totals[1].charge.tier, Tier::Model);

    let total = archive.totals(campaign).unwrap();
    let expected: Charge = charges.iter().map(|(_, charge)| *charge).sum();
    assert_eq!((total.tier, total.source), (Tier::Model, CostSource::Predicted));
    assert!((total.joules - expected.joules).value().abs() < 1e-9);
    assert!((total.euro.unwrap() - Euro(14.5e-4)).value().abs() < 1e-12);
    assert_eq!(archive.conversions(campaign).unwrap(), [priced]);
    let booked: Vec<Charge> = archive.charges(campaign).unwrap().into_iter().map(|c| c.charge).collect();
    assert_eq!(booked, charges.map(|(_, charge)| charge));

    let broken = Charge { joules: Joules(f64::NAN), ..Charge::ZERO };
    let new =
        NewCharge { kind: ChargeKind::Engine, calculation: None, charge: broken, conversion: &priced_free() };
    let error = archive.write(|w| w.charge(campaign, &new)).unwrap_err().to_string();
    assert_eq!(error, "joules is NaN: an archive holds finite numbers of 0 or more");
}

fn priced_free() -> Conversion {
    Conversion::default()
}

#[test]
fn results_are_kept_once_per_recipe() {
    let (archive, campaign) = archive();
    let molecule = Molecule::from_smiles("O=C1C=CC(=O)C=C1").unwrap();
    let property = PropertyName::new("reduction_energy");
    let failure = Failure::new(FailureKind::ConnectivityChanged, "broken: C1-O2");
    let new = |outcome| NewResult {
        molecule: &molecule,
        property: &property,
        recipe: "gfn2;opt=normal",
        outcome,
        core_seconds: CoreSeconds(1.5),
        joules: Joules(10.0),
        work: 12.0,
    };
    for outcome in [Err(&failure), Ok(-2.5)] {
        archive.write(|w| w.result(campaign, &new(outcome))).unwrap();
        let results = archive.results(campaign).unwrap();
        assert_eq!(results.len(), 1);
        assert_eq!(results[0].outcome, outcome.map_err(Clone::clone));
        assert_eq!(results[0].smiles.as_deref(), Some("O=C1C=CC(=O)C=C1"));
        assert_eq!(results[0].structure, molecule.id());
    }
    assert!(archive.write(|w| w.result(campaign, &new(Ok(f64::INFINITY)))).is_err());
    assert_eq!(archive.structure(molecule.id()).unwrap(), Some(molecule));
}

#[test]
fn threads_that_race_for_one_calculation_store_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive::Archive::open(&folder.path().join("a.joulery")).unwrap();
    let campaign = archive.write(|w| w.create_campaign("demo", "", "")).unwrap();
    let stored = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for number in 0..20 {
                    let recorded = record(&archive, campaign, &molecule(number), &calculation(number));
                    stored.fetch_add(usize::from(recorded == Recorded::Stored), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(stored.into_inner(), 20);
    let counts = archive.counts().unwrap();
    assert_eq!((counts.succeeded, counts.charges, counts.events), (20, 20, 20));
    archive.verify().unwrap();
}

#[test]
fn a_campaign_may_be_given_a_new_specification() {
    let (archive, campaign) = archive();
    archive.write(|w| w.update_campaign(campaign, "budget = '2 kWh'", "hash")).unwrap();
    assert_eq!(archive.campaign("demo").unwrap().unwrap().spec, "budget = '2 kWh'");
    assert_eq!(archive.campaign("other").unwrap(), None);
}
