//! Reading an archive.

use crate::archive::Archive;
use crate::codec::{geometry_from_blob, outcome_from_json};
use crate::error::ArchiveError;
use crate::records::{
    BookedCharge, Campaign, CampaignId, ChargeKind, Counts, Event, EventKind, KindTotal, Recorded, Recording,
    StoredResult,
};
use ledger::{Charge, Conversion, Tier, source_from_str};
use matter::units::{CoreSeconds, Euro, GramsCo2e, Joules, Seconds};
use matter::{Graph, Molecule, StructureId};
use method::{Calculation, CalculationId, Cost, Failure, FailureKind, PropertyName};
use rusqlite::{OptionalExtension, Params, Row};
use std::fmt::Display;

/// A value that a query of this crate reads, or what is wrong with it.
type Decoded<T> = Result<T, String>;

fn column<T: rusqlite::types::FromSql>(row: &Row, name: &str) -> Decoded<T> {
    row.get(name).map_err(|e| e.to_string())
}

fn word<T>(row: &Row, name: &str) -> Decoded<T>
where
    T: std::str::FromStr,
    T::Err: Display,
{
    column::<String>(row, name)?.parse().map_err(|e: T::Err| e.to_string())
}

impl Archive {
    /// All rows of a query, each decoded; a row that cannot be decoded means that the file is damaged.
    fn rows<T>(
        &self,
        doing: &'static str,
        sql: &str,
        values: impl Params,
        decode: impl Fn(&Row) -> Decoded<T>,
    ) -> Result<Vec<T>, ArchiveError> {
        let rows: Vec<Decoded<T>> = self.read(doing, |connection| {
            connection.prepare_cached(sql)?.query_map(values, |row| Ok(decode(row)))?.collect()
        })?;
        let decoded: Decoded<Vec<T>> = rows.into_iter().collect();
        decoded.map_err(|detail| ArchiveError::Corrupted { path: self.path().to_owned(), detail })
    }

    fn row<T>(
        &self,
        doing: &'static str,
        sql: &str,
        values: impl Params,
        decode: impl Fn(&Row) -> Decoded<T>,
    ) -> Result<Option<T>, ArchiveError> {
        let row: Option<Decoded<T>> = self.read(doing, |connection| {
            connection.prepare_cached(sql)?.query_row(values, |row| Ok(decode(row))).optional()
        })?;
        row.transpose().map_err(|detail| ArchiveError::Corrupted { path: self.path().to_owned(), detail })
    }

    /// [`Writer::record`](crate::Writer::record) in a transaction of its own.
    ///
    /// # Errors
    /// Those of [`Writer::record`](crate::Writer::record).
    pub fn record(&self, recording: &Recording) -> Result<Recorded, ArchiveError> {
        self.write(|w| w.record(recording))
    }

    /// A calculation that was done before, by any campaign: outcome or failure and cost, to the last bit.
    ///
    /// # Errors
    /// [`ArchiveError::Corrupted`], [`ArchiveError::Io`], [`ArchiveError::Busy`]; all other reading
    /// functions have the same.
    pub fn recall(&self, id: CalculationId) -> Result<Option<Calculation>, ArchiveError> {
        self.row(
            "recalling a calculation",
            "SELECT * FROM calculations WHERE id = ?1",
            [id.to_string()],
            |row| decode_calculation(row).map_err(|detail| format!("calculation {id}: {detail}")),
        )
    }

    /// A structure: graph, geometry, charge and unpaired electrons as far as they were known.
    pub fn structure(&self, id: StructureId) -> Result<Option<Molecule>, ArchiveError> {
        self.row("reading a structure", "SELECT * FROM structures WHERE id = ?1", [id.to_string()], |row| {
            decode_molecule(row).map_err(|detail| format!("structure {id}: {detail}"))
        })
    }

    /// The campaign of this name.
    pub fn campaign(&self, name: &str) -> Result<Option<Campaign>, ArchiveError> {
        self.row("reading a campaign", "SELECT * FROM campaigns WHERE name = ?1", [name], decode_campaign)
    }

    /// All campaigns, oldest first.
    pub fn campaigns(&self) -> Result<Vec<Campaign>, ArchiveError> {
        self.rows("reading campaigns", "SELECT * FROM campaigns ORDER BY id", [], decode_campaign)
    }

