//! What a campaign has done so far, rebuilt from its archive alone.

use crate::error::CampaignError;
use crate::spec::Loaded;
use archive::{Archive, Campaign, CampaignId, Event, EventKind};
use decide::Gaussian;
use matter::StructureId;
use matter::units::{CoreSeconds, Joules, Seconds};
use method::{Cost, Failure, FailureKind};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// One candidate of a decision.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) structure: StructureId,
    /// What was predicted before the calculation; `None` in the random sample.
    pub(crate) predicted: Option<Gaussian>,
    /// Expected processor time.
    pub(crate) forecast: CoreSeconds,
}

/// One decision.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    pub(crate) number: u64,
    pub(crate) phase: Phase,
    pub(crate) picks: Vec<Planned>,
}

/// Why candidates were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// To measure costs for a quote; part of the random sample.
    Pilot,
    /// Random sample.
    Initial,
    /// By the acquisition.
    Search,
}

impl Phase {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Phase::Pilot => "pilot",
            Phase::Initial => "initial",
            Phase::Search => "search",
        }
    }

    fn from_str(text: &str) -> Option<Phase> {
        [Phase::Pilot, Phase::Initial, Phase::Search].into_iter().find(|p| p.as_str() == text)
    }
}

/// One candidate that was evaluated.
#[derive(Clone, Debug)]
pub(crate) struct Evaluated {
    pub(crate) structure: StructureId,
    pub(crate) round: u64,
    pub(crate) outcome: Result<f64, Failure>,
    /// All that the campaign had spent when it was known.
    pub(crate) spent: Joules,
    /// Price of the number, whoever paid it.
    pub(crate) core_seconds: CoreSeconds,
    pub(crate) joules: Joules,
    pub(crate) work: f64,
    /// The part of the price that was paid for this very evaluation; the rest was in the archive.
    pub(crate) paid: Paid,
}

/// What was paid for one evaluation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paid {
    pub(crate) core_seconds: CoreSeconds,
    pub(crate) joules: Joules,
    pub(crate) work: f64,
}

impl Evaluated {
    /// What a forecast of costs should learn. A calculation that was stopped at its limit would have gone on: what it
    /// took is counted twice, so that the next limits become wider and not narrower.
    pub(crate) fn cost_to_learn(&self) -> Cost {
        let stopped = matches!(&self.outcome, Err(f) if f.kind == FailureKind::LimitReached);
        let factor = if stopped { 2.0 } else { 1.0 };
        Cost { core_seconds: self.core_seconds * factor, work: self.work * factor, ..Cost::ZERO }
    }

    /// Whether every calculation it needed was in the archive.
    pub(crate) fn reused(&self) -> bool {
        self.work > 0.0 && self.paid.work == 0.0
    }
}

/// Cost of the engine in one round.
#[derive(Clone, Debug)]
pub(crate) struct EngineCharge {
    pub(crate) what: String,
    pub(crate) round: u64,
    pub(crate) core_seconds: CoreSeconds,
    pub(crate) joules: Joules,
}

/// The end of a campaign.
#[derive(Clone, Debug)]
pub(crate) struct Stopped {
    pub(crate) reason: String,
    /// Budget and stop rules under which it stopped.
    pub(crate) terms: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub(crate) rounds: Vec<Round>,
    pub(crate) evaluated: Vec<Evaluated>,
    pub(crate) done: HashSet<StructureId>,
    pub(crate) engine: Vec<EngineCharge>,
    /// Begun and neither finished nor written off.
    pub(crate) open: Vec<(StructureId, CoreSeconds)>,
    /// The end, if nothing was done after it.
    pub(crate) stopped: Option<Stopped>,
    pub(crate) elapsed: Seconds,
    pub(crate) begun: Option<f64>,
    pub(crate) last: Option<f64>,
}

/// Opens the archive of a campaign for reading, also while the campaign runs.
///
/// # Errors
/// [`CampaignError::NotRun`] if there is nothing yet.
pub(crate) fn open_to_read(loaded: &Loaded) -> Result<(Archive, Campaign), CampaignError> {
    let path = loaded.archive();
    let name = &loaded.spec.name;
    let not_run = || CampaignError::NotRun { name: name.clone(), archive: path.clone() };
    if !path.exists() {
        return Err(not_run());
    }
    let archive = Archive::open_read_only(&path)?;
    let campaign = archive.campaign(name)?.ok_or_else(not_run)?;
    Ok((archive, campaign))
}

