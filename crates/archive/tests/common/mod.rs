//! Calculations to be recorded.
#![allow(dead_code)]

use archive::{Archive, CampaignId, ChargeKind, Recorded, Recording};
use ledger::Conversion;
use matter::units::{CoreSeconds, Hartree, Seconds};
use matter::{Element, Geometry, Molecule};
use method::{Calculation, CalculationId, Cost, MethodId, Outcome, Task};

pub fn archive() -> (Archive, CampaignId) {
    let archive = Archive::in_memory().unwrap();
    let campaign = archive.write(|w| w.create_campaign("demo", "spec", "hash")).unwrap();
    (archive, campaign)
}

pub fn method() -> MethodId {
    MethodId::new("gfn2@xtb-6.5.1")
}

/// A hydrogen molecule whose bond length is its number.
pub fn molecule(number: u64) -> Molecule {
    let length = 0.5 + number as f64 * 1e-3;
    let geometry = Geometry::new(vec![Element::H; 2], vec![[0.0; 3], [0.0, 0.0, length]]).unwrap();
    Molecule::from_geometry(geometry, 0, 0).unwrap()
}

pub fn id(molecule: &Molecule) -> CalculationId {
    CalculationId::new(molecule.id(), &method(), &Task::Gradient)
}

/// A success that is a function of its number alone.
pub fn calculation(number: u64) -> Calculation {
    let x = number as f64;
    let outcome = Outcome {
        energy: Some(Hartree(-1.0 - x / 7.0)),
        gradient: Some(vec![[x.sin(), -0.0, 1e-17 * x], [x.cos(), x.sqrt(), 1.0 / (x + 3.0)]]),
        geometry: molecule(number).geometry().cloned(),
        ..Outcome::default()
    };
    let core_seconds = CoreSeconds(0.1 + x / 3.0);
    Calculation::done(outcome, Cost { core_seconds, wall: Seconds(0.2), work: x, ..Cost::ZERO })
}

pub fn record(archive: &Archive, campaign: CampaignId, molecule: &Molecule, done: &Calculation) -> Recorded {
    let conversion = Conversion::default();
    let recording = Recording {
        campaign,
        id: id(molecule),
        molecule,
        method: &method(),
        task: &Task::Gradient.to_string(),
        calculation: done,
        kind: ChargeKind::Calculation,
        charge: conversion.charge(&done.cost),
        conversion: &conversion,
        payload: &serde_json::json!({"calculation": id(molecule).to_string()}),
    };
    archive.record(&recording).unwrap()
}