    /// All events of a campaign, in order.
    pub fn events(&self, campaign: CampaignId) -> Result<Vec<Event>, ArchiveError> {
        self.events_after(campaign, 0)
    }

    /// The events of a campaign after the one numbered `seq`, in order.
    pub fn events_after(&self, campaign: CampaignId, seq: i64) -> Result<Vec<Event>, ArchiveError> {
        let sql = "SELECT * FROM events WHERE campaign = ?1 AND seq > ?2 ORDER BY seq";
        self.rows("reading events", sql, [campaign.0, seq], |row| {
            Ok(Event {
                seq: column(row, "seq")?,
                kind: word::<EventKind>(row, "kind")?,
                payload: serde_json::from_str(&column::<String>(row, "payload")?)
                    .map_err(|e| e.to_string())?,
                happened: column(row, "happened")?,
            })
        })
    }

    /// All charges of a campaign, in order.
    pub fn charges(&self, campaign: CampaignId) -> Result<Vec<BookedCharge>, ArchiveError> {
        let sql = "SELECT * FROM charges WHERE campaign = ?1 ORDER BY seq";
        self.rows("reading charges", sql, [campaign.0], |row| {
            Ok(BookedCharge {
                seq: column(row, "seq")?,
                kind: word(row, "kind")?,
                calculation: column(row, "calculation")?,
                charge: decode_charge(row)?,
                charged: column(row, "charged")?,
            })
        })
    }

    /// The conversions that the charges of a campaign were computed with.
    pub fn conversions(&self, campaign: CampaignId) -> Result<Vec<Conversion>, ArchiveError> {
        let sql =
            "SELECT json FROM conversions WHERE id IN (SELECT conversion FROM charges WHERE campaign = ?1)
                   ORDER BY id";
        self.rows("reading conversions", sql, [campaign.0], |row| {
            serde_json::from_str(&column::<String>(row, "json")?).map_err(|e| e.to_string())
        })
    }

    /// What a campaign has spent on each kind of thing, in the order of [`ChargeKind`].
    pub fn totals_by_kind(&self, campaign: CampaignId) -> Result<Vec<KindTotal>, ArchiveError> {
        let sql = "SELECT kind, tier, source, count(*) AS number, total(core_seconds) AS core_seconds,
                       total(wall) AS wall, total(joules) AS joules, total(gco2e) AS gco2e,
                       CASE WHEN count(euro) = count(*) THEN total(euro) END AS euro
                   FROM charges WHERE campaign = ?1 GROUP BY kind, tier, source ORDER BY kind, tier, source";
        let parts = self.rows("adding up charges", sql, [campaign.0], |row| {
            Ok((word::<ChargeKind>(row, "kind")?, column::<i64>(row, "number")?, decode_charge(row)?))
        })?;
        let mut totals: Vec<KindTotal> = Vec::new();
        for (kind, number, charge) in parts {
            let count = number.unsigned_abs();
            match totals.iter_mut().find(|t| t.kind == kind) {
                Some(total) => {
                    total.count += count;
                    total.charge += charge;
                }
                None => totals.push(KindTotal { kind, count, charge }),
            }
        }
        totals.sort_by_key(|t| t.kind);
        Ok(totals)
    }

    /// What a campaign has spent in all; its tier is the weakest of all charges.
    pub fn totals(&self, campaign: CampaignId) -> Result<Charge, ArchiveError> {
        Ok(self.totals_by_kind(campaign)?.into_iter().map(|t| t.charge).sum())
    }

    /// All results of a campaign, in the order in which they were first known.
    pub fn results(&self, campaign: CampaignId) -> Result<Vec<StoredResult>, ArchiveError> {
        let sql = "SELECT results.*, smiles FROM results JOIN structures ON structures.id = results.structure
                   WHERE campaign = ?1 ORDER BY seq";
        self.rows("reading results", sql, [campaign.0], decode_result)
    }

