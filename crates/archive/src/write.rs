//! Writing to an archive.

use crate::codec::{geometry_to_blob, outcome_to_json};
use crate::error::{ArchiveError, from_sqlite};
use crate::records::{CampaignId, EventKind, NewCharge, NewResult, Recorded, Recording};
use ledger::{Conversion, source_name};
use matter::units::Euro;
use matter::{Molecule, StructureId};
use method::{CalculationId, Cost};
use rusqlite::{OptionalExtension, Params, Transaction, params};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Writes within one transaction, see [`Archive::write`](crate::Archive::write).
pub struct Writer<'a> {
    pub(crate) transaction: &'a Transaction<'a>,
    pub(crate) path: &'a Path,
}

fn unix_time() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |t| t.as_secs_f64())
}

fn not_negative(field: &'static str, value: f64) -> Result<f64, ArchiveError> {
    if value.is_finite() && value >= 0.0 {
        // SQLite does not keep the sign of a zero.
        Ok(value + 0.0)
    } else {
        Err(ArchiveError::BadNumber { field, value, expected: "finite numbers of 0 or more" })
    }
}

impl Writer<'_> {
    fn execute(&self, doing: &'static str, sql: &str, values: impl Params) -> Result<usize, ArchiveError> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(values))
            .map_err(|error| from_sqlite(self.path, doing, error))
    }

    fn check_campaign(&self, id: CampaignId) -> Result<(), ArchiveError> {
        let found: Option<i64> = self
            .transaction
            .prepare_cached("SELECT 1 FROM campaigns WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([id.0], |row| row.get(0)).optional())
            .map_err(|error| from_sqlite(self.path, "looking for a campaign", error))?;
        found.map(|_| ()).ok_or(ArchiveError::NoSuchCampaign { id: id.0 })
    }

    /// Begins a campaign with the text of its specification and a hash of what in it changes its decisions.
    ///
    /// # Errors
    /// [`ArchiveError::CampaignExists`] if the name is taken.
    pub fn create_campaign(
        &self,
        name: &str,
        spec: &str,
        spec_hash: &str,
    ) -> Result<CampaignId, ArchiveError> {
        let rows = self.execute(
            "beginning a campaign",
            "INSERT INTO campaigns (name, spec, spec_hash, created) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO NOTHING",
            params![name, spec, spec_hash, unix_time()],
        )?;
        match rows {
            0 => Err(ArchiveError::CampaignExists { name: name.to_owned() }),
            _ => Ok(CampaignId(self.transaction.last_insert_rowid())),
        }
    }

    /// Replaces the specification of a campaign, e.g. after its budget was raised.
    ///
    /// # Errors
    /// [`ArchiveError::NoSuchCampaign`].
    pub fn update_campaign(&self, id: CampaignId, spec: &str, spec_hash: &str) -> Result<(), ArchiveError> {
        let rows = self.execute(
            "changing a campaign",
            "UPDATE campaigns SET spec = ?2, spec_hash = ?3 WHERE id = ?1",
            params![id.0, spec, spec_hash],
        )?;
        if rows == 0 { Err(ArchiveError::NoSuchCampaign { id: id.0 }) } else { Ok(()) }
    }

    /// Adds a structure, once.
    ///
    /// # Errors
    /// Those of [`Archive::write`](crate::Archive::write).
    pub fn structure(&self, molecule: &Molecule) -> Result<StructureId, ArchiveError> {
        let id = molecule.id();
        let formula = molecule.formula().map_err(|e| ArchiveError::Internal {
            path: self.path.to_owned(),
            doing: "adding a structure",
            detail: e.to_string(),
        })?;
        self.execute(
            "adding a structure",
            "INSERT INTO structures (id, smiles, formula, charge, unpaired, geometry, first_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING",
            params![
                id.to_string(),
                molecule.graph().map(|g| g.canonical_smiles()),
                formula.to_string(),
                molecule.charge(),
                molecule.unpaired(),
                molecule.geometry().map(geometry_to_blob),
                unix_time()
            ],
        )?;
        Ok(id)
    }

    /// Keeps a calculation with its charge and its event, exactly once.
    ///
    /// If the archive has the calculation already, nothing is written at all. A failure that may pass
    /// ([`method::FailureKind::is_transient`]) is charged and logged but not remembered, so that the calculation
    /// can be tried again.
    ///
    /// # Errors
    /// [`ArchiveError::WrongIdentity`], [`ArchiveError::NoSuchCampaign`], [`ArchiveError::BadNumber`], and those of
    /// [`Archive::write`](crate::Archive::write).
    pub fn record(&self, recording: &Recording) -> Result<Recorded, ArchiveError> {
        let Recording { campaign, id, molecule, method, task, calculation, .. } = *recording;
        let expected = CalculationId::from_parts(molecule.id(), method.as_str(), task);
        if id != expected {
            return Err(ArchiveError::WrongIdentity {
                found: id.to_string(),
                expected: expected.to_string(),
            });
        }
        let (event, recorded) = match &calculation.outcome {
            Ok(_) => (EventKind::Finished, Recorded::Stored),
            Err(failure) if failure.kind.is_transient() => (EventKind::Failed, Recorded::ChargedOnly),
            Err(_) => (EventKind::Failed, Recorded::Stored),
        };
        if recorded == Recorded::Stored && !self.calculation(recording)? {
            return Ok(Recorded::AlreadyStored);
        }
        self.charge(
            campaign,
            &NewCharge {
                kind: recording.kind,
                calculation: Some(id),
                charge: recording.charge,
                conversion: recording.conversion,
            },
        )?;
        self.event(campaign, event, recording.payload)?;
        Ok(recorded)
    }

    /// Inserts the calculation; false if it is there already.
    fn calculation(&self, recording: &Recording) -> Result<bool, ArchiveError> {
        let Cost { core_seconds, wall, work, peak_memory, source } = recording.calculation.cost;
        let peak_memory = i64::try_from(peak_memory).map_err(|_| ArchiveError::BadNumber {
            field: "peak_memory",
            value: peak_memory as f64,
            expected: "at most 2^63 - 1 bytes",
        })?;
        let (status, outcome, failure) = match &recording.calculation.outcome {
            Ok(outcome) => ("ok", Some(outcome_to_json(outcome)?), None),
            Err(failure) => ("failed", None, Some(failure)),
        };
        let structure = self.structure(recording.molecule)?;
        let rows = self.execute(
            "recording a calculation",
            "INSERT INTO calculations (id, structure, method, task, status, outcome, failure_kind,
                 failure_message, core_seconds, wall, work, peak_memory, cost_source, recorded)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (id) DO NOTHING",
            params![
                recording.id.to_string(),
                structure.to_string(),
                recording.method.as_str(),
                recording.task,
                status,
                outcome,
                failure.map(|f| f.kind.as_str()),
                failure.map(|f| f.message.as_str()),
                not_negative("core_seconds", core_seconds.value())?,
                not_negative("wall", wall.value())?,
                not_negative("work", work)?,
                peak_memory,
                source_name(source),
                unix_time()
            ],
        )?;
        Ok(rows == 1)
    }

    /// Books a charge.
    ///
    /// # Errors
    /// [`ArchiveError::NoSuchCampaign`], [`ArchiveError::BadNumber`], and those of
    /// [`Archive::write`](crate::Archive::write).
    pub fn charge(&self, campaign: CampaignId, new: &NewCharge) -> Result<(), ArchiveError> {
        self.check_campaign(campaign)?;
        let NewCharge { kind, calculation, charge, conversion } = *new;
        let conversion = self.conversion(conversion)?;
        self.execute(
            "booking a charge",
            "INSERT INTO charges (campaign, kind, calculation, core_seconds, wall, joules, gco2e, euro, tier,
                 source, conversion, charged)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                campaign.0,
                kind.as_str(),
                calculation.map(|id| id.to_string()),
                not_negative("core_seconds", charge.core_seconds.value())?,
                not_negative("wall", charge.wall.value())?,
                not_negative("joules", charge.joules.value())?,
                not_negative("gco2e", charge.gco2e.value())?,
                charge.euro.map(Euro::value).map(|euro| not_negative("euro", euro)).transpose()?,
                charge.tier.as_str(),
                source_name(charge.source),
                conversion,
                unix_time()
            ],
        )?;
        Ok(())
    }

    /// Number of a conversion, which is stored once.
    fn conversion(&self, conversion: &Conversion) -> Result<i64, ArchiveError> {
        let json = serde_json::to_string(conversion).map_err(|e| ArchiveError::Internal {
            path: self.path.to_owned(),
            doing: "writing a conversion as JSON",
            detail: e.to_string(),
        })?;
        let doing = "storing a conversion";
        self.execute(
            doing,
            "INSERT INTO conversions (json) VALUES (?1) ON CONFLICT (json) DO NOTHING",
            [&json],
        )?;
        self.transaction
            .prepare_cached("SELECT id FROM conversions WHERE json = ?1")
            .and_then(|mut statement| statement.query_row([&json], |row| row.get(0)))
            .map_err(|error| from_sqlite(self.path, doing, error))
    }

    /// Appends to the event log.
    ///
    /// # Errors
    /// [`ArchiveError::NoSuchCampaign`], and those of [`Archive::write`](crate::Archive::write).
    pub fn event(
        &self,
        campaign: CampaignId,
        kind: EventKind,
        payload: &serde_json::Value,
    ) -> Result<(), ArchiveError> {
        self.check_campaign(campaign)?;
        self.execute(
            "appending an event",
            "INSERT INTO events (campaign, kind, payload, happened) VALUES (?1, ?2, ?3, ?4)",
            params![campaign.0, kind.as_str(), payload.to_string(), unix_time()],
        )?;
        Ok(())
    }

    /// Keeps what a campaign knows of a structure; replaces what it knew by the same recipe before, in place.
    ///
    /// # Errors
    /// [`ArchiveError::NoSuchCampaign`], [`ArchiveError::BadNumber`], and those of
    /// [`Archive::write`](crate::Archive::write).
    pub fn result(&self, campaign: CampaignId, new: &NewResult) -> Result<(), ArchiveError> {
        self.check_campaign(campaign)?;
        if let Ok(value) = new.outcome
            && !value.is_finite()
        {
            return Err(ArchiveError::BadNumber { field: "value", value, expected: "finite numbers only" });
        }
        let structure = self.structure(new.molecule)?;
        let failure = new.outcome.err();
        self.execute(
            "keeping a result",
            "INSERT INTO results (campaign, structure, property, recipe, value, failure_kind, failure_message,
                 core_seconds, joules, work, recorded)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (campaign, structure, property, recipe) DO UPDATE SET value = excluded.value,
                 failure_kind = excluded.failure_kind, failure_message = excluded.failure_message,
                 core_seconds = excluded.core_seconds, joules = excluded.joules, work = excluded.work,
                 recorded = excluded.recorded",
            params![
                campaign.0,
                structure.to_string(),
                new.property.as_str(),
                new.recipe,
                new.outcome.ok(),
                failure.map(|f| f.kind.as_str()),
                failure.map(|f| f.message.as_str()),
                not_negative("core_seconds", new.core_seconds.value())?,
                not_negative("joules", new.joules.value())?,
                not_negative("work", new.work)?,
                unix_time()
            ],
        )?;
        Ok(())
    }
}
