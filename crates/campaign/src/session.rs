//! A campaign opened for work: its file, method, candidates and books.

use crate::books::Books;
use crate::error::CampaignError;
use crate::history::History;
use crate::meter::{Meter, processor_time};
use crate::pool::Pool;
use crate::property::Route;
use crate::spec::Loaded;
use archive::{Archive, CampaignId, CampaignLock, ChargeKind, EventKind, NewCharge};
use engines::EngineError;
use ladder::LadderError;
use ledger::{CostModel, CostPrior};
use matter::units::CoreSeconds;
use method::recipe::Workbench;
use method::{Cost, CostSource, Method};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// An opened campaign. While it lives, no other process can open it.
pub(crate) struct Session {
    pub(crate) loaded: Loaded,
    pub(crate) method: Arc<dyn Method>,
    pub(crate) route: Route,
    pub(crate) pool: Pool,
    pub(crate) books: Books,
    pub(crate) history: History,
    _lock: CampaignLock,
}

/// What opening a campaign came to.
pub(crate) enum Opened {
    /// There may be work to do.
    Session(Box<Session>),
    /// It ended before, and nothing has changed since: the reason then.
    Ended(String),
}

impl Session {
    /// Opens or begins the campaign. `again` opens it also if it has ended.
    pub(crate) fn open(loaded: Loaded, again: bool) -> Result<Opened, CampaignError> {
        let mark = processor_time();
        let path = loaded.archive();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|source| CampaignError::MakeFolder { path: folder.to_owned(), source })?;
        }
        let lock = CampaignLock::acquire(&path, &loaded.spec.name)?;
        let archive = Archive::open(&path)?;
        let campaign = enter(&archive, &loaded)?;
        let history = History::read(&archive, campaign, &loaded.spec.name)?;
        if let Some(stopped) = &history.stopped
            && !again
            && stopped.terms == terms(&loaded)
        {
            return Ok(Opened::Ended(stopped.reason.clone()));
        }
        engines::sweep(loaded.spec.engine.scratch.as_deref());
        let method =
            ladder::resolve(&loaded.spec.method, &loaded.engine_options()).map_err(|error| match error {
                LadderError::UnknownMethod { .. } | LadderError::Engine(EngineError::Read { .. }) => {
                    loaded.wrong_at(&["method"], error.to_string())
                }
                LadderError::UnknownSolvent(_) | LadderError::NoSolvents { .. } => {
                    loaded.wrong_at(&["engine", "solvent"], error.to_string())
                }
                other => other.into(),
            })?;
        let route = Route::find(&loaded, &*method)?;
        let recipe = route.identity(&loaded, &*method);
        // Values of two methods, or of two versions of one, must not meet in one surrogate.
        if let Some(other) = archive.results(campaign)?.into_iter().find(|r| r.recipe != recipe) {
            let changed =
                format!("the method itself: values so far are by `{}`, now it is `{recipe}`", other.recipe);
            return Err(CampaignError::SpecChanged { name: loaded.spec.name.clone(), changed });
        }
        let meter = Meter::start(&loaded.spec.energy);
        let books = Books::open(archive, campaign, meter, loaded.budget, history.elapsed, mark)?;
        if let Some(reason) = cannot_begin_again(&books, &history, &loaded)? {
            return Ok(Opened::Ended(reason));
        }
        // What it took before is known better than what a part of a new space may take at the most.
        let known = took_before(&history).is_some();
        let more = |part| if known { CoreSeconds::ZERO } else { part };
        let pool = match Pool::load_while(&loaded, |part| books.covers_own_work(more(part))) {
            Err(error @ CampaignError::TooSmall(_)) => {
                books.charge_engine("space", history.next_round())?;
                return Err(error);
            }
            other => other?,
        };
        let mut session = Session { loaded, method, route, pool, books, history, _lock: lock };
        session.write_off_lost()?;
        session.books.charge_engine("space", session.history.next_round())?;
        Ok(Opened::Session(Box::new(session)))
    }

    /// Charges work that a killed process had begun: nobody measured it, so its forecast stands in.
    fn write_off_lost(&mut self) -> Result<(), CampaignError> {
        let replayed = !self.method.needs_geometry();
        for (structure, forecast) in std::mem::take(&mut self.history.open) {
            // A replayed value takes no work, so none can be lost.
            let core_seconds = if replayed { CoreSeconds::ZERO } else { forecast };
            let cost = Cost { core_seconds, source: CostSource::Predicted, ..Cost::ZERO };
            let charge = self.books.meter.conversion().charge(&cost);
            let payload = json!({ "what": "lost", "structure": structure.to_string(),
                "core_seconds": core_seconds.value(), "joules": charge.joules.value() });
            let conversion = self.books.meter.conversion();
            let new = NewCharge { kind: ChargeKind::Lost, calculation: None, charge, conversion };
            self.books.archive.write(|w| {
                w.charge(self.books.campaign, &new)?;
                w.event(self.books.campaign, EventKind::Charged, &payload)
            })?;
            self.books.count_lost(&charge)?;
        }
        Ok(())
    }

    /// Whether values take nothing: they are replayed from a table that records no costs.
    pub(crate) fn is_free(&self) -> bool {
        !self.method.needs_geometry() && self.loaded.spec.engine.table_cost.is_none()
    }

    /// Does once what every candidate needs.
    pub(crate) fn prepare(&self, cancel: &AtomicBool) -> Result<(), CampaignError> {
        let desk = crate::books::Desk::new(&self.books, ChargeKind::Reference, self.history.next_round());
        let settings = self.loaded.recipe_settings();
        let bench = Workbench::new(&*self.method, settings, None, cancel, &desk);
        let prepared = self.route.prepare(&bench);
        if let Some(trouble) = desk.trouble() {
            return Err(trouble);
        }
        prepared
            .map_err(|failure| CampaignError::Reference { what: "the reference calculation".into(), failure })
    }

    /// What calculations cost, learnt from all that are finished.
    pub(crate) fn cost_model(&self) -> CostModel {
        let mut model = CostModel::new(CostPrior::default());
        for e in &self.history.evaluated {
            if let Some(&index) = self.pool.index.get(&e.structure) {
                model.observe(self.pool.electrons[index], &e.cost_to_learn());
            }
        }
        model
    }
}

