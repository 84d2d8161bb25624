//! Live progress of a campaign, on stderr; nothing when that is no terminal.

use campaign::Observer;
use campaign::run::Standing;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use method::Failure;
use std::io::IsTerminal;

/// Bar of the budget with the best value so far and what the next step promises.
pub struct Live {
    bar: ProgressBar,
    gain: Option<f64>,
    failed: usize,
}

/// Parts that the bar is divided into.
const PARTS: u64 = 1000;

impl Live {
    pub fn new() -> Live {
        let bar = ProgressBar::new(PARTS);
        bar.set_draw_target(ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("{prefix} [{bar:28}] {percent} % of the budget  {msg}")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        Live { bar, gain: None, failed: 0 }
    }

    /// A line above the bar.
    fn say(&self, line: &str) {
        if std::io::stderr().is_terminal() {
            self.bar.suspend(|| eprintln!("{line}"));
        }
    }
}

impl Observer for Live {
    fn opened(&mut self, name: &str, candidates: usize, evaluated: usize) {
        self.bar.set_prefix(name.to_owned());
        let before = if evaluated > 0 { format!(", {evaluated} evaluated before") } else { String::new() };
        self.say(&format!("{name}: {candidates} candidates{before}"));
        self.bar.tick();
    }

    fn decided(&mut self, _round: u64, _picks: usize, gain: Option<f64>) {
        self.gain = gain;
    }

    fn evaluated(&mut self, smiles: &str, outcome: Result<f64, &Failure>, standing: &Standing) {
        let share = (standing.spent / standing.cap).clamp(0.0, 1.0);
        self.bar.set_position((share * PARTS as f64) as u64);
        let best = standing.best.map_or_else(|| "none yet".into(), |b| format!("{b:.3}"));
        let gain = self.gain.map_or_else(String::new, |g| format!("  next step promises {g:.3}"));
        let failed = if self.failed > 0 { format!(" ({} failed)", self.failed) } else { String::new() };
        self.bar.set_message(format!(
            "{} evaluated{failed}  best {best}{gain}  {}",
            standing.evaluated,
            campaign::energy_in_words(standing.joules)
        ));
        if let Err(failure) = outcome {
            self.failed += 1;
            self.say(&format!("  failed: {smiles}: {}", failure.message));
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