impl History {
    pub(crate) fn read(
        archive: &Archive,
        campaign: CampaignId,
        name: &str,
    ) -> Result<History, CampaignError> {
        let mut history = History::default();
        let mut prices = HashMap::new();
        for result in archive.results(campaign)? {
            prices.insert(result.structure, result);
        }
        for event in archive.events(campaign)? {
            history
                .take(&event, &prices)
                .map_err(|detail| CampaignError::Log { name: name.to_owned(), detail })?;
        }
        Ok(history)
    }

    fn take(
        &mut self,
        event: &Event,
        results: &HashMap<StructureId, archive::StoredResult>,
    ) -> Result<(), String> {
        let payload = &event.payload;
        self.begun.get_or_insert(event.happened);
        self.last = Some(event.happened);
        if let Some(elapsed) = payload["elapsed"].as_f64() {
            self.elapsed = self.elapsed.max(Seconds(elapsed));
        }
        let structure = || {
            let text = payload["structure"].as_str()?;
            StructureId::from_hex(text)
        };
        let what = |field: &str| format!("event {} ({}) has no usable `{field}`", event.seq, event.kind);
        let number = |field: &str| payload[field].as_f64().ok_or_else(|| what(field));
        match event.kind {
            EventKind::Decided => {
                self.stopped = None;
                self.rounds.push(Round {
                    number: payload["round"].as_u64().ok_or_else(|| what("round"))?,
                    phase: payload["phase"]
                        .as_str()
                        .and_then(Phase::from_str)
                        .ok_or_else(|| what("phase"))?,
                    picks: payload["picks"]
                        .as_array()
                        .and_then(|picks| picks.iter().map(planned).collect())
                        .ok_or_else(|| what("picks"))?,
                });
            }
            EventKind::Started => {
                self.stopped = None;
                let structure = structure().ok_or_else(|| what("structure"))?;
                self.open.push((structure, CoreSeconds(number("forecast")?)));
            }
            // Events of single calculations name no structure; those of candidates do.
            EventKind::Finished | EventKind::Failed => {
                let Some(structure) = structure() else { return Ok(()) };
                self.open.retain(|(open, _)| *open != structure);
                let result = results.get(&structure).ok_or_else(|| what("result"))?;
                if self.done.insert(structure) {
                    self.evaluated.push(Evaluated {
                        structure,
                        round: payload["round"].as_u64().ok_or_else(|| what("round"))?,
                        outcome: result.outcome.clone(),
                        spent: Joules(number("spent")?),
                        core_seconds: result.core_seconds,
                        joules: result.joules,
                        work: result.work,
                        paid: Paid {
                            core_seconds: CoreSeconds(number("paid_core_seconds")?),
                            joules: Joules(number("paid_joules")?),
                            work: number("paid_work")?,
                        },
                    });
                }
            }
            EventKind::Charged => match payload["what"].as_str() {
                Some("lost" | "dropped") => {
                    let structure = structure().ok_or_else(|| what("structure"))?;
                    self.open.retain(|(open, _)| *open != structure);
                }
                Some(engine) => self.engine.push(EngineCharge {
                    what: engine.to_owned(),
                    round: payload["round"].as_u64().unwrap_or_default(),
                    core_seconds: CoreSeconds(number("core_seconds")?),
                    joules: Joules(number("joules")?),
                }),
                None => return Err(what("what")),
            },
            EventKind::Stopped => {
                self.stopped = Some(Stopped {
                    reason: payload["message"].as_str().ok_or_else(|| what("message"))?.to_owned(),
                    terms: payload["terms"].as_str().unwrap_or_default().to_owned(),
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// Picks of the last decision that have no result yet.
    pub(crate) fn unfinished(&self) -> Option<(Round, Vec<Planned>)> {
        let round = self.rounds.last()?;
        let left: Vec<Planned> =
            round.picks.iter().filter(|p| !self.done.contains(&p.structure)).cloned().collect();
        (!left.is_empty()).then(|| (round.clone(), left))
    }

    pub(crate) fn next_round(&self) -> u64 {
        self.rounds.last().map_or(0, |r| r.number + 1)
    }

    /// What was predicted for each candidate before it was computed.
    pub(crate) fn predictions(&self) -> HashMap<StructureId, Gaussian> {
        let picks = self.rounds.iter().flat_map(|r| &r.picks);
        picks.filter_map(|p| Some((p.structure, p.predicted?))).collect()
    }
}

fn planned(value: &Value) -> Option<Planned> {
    let predicted = match (value["mean"].as_f64(), value["sd"].as_f64()) {
        (Some(mean), Some(sd)) => Some(Gaussian { mean, sd }),
        _ => None,
    };
    Some(Planned {
        structure: StructureId::from_hex(value["structure"].as_str()?)?,
        predicted,
        forecast: CoreSeconds(value["forecast"].as_f64()?),
    })
}
