//! `joulery train`: from labelled structures to a model file.

use super::classes;
use crate::exit::{self, Ending};
use crate::out::outln;
use crate::{interrupt, progress};
use indicatif::ProgressBar;
use ledger::Conversion;
use models::read::{Ask, Report};
use models::{
    Card, CurvePoint, DataSet, DuplicatePolicy, Features, Kind, LadderSet, Model, ModelError, Monotone,
    Options, Property, Rung, Stage, Watch, Wish, train, train_ladder,
};
use records::Source;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Train a model of a property from labelled structures.
///
/// Reads CSV, TSV, Parquet (a column of SMILES or formulas), extended XYZ, SDF or SMILES lines, also packed with gzip
/// or zstd. Features, kernel and hyper-parameters are found by themselves; the model is judged on labels that it has
/// not seen, and its file holds a card that says what it is worth and what it cost.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  joulery train solubility.csv --property logS --unit 1 --output solubility.model\n  \
    joulery train qm7.extxyz.gz --property hof_pbe0_kcal_mol --unit kcal/mol --level PBE0 \\\n    \
    --low hof_dftb3_kcal_mol --target-error 1.0 --output qm7.model\n  \
    joulery train measured.csv computed.csv --property measured --unit eV --cost 100 \\\n    \
    --rung pbe=1 --rung pbe0=10 --target-error 0.1 --output gap.model\n  \
    joulery train expt_is_metal.csv --property is_metal --classify --output metal.model"
)]
pub struct Args {
    /// Data files or folders.
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// The column or key of the labels.
    #[arg(long, short)]
    property: String,
    /// Unit of the labels; 1 for a number without one. Needed unless --classify is given.
    #[arg(long, short)]
    unit: Option<String>,
    /// The labels are classes (1 or 0, true or false, yes or no): learn the probability of yes.
    #[arg(long)]
    classify: bool,
    /// Level of theory, or experiment, that gave the labels.
    #[arg(long)]
    level: Option<String>,
    /// The column or key of the same quantity by a cheaper method; predictions will need it too.
    #[arg(long)]
    low: Option<String>,
    /// A column of the same quantity by a cheaper level, and what a label of it costs; repeat for several, cheapest
    /// first. Not every structure needs a label of every level, files may have some of the columns only, and
    /// predictions use the levels that are known.
    #[arg(long, value_name = "COLUMN[=COST]", value_parser = super::levels::rung, conflicts_with = "low")]
    rung: Vec<Rung>,
    /// What a label of the property costs, in the unit of the rungs' costs.
    #[arg(long, requires = "rung", value_parser = super::levels::cost, allow_negative_numbers = true)]
    cost: Option<f64>,
    /// The column of SMILES or formulas (default: found by its name).
    #[arg(long)]
    column: Option<String>,
    /// Mean absolute error to stop at, in the unit of the labels: no more labels are learnt than it takes.
    #[arg(long, value_name = "E", allow_negative_numbers = true)]
    target_error: Option<f64>,
    /// How structures are described (default: what suits the data).
    #[arg(long, value_parser = named(&Features::ALL.map(|f| (f.as_str(), f))))]
    features: Option<Features>,
    /// The family of the model (default: what suits the data).
    #[arg(long, value_parser = named(&Kind::ALL.map(|k| (k.as_str(), k))))]
    model: Option<Kind>,
    /// A feature that predictions must not fall with, as `mean Electronegativity` of magpie or `MolLogP` of
    /// morgan-descriptors; trees are learnt. May be given several times.
    #[arg(long, value_name = "NAME")]
    increasing: Vec<String>,
    /// A feature that predictions must not rise with.
    #[arg(long, value_name = "NAME")]
    decreasing: Vec<String>,
    /// The property grows with the molecule: energies of elements are learnt first (default: found out).
    #[arg(long, conflicts_with = "intensive")]
    extensive: bool,
    /// The property does not grow with the molecule.
    #[arg(long)]
    intensive: bool,
    /// What to do with a structure that has several different labels; with --classify, mean is the class of most of
    /// them, and structures with as many of either are left out.
    #[arg(long, default_value = "mean", value_parser = named(&[
        ("mean", DuplicatePolicy::Mean), ("first", DuplicatePolicy::First), ("refuse", DuplicatePolicy::Refuse),
    ]))]
    duplicates: DuplicatePolicy,
    /// Leave out rows that cannot be read, instead of ending with an error.
    #[arg(long)]
    skip_bad: bool,
    /// Licence of the data, for the model's card.
    #[arg(long)]
    licence: Option<String>,
    /// Decides every random choice.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Threads (default: all cores). The model is the same for any number of them.
    #[arg(long, short = 'j')]
    threads: Option<std::num::NonZeroUsize>,
    /// The model file to write.
    #[arg(long, short)]
    output: PathBuf,
    /// Print the model's card as JSON.
    #[arg(long)]
    json: bool,
    /// Power of one busy core in W, for the energies (default: the mean of the Green Algorithms tables).
    #[arg(long)]
    watts_per_core: Option<f64>,
}

