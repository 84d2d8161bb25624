//! What a campaign found, gathered from its archive for the report.

mod costs;
mod machine;
mod outlook;
mod verdicts;

pub use machine::energy_in_words;
pub(crate) use outlook::Outlook;

use crate::error::CampaignError;
use crate::history::{Evaluated, History, Phase, open_to_read};
use crate::pool::Pool;
use crate::spec::Loaded;
use archive::{Archive, Campaign};
use decide::{Gaussian, Goal};
use ledger::Charge;
use matter::{Molecule, StructureId};
use report::data::{self, Report};
use std::collections::{BTreeMap, HashMap};

/// Failures listed one by one; the counts cover all.
const LISTED_FAILURES: usize = 25;

/// Everything the parts of a report are made from.
pub(crate) struct Sources {
    pub(crate) loaded: Loaded,
    pub(crate) campaign: Campaign,
    pub(crate) archive: Archive,
    pub(crate) history: History,
    pub(crate) pool: Pool,
    pub(crate) total: Charge,
    pub(crate) unit: String,
    pub(crate) recipe: String,
    pub(crate) predictions: HashMap<StructureId, Gaussian>,
}

/// Gathers the report of a campaign from its archive; reads only, also while the campaign runs.
///
/// # Errors
/// [`CampaignError::NotRun`] if there is nothing yet.
pub fn summarise(loaded: &Loaded) -> Result<Report, CampaignError> {
    let sources = Sources::read(loaded, Pool::load(loaded)?)?;
    let outlook = Outlook::of(&sources)?;
    assemble(sources, outlook)
}

/// What the surrogate says at the end, from candidates that are loaded already: the part of a report that takes work.
pub(crate) fn look_ahead(loaded: &Loaded, pool: Pool) -> Result<(Pool, Outlook), CampaignError> {
    let sources = Sources::read(loaded, pool)?;
    let outlook = Outlook::of(&sources)?;
    Ok((sources.pool, outlook))
}

/// The report from what was looked at before.
pub(crate) fn finish(loaded: &Loaded, pool: Pool, outlook: Outlook) -> Result<Report, CampaignError> {
    assemble(Sources::read(loaded, pool)?, outlook)
}