    /// How much there is.
    pub fn counts(&self) -> Result<Counts, ArchiveError> {
        let sql = "SELECT (SELECT count(*) FROM structures) AS structures,
                          (SELECT count(*) FROM calculations WHERE status = 'ok') AS succeeded,
                          (SELECT count(*) FROM calculations WHERE status = 'failed') AS failed,
                          (SELECT count(*) FROM charges) AS charges,
                          (SELECT count(*) FROM events) AS events";
        let counts = self.row("counting", sql, [], |row| {
            let count = |name| column::<i64>(row, name).map(i64::unsigned_abs);
            Ok(Counts {
                structures: count("structures")?,
                succeeded: count("succeeded")?,
                failed: count("failed")?,
                charges: count("charges")?,
                events: count("events")?,
            })
        })?;
        Ok(counts.unwrap_or_default())
    }
}

fn decode_campaign(row: &Row) -> Decoded<Campaign> {
    Ok(Campaign {
        id: CampaignId(column(row, "id")?),
        name: column(row, "name")?,
        spec: column(row, "spec")?,
        spec_hash: column(row, "spec_hash")?,
        created: column(row, "created")?,
    })
}

fn decode_failure(row: &Row) -> Decoded<Option<Failure>> {
    let Some(kind) = column::<Option<String>>(row, "failure_kind")? else { return Ok(None) };
    let kind: FailureKind = serde_json::from_value(kind.into()).map_err(|e| e.to_string())?;
    Ok(Some(Failure { kind, message: column(row, "failure_message")? }))
}

fn decode_calculation(row: &Row) -> Decoded<Calculation> {
    let outcome = match decode_failure(row)? {
        Some(failure) => Err(failure),
        None => Ok(outcome_from_json(&column::<String>(row, "outcome")?)?),
    };
    let cost = Cost {
        core_seconds: CoreSeconds(column(row, "core_seconds")?),
        wall: Seconds(column(row, "wall")?),
        work: column(row, "work")?,
        peak_memory: column::<i64>(row, "peak_memory")?.unsigned_abs(),
        source: source_from_str(&column::<String>(row, "cost_source")?).map_err(|e| e.to_string())?,
    };
    Ok(Calculation { outcome, cost })
}

fn decode_molecule(row: &Row) -> Decoded<Molecule> {
    let (charge, unpaired) = (column(row, "charge")?, column(row, "unpaired")?);
    let geometry = column::<Option<Vec<u8>>>(row, "geometry")?.map(|b| geometry_from_blob(&b)).transpose()?;
    let Some(smiles) = column::<Option<String>>(row, "smiles")? else {
        let geometry = geometry.ok_or("neither SMILES nor geometry")?;
        return Molecule::from_geometry(geometry, charge, unpaired).map_err(|e| e.to_string());
    };
    let graph = Graph::from_smiles(&smiles).map_err(|e| e.to_string())?;
    let molecule = match geometry {
        Some(geometry) => Molecule::from_geometry(geometry, charge, unpaired).map(|m| m.with_graph(graph)),
        None => Molecule::from_graph(graph).and_then(|m| m.with_state(charge, unpaired)),
    };
    molecule.map_err(|e| e.to_string())
}

fn decode_charge(row: &Row) -> Decoded<Charge> {
    Ok(Charge {
        core_seconds: CoreSeconds(column(row, "core_seconds")?),
        wall: Seconds(column(row, "wall")?),
        joules: Joules(column(row, "joules")?),
        gco2e: GramsCo2e(column(row, "gco2e")?),
        euro: column::<Option<f64>>(row, "euro")?.map(Euro),
        tier: word::<Tier>(row, "tier")?,
        source: source_from_str(&column::<String>(row, "source")?).map_err(|e| e.to_string())?,
    })
}

fn decode_result(row: &Row) -> Decoded<StoredResult> {
    let structure: String = column(row, "structure")?;
    let outcome = match decode_failure(row)? {
        Some(failure) => Err(failure),
        None => Ok(column(row, "value")?),
    };
    Ok(StoredResult {
        seq: column(row, "seq")?,
        structure: StructureId::from_hex(&structure).ok_or_else(|| format!("structure `{structure}`"))?,
        smiles: column(row, "smiles")?,
        property: PropertyName::new(column::<String>(row, "property")?),
        recipe: column(row, "recipe")?,
        outcome,
        core_seconds: CoreSeconds(column(row, "core_seconds")?),
        joules: Joules(column(row, "joules")?),
        work: column(row, "work")?,
        recorded: column(row, "recorded")?,
    })
}
