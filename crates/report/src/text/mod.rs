//! Numbers and sentences.

mod number;
mod quantity;
mod summary;

pub(crate) use number::{count, decimals_for_range, estimate, fixed, formula, moment, percent, significant};
pub(crate) use quantity::{
    EnergyScale, co2e, energy, energy_wh, grams_per_mol, money, processor_time, time, with_unit,
};
pub(crate) use summary::{Advantage, advantage, goal, plural, summary, value, value_decimals};
