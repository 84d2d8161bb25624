//! What was spent, for the report.

use super::Sources;
use crate::error::CampaignError;
use archive::ChargeKind;
use ledger::{Charge, Quantity, Tier};
use matter::units::{CoreSeconds, Joules};
use report::data::{self, CostKind};
use std::collections::BTreeMap;

fn cost(charge: &Charge) -> data::Cost {
    data::Cost { joules: charge.joules, core_seconds: charge.core_seconds }
}

pub(super) fn budget(sources: &Sources) -> data::Budget {
    let budget = sources.loaded.budget;
    let spent = match budget.quantity() {
        Quantity::ElapsedTime => budget.spent(&Charge { wall: sources.history.elapsed, ..sources.total }),
        _ => budget.spent(&sources.total),
    };
    let one = sources.loaded.spec.energy.predict(CoreSeconds(1.0));
    let unit = budget.spent(&one);
    let cap_joules = (unit > 0.0 && budget.quantity() != Quantity::ElapsedTime)
        .then(|| Joules(budget.amount() / unit * one.joules.value()));
    data::Budget { cap: budget.amount(), unit: budget.unit().to_owned(), spent, cap_joules }
}

pub(super) fn totals(sources: &Sources) -> data::Totals {
    let mut failed: BTreeMap<&str, u64> = BTreeMap::new();
    for e in &sources.history.evaluated {
        if let Err(failure) = &e.outcome {
            *failed.entry(failure.kind.as_str()).or_default() += 1;
        }
    }
    let conversion = &sources.loaded.spec.energy;
    let interval =
        conversion.watts_interval().filter(|_| sources.total.tier != Tier::Counter).map(|[low, high]| {
            let seconds = sources.total.core_seconds.value();
            (Joules(low * seconds), Joules(high * seconds))
        });
    data::Totals {
        evaluated: sources.valued().filter(|(e, _)| !e.reused()).count() as u64,
        reused: sources.valued().filter(|(e, _)| e.reused()).count() as u64,
        failed: failed
            .into_iter()
            .map(|(kind, count)| data::KindCount { kind: kind.replace('_', " "), count })
            .collect(),
        cost: cost(&sources.total),
        joules_interval: interval,
        co2e: sources.total.gco2e,
        money: sources.total.euro.filter(|_| conversion.has_price()),
        wall: sources.history.elapsed,
        tier: match sources.total.tier {
            Tier::Counter => data::Tier::Counter,
            Tier::Accounting => data::Tier::Accounting,
            Tier::Model => data::Tier::Model,
        },
        conversion: data::Conversion {
            watts_per_core: Some(conversion.watts()),
            pue: conversion.pue,
            grid_gco2e_per_kwh: conversion.grid_gco2e_per_kwh,
            euro_per_kwh: conversion.euro_per_kwh,
            source: "[energy] of the campaign file; defaults from Green Algorithms 2024".into(),
        },
    }
}

pub(super) fn by_kind(sources: &Sources) -> Result<Vec<data::KindCost>, CampaignError> {
    let mut rows: BTreeMap<usize, data::KindCost> = BTreeMap::new();
    let order = [
        CostKind::Calculation,
        CostKind::Geometry,
        CostKind::Space,
        CostKind::Decide,
        CostKind::Other,
        CostKind::Lost,
    ];
    let mut add = |kind: CostKind, count: u64, cost: data::Cost| {
        let place = order.iter().position(|k| *k == kind).unwrap_or(order.len());
        let zero = data::KindCost { kind, count: 0, cost: data::Cost::default() };
        let row = rows.entry(place).or_insert(zero);
        row.count += count;
        row.cost.joules += cost.joules;
        row.cost.core_seconds += cost.core_seconds;
    };
    for total in sources.archive.totals_by_kind(sources.campaign.id)? {
        match total.kind {
            ChargeKind::Building => add(CostKind::Geometry, total.count, cost(&total.charge)),
            ChargeKind::Lost => add(CostKind::Lost, total.count, cost(&total.charge)),
            // The engine's charges are told apart below, by what they were for.
            ChargeKind::Engine => {}
            _ => add(CostKind::Calculation, total.count, cost(&total.charge)),
        }
    }
    for e in &sources.history.engine {
        let kind = match e.what.as_str() {
            "space" => CostKind::Space,
            "round" => CostKind::Decide,
            _ => CostKind::Other,
        };
        add(kind, 1, data::Cost { joules: e.joules, core_seconds: e.core_seconds });
    }
    Ok(rows.into_values().collect())
}

pub(super) fn by_round(sources: &Sources) -> Vec<data::RoundCost> {
    let goal = sources.goal();
    let mut best = None;
    let mut rounds = Vec::new();
    for round in &sources.history.rounds {
        let mut row = data::RoundCost {
            round: round.number as u32,
            evaluated: 0,
            failed: 0,
            chemistry: data::Cost::default(),
            engine: data::Cost::default(),
            best: None,
        };
        for e in sources.history.evaluated.iter().filter(|e| e.round == round.number) {
            row.chemistry.joules += e.paid.joules;
            row.chemistry.core_seconds += e.paid.core_seconds;
            match e.outcome {
                Ok(value) => {
                    row.evaluated += 1;
                    best = goal.best_value(best.into_iter().chain([value]));
                }
                Err(_) => row.failed += 1,
            }
        }
        for e in sources.history.engine.iter().filter(|e| e.round == round.number) {
            row.engine.joules += e.joules;
            row.engine.core_seconds += e.core_seconds;
        }
        row.best = best;
        rounds.push(row);
    }
    rounds
}
