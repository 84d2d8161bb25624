//! The last step of any training: the card.

use crate::card::{BaselineCard, Card, DataCard, LowCard};
use crate::evaluate::{Evaluation, LEVEL, PLAIN, element_counts};
use crate::file::FORMAT;
use crate::fitted::Fitted;
use crate::learner::Design;
use crate::rungs::{LadderCard, Rows};
use crate::structure::symbols;
use crate::{
    ClassCard, Curve, DataSet, Duplicates, Model, ModelError, Monotone, Options, Representation, Structure,
};
use matter::Element;
use matter::units::{CoreSeconds, Seconds};
use method::meter::process_time;
use method::{Cost, CostSource};
use std::time::Instant;

/// When some work began.
#[derive(Clone, Copy)]
pub(crate) struct Started {
    clock: Instant,
    processor: CoreSeconds,
}

impl Started {
    pub(crate) fn now() -> Started {
        Started { clock: Instant::now(), processor: process_time() }
    }

    /// What it has cost so far.
    pub(crate) fn cost(&self) -> Cost {
        Cost {
            core_seconds: process_time() - self.processor,
            wall: Seconds(self.clock.elapsed().as_secs_f64()),
            source: CostSource::Accounting,
            ..Cost::ZERO
        }
    }
}

/// What training found, for the card.
pub(crate) struct Unfinished<'a> {
    /// The rows learnt, and what is said of the whole.
    pub(crate) data: DataSet,
    /// The hash of the data, if it is not that of `data`.
    pub(crate) sha256: Option<String>,
    /// Structures in the data set.
    pub(crate) structures: usize,
    /// The atoms of every structure learnt from.
    pub(crate) numbers: Vec<Vec<u8>>,
    /// The labels learnt of the property itself.
    pub(crate) labels: &'a [f64],
    pub(crate) duplicates: Duplicates,
    pub(crate) representation: Representation,
    pub(crate) design: Design,
    pub(crate) evaluation: Evaluation,
    pub(crate) curve: Curve,
    /// The column of the cheaper method.
    pub(crate) low: Option<String>,
    pub(crate) ladder: Option<LadderCard>,
    pub(crate) class: Option<ClassCard>,
    pub(crate) monotone: Vec<Monotone>,
}

/// What was learnt.
pub(crate) struct Finished {
    pub(crate) fitted: Fitted,
    /// The structures that the model compares with.
    pub(crate) structures: Vec<Structure>,
    /// Which label is of which of them and of which level, for several levels.
    pub(crate) rows: Option<Rows>,
}

/// Joins model and card.
pub(crate) fn finish(
    found: Unfinished<'_>,
    learnt: Finished,
    started: Started,
    options: &Options,
) -> Result<Model, ModelError> {
    let Finished { fitted, structures, rows } = learnt;
    let data = data_card(&found, options);
    let Unfinished { representation, evaluation, curve, low, ladder, .. } = found;
    let low = fitted.low.zip(low).map(|(fit, column)| LowCard {
        column,
        slope: fit.slope,
        intercept: fit.intercept,
        correlation: fit.correlation,
    });
    let baseline = fitted.baseline.as_ref().map(|baseline| BaselineCard {
        energies: baseline
            .energies
            .iter()
            .filter_map(|(z, e)| Some((Element::from_number(u32::from(*z))?.symbol().to_owned(), *e)))
            .collect(),
        rmse: baseline.rmse,
    });
    let card = Card {
        format: FORMAT,
        joulery: env!("CARGO_PKG_VERSION").to_owned(),
        property: found.data.property,
        data,
        features: representation.id()?.to_string(),
        representation,
        design: found.design,
        hyper_parameters: fitted.found.clone(),
        low,
        ladder,
        baseline,
        class: found.class,
        monotone: found.monotone,
        interval_factor: evaluation.factor_90.unwrap_or(PLAIN),
        interval_level: LEVEL,
        evaluation,
        curve,
        seed: options.seed,
        cost: options.conversion.charge(&started.cost()),
    };
    Ok(Model::new(card, fitted, structures, rows))
}

fn data_card(found: &Unfinished<'_>, options: &Options) -> DataCard {
    let labels = found.labels;
    let n = labels.len().max(1) as f64;
    let mean = labels.iter().sum::<f64>() / n;
    let counts = element_counts(&found.numbers);
    DataCard {
        source: found.data.source.clone(),
        sha256: found.sha256.clone().unwrap_or_else(|| found.data.hash()),
        licence: options.licence.clone(),
        structures: found.structures,
        used: labels.len(),
        duplicates: found.duplicates.clone(),
        policy: options.duplicates,
        least: labels.iter().copied().fold(f64::INFINITY, f64::min),
        most: labels.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        mean,
        sd: (labels.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n).sqrt(),
        elements: symbols(&counts.keys().copied().collect()).into_iter().zip(counts.into_values()).collect(),
    }
}