/// Values by their names.
fn named<T: Copy + Send + Sync + 'static>(
    values: &[(&'static str, T)],
) -> impl clap::builder::TypedValueParser<Value = T> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    let values = values.to_vec();
    PossibleValuesParser::new(values.iter().map(|(name, _)| *name).collect::<Vec<_>>()).try_map(move |name| {
        let found = values.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value).ok_or_else(|| format!("`{name}` is no known name"))
    })
}

/// Shows the stages on standard error.
struct Shown {
    bar: ProgressBar,
    stop: Arc<AtomicBool>,
    unit: String,
}

impl Watch for Shown {
    fn stage(&mut self, stage: Stage) -> bool {
        let text = match stage {
            Stage::Describing => "computing features".to_owned(),
            Stage::Choosing => "choosing a kernel".to_owned(),
            Stage::Curve(CurvePoint { labels, class: Some(class), .. }) => {
                format!("{labels} labels: log loss {}", short(class.log_loss))
            }
            Stage::Curve(point) => {
                format!("{} labels: mean absolute error {} {}", point.labels, short(point.mae), self.unit)
            }
            Stage::Judging(done, of) => format!("cross-validation {done}/{of}"),
            Stage::Fitting => "fitting to all labels".to_owned(),
        };
        self.bar.inc(1);
        self.bar.set_message(text);
        !self.stop.load(Ordering::SeqCst)
    }
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    let mut conversion = Conversion::default();
    if let Some(watts_per_core) = args.watts_per_core {
        conversion.watts_per_core = watts_per_core;
    }
    conversion.validate().map_err(exit::bad_input)?;
    if let Some(target) = args.target_error
        && !(target.is_finite() && target > 0.0)
    {
        return Err(exit::bad_input(BadTarget { found: target }));
    }
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global()?;
    }
    let unit = unit(args.unit, args.classify)?;
    let ask = Ask {
        property: Property { name: args.property, unit, level: args.level },
        low: args.low,
        classify: args.classify,
        structure: args.column,
        skip_bad: args.skip_bad,
    };
    let rising = args.increasing.into_iter().map(|feature| Monotone { feature, rising: true });
    let falling = args.decreasing.into_iter().map(|feature| Monotone { feature, rising: false });
    let options = Options {
        wish: Wish {
            features: args.features,
            kind: args.model,
            extensive: if args.extensive { Some(true) } else { args.intensive.then_some(false) },
            classify: args.classify,
            monotone: rising.chain(falling).collect(),
        },
        duplicates: args.duplicates,
        seed: args.seed,
        target: args.target_error,
        licence: args.licence,
        conversion,
    };
    let stop = interrupt::flag();
    let bar = progress::bar(None, "train");
    bar.set_message("reading");
    let source = Source::new(args.data);
    let mut watch = Shown { bar: bar.clone(), stop, unit: ask.property.unit.clone() };
    let trained = if args.rung.is_empty() {
        DataSet::read(&source, &ask)
            .and_then(|(data, report)| Ok((train(data, &options, &mut watch)?, report)))
    } else {
        LadderSet::read(&source, &ask, args.rung, args.cost)
            .and_then(|(data, report)| Ok((train_ladder(data, &options, &mut watch)?, report)))
    };
    let (model, report) = match trained {
        Err(ModelError::Stopped) => {
            bar.finish_and_clear();
            eprintln!("stopped: no model was written");
            return Ok(Ending::Interrupted);
        }
        other => other.map_err(failed)?,
    };
    bar.finish_and_clear();
    model.save(&args.output).map_err(failed)?;
    if args.json {
        outln!("{}", serde_json::to_string_pretty(model.card())?);
    } else {
        show(&model, &report, &args.output)?;
    }
    Ok(Ending::Done)
}