/// How much longer the same work may take the next time, on a machine that is busy with other things.
const TIMINGS_DIFFER: f64 = 1.5;

/// The most that looking through the space took before, if that was done.
fn took_before(history: &History) -> Option<CoreSeconds> {
    history.engine.iter().filter(|e| e.what == "space").map(|e| e.core_seconds).reduce(CoreSeconds::max)
}

/// Why not even the space can be looked through again, if what is left of the budget does not cover that: each run and
/// each quote does it first, so that without this a campaign that is started often enough would pass its cap.
fn cannot_begin_again(
    books: &Books,
    history: &History,
    loaded: &Loaded,
) -> Result<Option<String>, CampaignError> {
    let needed = took_before(history).map(|most| most * TIMINGS_DIFFER);
    let Some(needed) = needed.filter(|needed| books.available() < *needed) else { return Ok(None) };
    if let Some(stopped) = history.stopped.as_ref().filter(|s| s.terms == terms(loaded)) {
        return Ok(Some(stopped.reason.clone()));
    }
    let reason = format!(
        "what is left of the budget does not cover the {:.2} core-seconds that looking through the space may take",
        needed.value()
    );
    let payload = json!({ "message": reason, "terms": terms(loaded), "elapsed": books.elapsed().value() });
    books.event(EventKind::Stopped, &payload)?;
    Ok(Some(reason))
}

/// Budget and stop rules as text: a campaign that ended goes on when they change.
pub(crate) fn terms(loaded: &Loaded) -> String {
    let stop = serde_json::to_string(&loaded.spec.stop).unwrap_or_default();
    let conversion = serde_json::to_string(&loaded.spec.energy).unwrap_or_default();
    format!("{} {stop} {conversion}", loaded.spec.budget)
}

/// Begins the campaign in the archive, or checks that its question is still the same.
fn enter(archive: &Archive, loaded: &Loaded) -> Result<CampaignId, CampaignError> {
    let question = loaded.question();
    let text = serde_json::to_string(&question).unwrap_or_default();
    let hash: String = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    let name = &loaded.spec.name;
    let Some(known) = archive.campaign(name)? else {
        return Ok(archive.write(|w| w.create_campaign(name, &loaded.text, &hash))?);
    };
    // A campaign that could not begin (a wrong line in a library, a property that is none) has nothing to protect.
    let untouched = archive.events(known.id)?.is_empty();
    if known.spec_hash != hash && !untouched {
        let changed = match crate::spec::reread(&loaded.path, &known.spec) {
            Ok(before) => {
                let before = before.question();
                let differs = |(a, b): (&(&'static str, String), &(&'static str, String))| a.1 != b.1;
                question
                    .iter()
                    .zip(&before)
                    .filter(|p| differs(*p))
                    .map(|(a, _)| a.0)
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            Err(_) => "written by another version of Joulery".to_owned(),
        };
        // The text is the same, so what differs is outside of it.
        let changed = match &loaded.spec.space {
            _ if !changed.is_empty() => changed,
            space::SpaceSpec::Library(library) => format!("what is in {}", library.file.display()),
            _ => "written by another version of Joulery".to_owned(),
        };
        return Err(CampaignError::SpecChanged { name: name.clone(), changed });
    }
    if known.spec != loaded.text || known.spec_hash != hash {
        archive.write(|w| w.update_campaign(known.id, &loaded.text, &hash))?;
    }
    Ok(known.id)
}