fn assemble(sources: Sources, outlook: Outlook) -> Result<Report, CampaignError> {
    let short_list = sources.short_list();
    let evaluations = sources.evaluations();
    let calibration = data::Calibration::of(&evaluations);
    let failed = sources.failed();
    let mut verdicts = verdicts::all(&sources, &calibration);
    let distances = outlook.distances.and_then(|d| verdicts::against_chance(&sources, d));
    verdicts.splice(0..0, distances);
    let spec = &sources.loaded.spec;
    let reason = match &sources.history.stopped {
        Some(stopped) => sentence(&stopped.reason),
        None => "It has not come to an end yet: `joulery run` goes on.".to_owned(),
    };
    Ok(Report {
        campaign: spec.name.clone(),
        started: machine::iso_date(sources.history.begun.unwrap_or(sources.campaign.created)),
        finished: machine::iso_date(sources.history.last.unwrap_or(sources.campaign.created)),
        stop_reason: reason,
        question: sources.question(),
        budget: costs::budget(&sources),
        verdicts,
        totals: costs::totals(&sources),
        space: sources.space(),
        short_list,
        promising: outlook.promising,
        evaluations,
        shadow: outlook.shadow,
        calibration,
        cost_by_kind: costs::by_kind(&sources)?,
        rounds: costs::by_round(&sources),
        failures: failed,
        repeat: machine::repeat(&sources),
    })
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

impl Sources {
    fn read(loaded: &Loaded, pool: Pool) -> Result<Sources, CampaignError> {
        let (archive, campaign) = open_to_read(loaded)?;
        let name = &loaded.spec.name;
        let history = History::read(&archive, campaign.id, name)?;
        let total = archive.totals(campaign.id)?;
        let results = archive.results(campaign.id)?;
        let recipe = results.first().map_or_else(|| loaded.spec.method.clone(), |r| r.recipe.clone());
        let property = loaded.spec.objective.property.as_str();
        let unit = method::recipe::find(property).map_or_else(String::new, |r| r.property().unit);
        let predictions = history.predictions();
        Ok(Sources {
            loaded: loaded.clone(),
            campaign,
            archive,
            history,
            pool,
            total,
            unit,
            recipe,
            predictions,
        })
    }

    pub(crate) fn goal(&self) -> Goal {
        self.loaded.spec.objective.goal
    }

    pub(crate) fn molecule(&self, structure: StructureId) -> Option<&Molecule> {
        self.pool.index.get(&structure).map(|&i| &self.pool.molecules[i])
    }

    /// A value of the property with its unit, a true minus sign before it.
    pub(crate) fn with_unit(&self, value: f64) -> String {
        let number = format!("{value:.3}").replace('-', "\u{2212}");
        if self.unit.is_empty() { number } else { format!("{number} {}", self.unit) }
    }

    /// Evaluations with a value.
    pub(crate) fn valued(&self) -> impl Iterator<Item = (&Evaluated, f64)> {
        self.history.evaluated.iter().filter_map(|e| Some((e, *e.outcome.as_ref().ok()?)))
    }

    fn question(&self) -> data::Question {
        let spec = &self.loaded.spec;
        let [one, many] = spec.candidates.clone();
        let property = spec.objective.property.replace('_', " ");
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        let (goal, wish) = match spec.objective.goal {
            Goal::Maximise => (data::Goal::Maximise, format!("the highest {property}")),
            Goal::Minimise => (data::Goal::Minimise, format!("the lowest {property}")),
            Goal::Target(t) => (data::Goal::Target(t), format!("a {property} closest to {t}{unit}")),
            Goal::Range { low, high } => {
                (data::Goal::Range(low, high), format!("a {property} between {low} and {high}{unit}"))
            }
        };
        let words = format!("Which {many} have {wish} by {}, found within {}?", spec.method, spec.budget);
        let constraints = verdicts::constraints(&spec.constraints);
        data::Question {
            words,
            property,
            unit: self.unit.clone(),
            goal,
            constraints,
            candidate: one,
            candidates: many,
        }
    }

    fn space(&self) -> data::SpaceSummary {
        let failed = &self.pool.tally.failed;
        data::SpaceSummary {
            description: verdicts::space_in_words(&self.loaded.spec.space),
            size: self.pool.len() as u64,
            enumerated: self.pool.seen.candidates,
            filtered: failed
                .iter()
                .map(|(rule, count)| data::KindCount { kind: rule.to_string(), count: *count })
                .collect(),
            duplicates: self.pool.seen.duplicates,
            skipped_lines: self.pool.seen.skipped,
        }
    }

    fn estimate(&self, structure: StructureId) -> Option<data::Estimate> {
        self.predictions.get(&structure).map(|g| data::Estimate { mean: g.mean, sd: g.sd })
    }

    fn short_list(&self) -> Vec<data::ShortListEntry> {
        let mut valued: Vec<(&Evaluated, f64)> = self.valued().collect();
        let goal = self.goal();
        // Best first; equal values in the order of their identities, so that the list is the same in every run.
        valued.sort_by(|a, b| {
            let order = goal.utility(b.1).order(goal.utility(a.1));
            order.then(a.0.structure.cmp(&b.0.structure))
        });
        let wanted = self.loaded.spec.search.shortlist as usize;
        let entries = valued.into_iter().take(wanted).enumerate().filter_map(|(i, (e, value))| {
            let molecule = self.molecule(e.structure)?;
            let graph = molecule.graph()?;
            let formula = graph.formula().ok()?;
            Some(data::ShortListEntry {
                rank: i as u32 + 1,
                smiles: graph.canonical_smiles().to_owned(),
                formula: formula.to_string(),
                molecular_weight: formula.weight(),
                sa_score: synthesis::sa_score(graph).ok().map(|s| s.value()),
                value,
                predicted: self.estimate(e.structure),
                cost: data::Cost { joules: e.joules, core_seconds: e.core_seconds },
                method: self.loaded.spec.method.clone(),
                other: Vec::new(),
            })
        });
        entries.collect()
    }

    fn evaluations(&self) -> Vec<data::Evaluation> {
        let goal = self.goal();
        let random: BTreeMap<u64, bool> =
            self.history.rounds.iter().map(|r| (r.number, r.phase != Phase::Search)).collect();
        let mut best = None;
        self.valued()
            .map(|(e, value)| {
                best = goal.best_value(best.into_iter().chain([value]));
                data::Evaluation {
                    spent: e.spent,
                    value,
                    best,
                    initial: random.get(&e.round).copied().unwrap_or_default(),
                    predicted: self.estimate(e.structure),
                }
            })
            .collect()
    }

    fn failed(&self) -> Vec<data::Failure> {
        let failures = self.history.evaluated.iter().filter_map(|e| Some((e, e.outcome.as_ref().err()?)));
        failures
            .take(LISTED_FAILURES)
            .map(|(e, failure)| data::Failure {
                smiles: self.molecule(e.structure).map(Molecule::label).unwrap_or_default(),
                kind: failure.kind.as_str().replace('_', " "),
                message: failure.message.clone(),
            })
            .collect()
    }
}