/// The unit of the labels: classes have none, numbers need one.
fn unit(unit: Option<String>, classify: bool) -> anyhow::Result<String> {
    match (unit, classify) {
        (Some(unit), true) if unit != "1" => Err(exit::bad_input(UnitOfClass { unit })),
        (_, true) => Ok("1".to_owned()),
        (Some(unit), false) => Ok(unit),
        (None, false) => Err(exit::bad_input(NoUnit)),
    }
}

#[derive(Debug, thiserror::Error)]
#[error(
    "--unit is missing: state the unit of the labels (1 for a number without one), or --classify if they are yes and no"
)]
struct NoUnit;

#[derive(Debug, thiserror::Error)]
#[error("--unit is `{unit}`, and classes have no unit: leave out --unit, or --classify to learn numbers")]
struct UnitOfClass {
    unit: String,
}

#[derive(Debug, thiserror::Error)]
#[error("--target-error is {found}: expected a number above zero, in the unit of the labels")]
struct BadTarget {
    found: f64,
}

/// An error of a model with its place in the exit codes.
pub(super) fn failed(error: ModelError) -> anyhow::Error {
    if error.is_input() { exit::bad_input(error) } else { error.into() }
}

fn show(model: &Model, report: &Report, path: &std::path::Path) -> anyhow::Result<()> {
    let card = model.card();
    let Card { property, data, evaluation, curve, .. } = card;
    let unit = if property.unit == "1" { String::new() } else { format!(" {}", property.unit) };
    let level = property.level.as_ref().map_or_else(String::new, |level| format!(", {level}"));
    outln!("{}{unit}{level}: {} structures of {}", property.name, data.structures, data.source);
    for (count, what) in [(report.unlabelled, "rows have no label"), (report.bad, "rows could not be read")] {
        if count > 0 {
            outln!("  {count} {what} and are left out");
        }
    }
    for message in &report.first_bad {
        outln!("    {message}");
    }
    let duplicates = &data.duplicates;
    if duplicates.rows > 0 {
        outln!("  {} rows repeat a structure; each structure counts once", duplicates.rows);
    }
    if duplicates.conflicting > 0 {
        let policy = match (data.policy, card.class) {
            (DuplicatePolicy::First, _) => "the first counts".to_owned(),
            (_, Some(class)) => {
                format!("that of most rows counts, {} with as many of either are left out", class.ties)
            }
            (_, None) => "their mean counts".to_owned(),
        };
        let (one, two) = duplicates.worst.clone().unwrap_or_default();
        outln!(
            "  warning: {} structures have different labels ({policy}); {} at {one} and {two}{}",
            duplicates.conflicting,
            if card.class.is_some() { "one of them" } else { "they differ most" },
            if card.class.is_some() {
                String::new()
            } else {
                format!(", by {}{unit}", short(duplicates.largest))
            }
        );
    }
    outln!("features  {}", card.features);
    outln!("model     {}", card.design);
    for Monotone { feature, rising } in &card.monotone {
        outln!("          never {} with {feature}", if *rising { "falling" } else { "rising" });
    }
    if let Some(baseline) = &card.baseline {
        let list: Vec<&str> = baseline.energies.keys().map(String::as_str).collect();
        outln!(
            "          around energies of {} (which leave {}{unit})",
            list.join(", "),
            short(baseline.rmse)
        );
    }
    if let Some(low) = &card.low {
        outln!("          around {} x {} (correlation {:.3})", short(low.slope), low.column, low.correlation);
    }
    if let (Some(class), Some(seen)) = (&card.class, &evaluation.class) {
        classes::show(card, class, seen)?;
        return cost_and_place(card, path);
    }
    outln!("");
    outln!("   labels   mean absolute error   core-s");
    for point in &curve.points {
        outln!("{:>9}   {:>19}   {:>6}", point.labels, short(point.mae), short(point.core_seconds));
    }
    if let Some(ladder) = &card.ladder {
        super::levels::show(ladder, &unit)?;
        if let Some(target) = curve.target {
            super::levels::show_target(ladder, target, evaluation.mae, &unit)?;
        }
    } else if let Some(target) = curve.target {
        let target = short(target);
        match (curve.reached, curve.labels_needed) {
            (Some(true), needed) => {
                let needed = needed.map_or(data.used, |needed| needed as usize);
                let judges = data.used.saturating_sub(needed);
                let and = if judges > 0 {
                    format!("; {judges} more judged it and are learnt too")
                } else {
                    String::new()
                };
                outln!("error {target}{unit} reached with {needed} labels{and}");
            }
            (_, Some(needed)) => {
                let (low, high) = curve.interval.unwrap_or((needed, None));
                let high = high.map_or_else(|| "more than can be told".to_owned(), short);
                outln!(
                    "error {target}{unit} not reached: it takes about {} labels in all ({} to {high})",
                    short(needed),
                    short(low)
                );
                if let Some(next) = curve.next {
                    outln!("  label {next} more structures, and train again");
                }
            }
            _ => {
                outln!(
                    "error {target}{unit} not reached, and by its learning curve this model will not reach it"
                );
                outln!("  try --low with a cheaper method, or other features");
            }
        }
    }
    outln!("");
    outln!("judged on labels not seen ({}):", evaluation.how);
    let r2 = evaluation.r2.map_or_else(String::new, |r2| format!(", R2 {r2:.3}"));
    outln!(
        "  mean absolute error {}{unit}, RMSE {}{r2}; always saying the mean: {}",
        short(evaluation.mae),
        short(evaluation.rmse),
        short(evaluation.mae_of_mean)
    );
    if let Some(c) = evaluation.coverage_90() {
        outln!("  90 % intervals hold {:.1} %, mean width {}{unit}", 100.0 * c.held, short(c.width));
    }
    if let (Some(inside), Some(outside)) = (evaluation.mae_in_domain, evaluation.mae_out_of_domain) {
        let share = 100.0 * evaluation.in_domain;
        outln!("  {share:.1} % within the domain: error {} there, {} outside", short(inside), short(outside));
    }
    cost_and_place(card, path)
}

fn cost_and_place(card: &Card, path: &std::path::Path) -> anyhow::Result<()> {
    let cost = &card.cost;
    outln!(
        "cost      {} core-s, {} J, {} gCO2e",
        short(cost.core_seconds.value()),
        short(cost.joules.value()),
        short(cost.gco2e.value())
    );
    outln!("written   {}", path.display());
    Ok(())
}

/// Three digits.
pub(super) fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    if (-3..=6).contains(&digits) {
        format!("{value:.*}", digits.max(0) as usize)
    } else {
        format!("{value:.2e}")
    }
}
