//! The durable store of structures, calculations, charges, decisions and events.
//!
//! One [`Archive`] is one SQLite file. A calculation is in it once, under the hash of structure, method and
//! task: [`Archive::recall`] gives it back to the last bit, [`Archive::record`] keeps it together with its charge and
//! its event, all or nothing. Several campaigns can share an archive, and then also share calculations: the first
//! one pays. [`CampaignLock`] keeps two processes from running one campaign.
//!
//! ```
//! use archive::{Archive, ChargeKind, Recorded, Recording};
//! use ledger::Conversion;
//! use matter::{Molecule, units::{CoreSeconds, Hartree, Seconds}};
//! use method::{Calculation, CalculationId, Cost, MethodId, Outcome, Task};
//!
//! let archive = Archive::in_memory()?;
//! let campaign = archive.write(|w| w.create_campaign("demo", "", ""))?;
//!
//! let molecule = Molecule::from_smiles("O=C1C=CC(=O)C=C1")?;
//! let (method, task) = (MethodId::new("gfn2@xtb-6.5.1"), Task::SinglePoint);
//! let id = CalculationId::new(molecule.id(), &method, &task);
//! assert!(archive.recall(id)?.is_none());
//!
//! let cost = Cost { core_seconds: CoreSeconds(0.2), wall: Seconds(0.2), ..Cost::ZERO };
//! let outcome = Outcome { energy: Some(Hartree(-25.65)), ..Outcome::default() };
//! let calculation = Calculation::done(outcome, cost);
//! let conversion = Conversion::default();
//! let recording = Recording {
//!     campaign,
//!     id,
//!     molecule: &molecule,
//!     method: &method,
//!     task: &task.to_string(),
//!     calculation: &calculation,
//!     kind: ChargeKind::Calculation,
//!     charge: conversion.charge(&cost),
//!     conversion: &conversion,
//!     payload: &serde_json::json!({"smiles": molecule.label()}),
//! };
//! assert_eq!(archive.record(&recording)?, Recorded::Stored);
//! assert_eq!(archive.record(&recording)?, Recorded::AlreadyStored);
//! assert_eq!(archive.recall(id)?, Some(calculation));
//! assert_eq!(archive.totals(campaign)?, conversion.charge(&cost));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod codec;
mod error;
mod lock;
mod read;
mod records;
mod schema;
mod write;

pub use archive::Archive;
pub use error::ArchiveError;
pub use lock::CampaignLock;
pub use records::{
    BookedCharge, Campaign, CampaignId, ChargeKind, Counts, Event, EventKind, KindTotal, NewCharge,
    NewResult, Recorded, Recording, StoredResult,
};
pub use write::Writer;
