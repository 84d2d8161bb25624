//! Campaign files as scenarios.

use super::{Quinone, Site, quinones, small_space};

/// A campaign file that is put together piece by piece; it is named `test`.
#[derive(Clone, Debug)]
pub struct Campaign {
    pub budget: String,
    pub method: String,
    pub property: String,
    pub space: String,
    pub search: String,
    pub engine: String,
    /// Whole further tables.
    pub further: String,
    pub stop_after: Option<u32>,
    pub threads: u32,
}

impl Campaign {
    /// A search through a table of made-up values, which are written to the folder too. Replayed values take no time,
    /// and their costs are those of the table.
    pub fn replay(site: &Site, quinones: &[Quinone]) -> Campaign {
        let rows = quinones.iter().map(|q| format!("{},{},{}\n", q.smiles, q.value, q.core_seconds));
        site.write("table.csv", format!("smiles,gap,core_seconds\n{}", rows.collect::<String>()));
        site.write("library.smi", quinones.iter().map(|q| format!("{}\n", q.smiles)).collect::<String>());
        Campaign {
            budget: "1 kWh".into(),
            method: "table:table.csv".into(),
            property: "gap".into(),
            space: "\n[space]\nkind = \"library\"\nfile = \"library.smi\"\n".into(),
            search: "initial = 12\nbatch = 4\nshortlist = 8".into(),
            engine: "table_cost = \"core_seconds\"".into(),
            further: String::new(),
            stop_after: Some(80),
            threads: 2,
        }
    }

    /// A search through a few real molecules by the program's own GFN2-xTB.
    pub fn native() -> Campaign {
        Campaign {
            budget: "1 kWh".into(),
            method: "gfn2".into(),
            property: "reduction_energy".into(),
            space: small_space().into(),
            search: "initial = 6\nbatch = 2\nshortlist = 5".into(),
            engine: "timeout_seconds = 120.0".into(),
            further: "[geometry]\nconformers = 2\ncompared = 1\noptimisation = \"loose\"\n".into(),
            stop_after: Some(16),
            threads: 2,
        }
    }

    /// As [`Campaign::native`], over a library that no budget of these tests pays for; it is written to the folder too.
    pub fn large(site: &Site) -> Campaign {
        let library = quinones(1.0, 1.0);
        site.write("library.smi", library.iter().map(|q| format!("{}\n", q.smiles)).collect::<String>());
        Campaign {
            space: "\n[space]\nkind = \"library\"\nfile = \"library.smi\"\n".into(),
            further: String::new(),
            ..Campaign::native()
        }
    }

    /// As [`Campaign::native`], by the xtb program.
    pub fn xtb() -> Campaign {
        Campaign { method: "gfn2@xtb".into(), ..Campaign::native() }
    }

    pub fn budget(self, budget: &str) -> Campaign {
        Campaign { budget: budget.into(), ..self }
    }

    pub fn stop_after(self, evaluations: u32) -> Campaign {
        Campaign { stop_after: Some(evaluations), ..self }
    }

    /// Goes on until the budget or the space ends.
    pub fn without_stop(self) -> Campaign {
        Campaign { stop_after: None, ..self }
    }

    pub fn threads(self, threads: u32) -> Campaign {
        Campaign { threads, ..self }
    }

    /// Adds a line to `[engine]`.
    pub fn engine(self, line: &str) -> Campaign {
        Campaign { engine: format!("{}\n{line}", self.engine), ..self }
    }

    /// Adds tables, e.g. `[energy]`.
    pub fn with(self, tables: &str) -> Campaign {
        Campaign { further: format!("{}\n{tables}\n", self.further), ..self }
    }

    /// The file.
    pub fn text(&self) -> String {
        let Campaign { budget, method, property, space, search, engine, further, threads, .. } = self;
        let stop = self.stop_after.map_or_else(String::new, |n| format!("[stop]\nmax_evaluations = {n}\n"));
        format!(
            "name = \"test\"\nseed = 7\nbudget = \"{budget}\"\nmethod = \"{method}\"\n\
             [objective]\nproperty = \"{property}\"\ngoal = \"minimise\"\n\
             [search]\nacquisition = \"ei_per_joule\"\nthreads = {threads}\n{search}\n{stop}\
             [engine]\n{engine}\n{further}{space}"
        )
    }

    /// Writes it to `campaign.toml`.
    pub fn write(&self, site: &Site) {
        site.write("campaign.toml", self.text());
    }
}
