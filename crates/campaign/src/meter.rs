//! From processor time to charges, with hardware counters where the machine has them.

use ledger::powercap::{EnergyMeter, POWERCAP_ROOT};
use ledger::{Charge, Conversion, Tier};
use matter::units::{CoreSeconds, Joules};
use method::{Cost, CostSource, meter};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Turns costs into charges.
///
/// Where the counters of the processor packages can be read, the energy counted since the start is shared among
/// all work by its processor time (so that idle power is paid for too); else the conversion's power per core
/// is used. What is replayed or predicted always goes by the conversion.
pub(crate) struct Meter {
    conversion: Conversion,
    counters: Option<Mutex<Counted>>,
}

struct Counted {
    meter: EnergyMeter,
    joules: Joules,
    begun: CoreSeconds,
}

impl Meter {
    pub(crate) fn start(conversion: &Conversion) -> Meter {
        Meter::start_at(conversion, Path::new(POWERCAP_ROOT))
    }

    fn start_at(conversion: &Conversion, root: &Path) -> Meter {
        let counters = EnergyMeter::start(root)
            .ok()
            .map(|meter| Mutex::new(Counted { meter, joules: Joules::ZERO, begun: processor_time() }));
        Meter { conversion: conversion.clone(), counters }
    }

    pub(crate) fn conversion(&self) -> &Conversion {
        &self.conversion
    }

    pub(crate) fn charge(&self, cost: &Cost) -> Charge {
        if cost.source == CostSource::Accounting
            && let Some(watts) = self.counted_watts()
        {
            return self.conversion.charge_measured(cost, watts * cost.core_seconds.value(), Tier::Counter);
        }
        self.conversion.charge(cost)
    }

    /// What work of this processor time may cost at the most: for reservations. Counted power wanders with what else
    /// the machine does, so it is taken a quarter higher than it has been.
    pub(crate) fn upper(&self, core_seconds: CoreSeconds) -> Charge {
        let modelled = self.conversion.predict(core_seconds);
        match self.counted_watts() {
            Some(watts) => {
                let joules = watts * core_seconds.value() * 1.25;
                let cost = Cost { core_seconds, source: CostSource::Predicted, ..Cost::ZERO };
                let counted = self.conversion.charge_measured(&cost, joules, Tier::Counter);
                if counted.joules > modelled.joules {
                    Charge { wall: modelled.wall, ..counted }
                } else {
                    modelled
                }
            }
            None => modelled,
        }
    }

    /// Joules counted for each core-second of this process and its children.
    fn counted_watts(&self) -> Option<Joules> {
        let mut counted = self.counters.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let lap = counted.meter.lap().ok()?;
        counted.joules += lap;
        let worked = (processor_time() - counted.begun).value();
        (worked > 0.0 && counted.joules > Joules::ZERO).then(|| counted.joules / worked)
    }
}

/// Processor time of this process and all children that have ended.
pub(crate) fn processor_time() -> CoreSeconds {
    meter::process_time() + meter::children_time()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_used_where_they_are() {
        let root = tempfile::tempdir().unwrap();
        let package = root.path().join("intel-rapl:0");
        std::fs::create_dir(&package).unwrap();
        let write = |name: &str, text: &str| std::fs::write(package.join(name), text).unwrap();
        write("name", "package-0\n");
        write("max_energy_range_uj", "262143328850\n");
        write("energy_uj", "1000000\n");
        let conversion = Conversion::default();
        let meter = Meter::start_at(&conversion, root.path());
        write("energy_uj", "51000000\n");
        let mut x = 0u64;
        let begun = processor_time();
        while processor_time() - begun < CoreSeconds(0.02) {
            x = std::hint::black_box(x.wrapping_mul(31).wrapping_add(7));
        }
        let cost = Cost { core_seconds: CoreSeconds(0.02), ..Cost::ZERO };
        let charge = meter.charge(&cost);
        assert_eq!(charge.tier, Tier::Counter);
        assert!(charge.joules > Joules::ZERO && charge.joules <= Joules(51.0), "{:?}", charge.joules);
        let replayed = Cost { source: CostSource::Replayed, ..cost };
        assert_eq!(meter.charge(&replayed).tier, Tier::Model);
        let without = Meter::start_at(&conversion, Path::new("/nonexistent"));
        assert_eq!(without.charge(&cost).tier, Tier::Model);
    }
}
