//! The ledger of a campaign, for people and programs.

use crate::error::CampaignError;
use crate::history::{History, open_to_read};
use crate::spec::Loaded;
use ledger::{Charge, Conversion, Quantity};
use matter::units::Seconds;
use serde::Serialize;

/// What was spent on one kind of work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KindRow {
    /// The kind; `total` for the sum.
    pub kind: String,
    /// Number of charges.
    pub count: u64,
    /// Processor time.
    pub core_seconds: f64,
    /// Energy.
    pub joules: f64,
    /// Emission.
    pub gco2e: f64,
    /// Money, if there is a price.
    pub euro: Option<f64>,
    /// Tier of the energy, the weakest of all.
    pub tier: String,
}

/// One charge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChargeRow {
    /// Its place in the ledger.
    pub seq: i64,
    /// What was paid for.
    pub kind: String,
    /// Identity of the calculation, if it was one.
    pub calculation: Option<String>,
    /// Processor time.
    pub core_seconds: f64,
    /// Energy.
    pub joules: f64,
    /// Tier of the energy.
    pub tier: String,
}

/// The ledger of a campaign.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Account {
    /// Name of the campaign.
    pub campaign: String,
    /// The budget as written.
    pub budget: String,
    /// The cap.
    pub cap: f64,
    /// What is spent of it.
    pub spent: f64,
    /// Unit of both.
    pub unit: &'static str,
    /// The sum.
    pub total: KindRow,
    /// By what it was spent on.
    pub kinds: Vec<KindRow>,
    /// How core-seconds became energy, in words.
    pub conversions: Vec<String>,
    /// The row for a table of the sustainability of machine learning and simulation: cores, hours, W, PUE, kWh, kg.
    pub table_row: String,
    /// What looks implausible.
    pub doubts: Vec<String>,
    /// Every charge, if asked for.
    pub charges: Vec<ChargeRow>,
}

fn row(kind: &str, count: u64, charge: &Charge) -> KindRow {
    KindRow {
        kind: kind.to_owned(),
        count,
        core_seconds: charge.core_seconds.value(),
        joules: charge.joules.value(),
        gco2e: charge.gco2e.value(),
        euro: charge.euro.map(|e| e.value()),
        // The sum of nothing was not measured in any way.
        tier: if count == 0 { "-".to_owned() } else { charge.tier.as_str().to_owned() },
    }
}

fn in_words(c: &Conversion) -> String {
    let price = match (c.euro_per_kwh, c.euro_per_core_hour) {
        (None, None) => "no price".to_owned(),
        (kwh, hour) => {
            let parts = [kwh.map(|p| format!("{p} EUR/kWh")), hour.map(|p| format!("{p} EUR/core-hour"))];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
        }
    };
    format!(
        "conversion: {:.3} W per busy core ({} W x usage {} + {} GB x 0.3725 W/GB, x PUE {}), {} gCO2e/kWh, {price}",
        c.watts(),
        c.watts_per_core,
        c.usage,
        c.memory_gb_per_core,
        c.pue,
        c.grid_gco2e_per_kwh
    )
}

/// Reads the ledger of a campaign.
///
/// # Errors
/// [`CampaignError::NotRun`] if there is none yet.
pub fn account(loaded: &Loaded, all: bool) -> Result<Account, CampaignError> {
    let (archive, campaign) = open_to_read(loaded)?;
    let name = &loaded.spec.name;
    let total = archive.totals(campaign.id)?;
    let by_kind = archive.totals_by_kind(campaign.id)?;
    let elapsed = History::read(&archive, campaign.id, name)?.elapsed;
    let budget = loaded.budget;
    let spent = match budget.quantity() {
        Quantity::ElapsedTime => budget.spent(&Charge { wall: elapsed, ..total }),
        _ => budget.spent(&total),
    };
    let conversions = archive.conversions(campaign.id)?;
    let charges = if all { archive.charges(campaign.id)? } else { Vec::new() };
    let latest = conversions.last().unwrap_or(&loaded.spec.energy);
    Ok(Account {
        campaign: name.clone(),
        budget: loaded.spec.budget.clone(),
        cap: budget.amount(),
        spent,
        unit: budget.unit(),
        kinds: by_kind.iter().map(|k| row(k.kind.as_str(), k.count, &k.charge)).collect(),
        table_row: table_row(name, &total, latest),
        doubts: ledger::plausibility::of_conversion(latest).iter().map(ToString::to_string).collect(),
        conversions: conversions.iter().map(in_words).collect(),
        total: row("total", by_kind.iter().map(|k| k.count).sum(), &total),
        charges: charges
            .iter()
            .map(|c| ChargeRow {
                seq: c.seq,
                kind: c.kind.as_str().to_owned(),
                calculation: c.calculation.clone(),
                core_seconds: c.charge.core_seconds.value(),
                joules: c.charge.joules.value(),
                tier: c.charge.tier.as_str().to_owned(),
            })
            .collect(),
    })
}

fn table_row(name: &str, total: &Charge, c: &Conversion) -> String {
    let hours = Seconds(total.core_seconds.value()).value() / 3600.0;
    format!(
        "{name} | {hours:.4} core-h | {:.3} W/core | {} GB/core | PUE {} | {} g/kWh | {:.6} kWh | {:.6} kgCO2e | tier {}",
        c.watts_per_core,
        c.memory_gb_per_core,
        c.pue,
        c.grid_gco2e_per_kwh,
        total.joules.value() / 3.6e6,
        total.gco2e.value() / 1000.0,
        total.tier.as_str()
    )
}
