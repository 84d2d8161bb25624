//! What a report shows, as plain data.
//!
//! Whoever ran the campaign fills [`Report`] from the archive; the renderers read nothing else. Values of the
//! property asked for are plain `f64` in the unit that [`Question::unit`] names; what was spent carries its unit
//! in its type. Dates are ISO 8601 strings.

mod cost;
mod evaluation;
mod question;
mod repeat;
mod short_list;
mod space;

pub use cost::{Conversion, Cost, CostGroup, CostKind, KindCost, RoundCost, Tier, Totals};
pub use evaluation::{Calibration, Estimate, Evaluation, ShadowBaseline, ShadowPoint};
pub use question::{Budget, Goal, Question, Verdict, VerdictKind};
pub use repeat::{Failure, KindCount, Machine, MethodUsed, Repeat, Version};
pub use short_list::{NamedValue, PromisingEntry, ShortListEntry};
pub use space::SpaceSummary;

use serde::{Deserialize, Serialize};

/// All that a report shows of one campaign.
///
/// Lists are shown in the order given. An empty list or `None` leaves out the part of the page that would have
/// shown it, and the page says why where a reader would look for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Name of the campaign.
    pub campaign: String,
    /// When the first step started, ISO 8601.
    pub started: String,
    /// When the last step ended, ISO 8601.
    pub finished: String,
    /// Why the campaign stopped, as a sentence.
    pub stop_reason: String,
    /// What was asked.
    pub question: Question,
    /// What could be spent, and what was.
    pub budget: Budget,
    /// What follows from the numbers, a sentence each.
    pub verdicts: Vec<Verdict>,
    /// Sums over the campaign.
    pub totals: Totals,
    /// Where the candidates came from.
    pub space: SpaceSummary,
    /// The best computed candidates, best first.
    pub short_list: Vec<ShortListEntry>,
    /// Candidates predicted to be good that nobody paid for, best first.
    pub promising: Vec<PromisingEntry>,
    /// Every candidate whose property was computed, in the order of computing.
    pub evaluations: Vec<Evaluation>,
    /// What random choice would have found for the same joules.
    pub shadow: Option<ShadowBaseline>,
    /// How good the predictions made before computing turned out.
    pub calibration: Option<Calibration>,
    /// What was spent, by what it was spent on.
    pub cost_by_kind: Vec<KindCost>,
    /// What was spent, by round of the campaign.
    pub rounds: Vec<RoundCost>,
    /// What failed; may be cut to the first few, [`Totals::failed`] has the counts.
    pub failures: Vec<Failure>,
    /// All that is needed to do it again.
    pub repeat: Repeat,
}
