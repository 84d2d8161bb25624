//! Models as settings and named arrays of numbers.

use super::boosted::{Centre, State};
use super::classifier::{ClassState, Curve};
use super::domain::{Domain, Signature, TREES};
use super::noise::Noise;
use super::settings::{TreeHyper, TreeModelSettings};
use super::{BoostedClassifier, BoostedTrees, RandomForest, TreeRows};
use crate::surrogate::check_labels;
use crate::{ClassReport, FitReport, LearnError, Table};
use ::trees::{Arrays, Ensemble, TreeError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A fitted model: settings, and arrays of numbers by name.
pub type StoredParts = (Value, BTreeMap<String, Vec<f64>>, BTreeMap<String, Vec<u32>>);

type Restored = (TreeModelSettings, State, Option<(Curve, ClassReport)>);
type Reals = BTreeMap<String, Vec<f64>>;
type Wholes = BTreeMap<String, Vec<u32>>;

/// Changes when older files can no longer be read.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Header {
    kind: String,
    version: u32,
    settings: TreeModelSettings,
    columns: usize,
    mean: f64,
    scale: f64,
    spread: bool,
    noise_range: (f64, f64),
    noise_calibration: f64,
    domain_threshold: f64,
    hyper: TreeHyper,
    report: FitReport,
    class: Option<(Curve, ClassReport)>,
}

fn damaged(what: &'static str) -> LearnError {
    TreeError::Damaged { what }.into()
}

fn taken<T: Clone>(arrays: &BTreeMap<String, Vec<T>>, name: &str) -> Result<Vec<T>, LearnError> {
    arrays.get(name).cloned().ok_or(damaged("an array is missing"))
}

/// Ensembles one after another.
fn put(reals: &mut Reals, wholes: &mut Wholes, prefix: &str, ensembles: &[Ensemble]) {
    let mut all = Arrays::default();
    for one in ensembles.iter().map(Ensemble::to_arrays) {
        all.nodes.extend(one.nodes);
        all.feature.extend(one.feature);
        all.threshold.extend(one.threshold);
        all.default_left.extend(one.default_left);
        all.left.extend(one.left);
        all.right.extend(one.right);
        all.value.extend(one.value);
        all.cover.extend(one.cover);
        all.gain.extend(one.gain);
    }
    let name = |what: &str| format!("{prefix}/{what}");
    wholes.insert(name("trees"), ensembles.iter().map(|one| one.trees().len() as u32).collect());
    reals.insert(name("base"), ensembles.iter().map(Ensemble::base).collect());
    wholes.insert(name("nodes"), all.nodes);
    wholes.insert(name("feature"), all.feature);
    reals.insert(name("threshold"), all.threshold);
    wholes.insert(name("default_left"), all.default_left);
    wholes.insert(name("left"), all.left);
    wholes.insert(name("right"), all.right);
    reals.insert(name("value"), all.value);
    reals.insert(name("cover"), all.cover);
    reals.insert(name("gain"), all.gain);
}

fn get(reals: &Reals, wholes: &Wholes, prefix: &str, columns: usize) -> Result<Vec<Ensemble>, LearnError> {
    let name = |what: &str| format!("{prefix}/{what}");
    let arrays = Arrays {
        nodes: taken(wholes, &name("nodes"))?,
        feature: taken(wholes, &name("feature"))?,
        threshold: taken(reals, &name("threshold"))?,
        default_left: taken(wholes, &name("default_left"))?,
        left: taken(wholes, &name("left"))?,
        right: taken(wholes, &name("right"))?,
        value: taken(reals, &name("value"))?,
        cover: taken(reals, &name("cover"))?,
        gain: taken(reals, &name("gain"))?,
    };
    let all = Ensemble::from_arrays(columns, 0.0, &arrays)?;
    let (counts, bases) = (taken(wholes, &name("trees"))?, taken(reals, &name("base"))?);
    let total = counts.iter().try_fold(0_usize, |sum, &count| sum.checked_add(count as usize));
    if counts.len() != bases.len() || total != Some(all.trees().len()) || bases.iter().any(|b| !b.is_finite())
    {
        return Err(damaged("the numbers of trees do not add up"));
    }
    let mut first = 0;
    let members = counts.iter().zip(bases).map(|(&count, base)| {
        let trees = all.trees()[first..first + count as usize].to_vec();
        first += count as usize;
        Ensemble::from_trees(columns, base, trees)
    });
    Ok(members.collect::<Result<_, _>>()?)
}

fn store(
    kind: &str,
    settings: &TreeModelSettings,
    state: &State,
    class: Option<(Curve, ClassReport)>,
) -> Result<StoredParts, LearnError> {
    let header = Header {
        kind: kind.to_owned(),
        version: VERSION,
        settings: settings.clone(),
        columns: state.columns,
        mean: state.centre.mean,
        scale: state.centre.scale,
        spread: state.centre.spread,
        noise_range: state.noise.range,
        noise_calibration: state.noise.calibration,
        domain_threshold: state.domain.threshold,
        hyper: state.hyper,
        report: state.report.clone(),
        class,
    };
    let header = serde_json::to_value(header)
        .map_err(|_| LearnError::Internal { what: "settings of trees that JSON has no words for" })?;
    let (mut reals, mut wholes) = (Reals::new(), Wholes::new());
    put(&mut reals, &mut wholes, "members", &state.members);
    put(&mut reals, &mut wholes, "noise", &state.noise.members);
    put(&mut reals, &mut wholes, "domain", std::slice::from_ref(&state.domain.trees));
    let words = state.domain.references.iter().flat_map(|leaves| leaves.as_chunks::<4>().0);
    wholes.insert("domain/references".into(), words.map(|word| u32::from_le_bytes(*word)).collect());
    let ranges = || state.domain.ranges.iter();
    reals.insert("domain/least".into(), ranges().map(|range| f64::from(range.0)).collect());
    reals.insert("domain/largest".into(), ranges().map(|range| f64::from(range.1)).collect());
    reals.insert("labels".into(), state.labels.clone());
    Ok((header, reals, wholes))
}

fn restore(
    kind: &str,
    x: Option<&TreeRows>,
    header: &Value,
    reals: &Reals,
    wholes: &Wholes,
) -> Result<Restored, LearnError> {
    let header: Header =
        serde_json::from_value(header.clone()).map_err(|_| damaged("the settings cannot be read"))?;
    if header.kind != kind {
        return Err(damaged("the model is of another kind"));
    }
    if header.version != VERSION {
        return Err(damaged("the version is another one than this program writes"));
    }
    header.settings.check()?;
    let columns = header.columns;
    let numbers =
        [header.mean, header.scale, header.noise_range.0, header.noise_range.1, header.noise_calibration];
    if numbers.iter().any(|v| !v.is_finite()) || header.scale <= 0.0 || header.noise_calibration < 0.0 {
        return Err(damaged("a setting is out of range"));
    }
    let labels = taken(reals, "labels")?;
    check_labels(labels.len(), &labels)?;
    if let Some(x) = x {
        if x.columns() != columns {
            return Err(LearnError::ColumnMismatch { expected: columns, found: x.columns() });
        }
        if x.len() != labels.len() {
            return Err(LearnError::LengthMismatch { rows: x.len(), labels: labels.len() });
        }
    }
    let members = get(reals, wholes, "members", columns)?;
    // Noise has the prediction or the spread of the trees as one more feature.
    let more = usize::from(!members.is_empty());
    let noise = get(reals, wholes, "noise", columns.saturating_add(more))?;
    let domain = get(reals, wholes, "domain", columns)?;
    let trees = <[Ensemble; 1]>::try_from(domain).map_err(|_| damaged("the domain has no trees"))?;
    let [trees] = trees;
    let references = taken(wholes, "domain/references")?;
    let (groups, rest) = references.as_chunks::<{ TREES / 4 }>();
    let (least, largest) = (taken(reals, "domain/least")?, taken(reals, "domain/largest")?);
    if trees.trees().len() > TREES || !rest.is_empty() || [least.len(), largest.len()] != [columns; 2] {
        return Err(damaged("the domain does not fit the features"));
    }
    if kind == FOREST && members.len() > 1 {
        return Err(damaged("there are several forests"));
    }
    let signature = |group: &[u32; TREES / 4]| -> Signature {
        let mut leaves = [0; TREES];
        let bytes = group.iter().flat_map(|word| word.to_le_bytes());
        leaves.iter_mut().zip(bytes).for_each(|(leaf, byte)| *leaf = byte);
        leaves
    };
    let domain = Domain {
        trees,
        references: groups.iter().map(signature).collect(),
        ranges: least.iter().zip(&largest).map(|(&low, &high)| (low as f32, high as f32)).collect(),
        threshold: header.domain_threshold,
    };
    let state = State {
        x: x.cloned(),
        labels,
        columns,
        centre: Centre { mean: header.mean, scale: header.scale, spread: header.spread },
        members,
        noise: Noise { members: noise, range: header.noise_range, calibration: header.noise_calibration },
        domain,
        hyper: header.hyper,
        report: header.report,
    };
    Ok((header.settings, state, header.class))
}

const BOOSTED: &str = "boosted trees";
const FOREST: &str = "random forest";
const CLASSIFIER: &str = "boosted classifier";

impl BoostedTrees {
    /// The fitted model as settings and named arrays: trees, labels, and what
    /// the domain and the uncertainty need. Features of training structures are
    /// not in it.
    ///
    /// # Errors
    /// [`LearnError::NotFitted`] before the first fit.
    pub fn to_stored_parts(&self) -> Result<StoredParts, LearnError> {
        store(BOOSTED, &self.settings, self.state.as_ref().ok_or(LearnError::NotFitted)?, None)
    }

    /// A model from what `to_stored_parts` gave; it predicts the same numbers.
    /// With `x`, the features of the training structures in their order, it can
    /// be extended.
    ///
    /// # Errors
    /// [`LearnError::Trees`] for arrays that are no such model,
    /// [`LearnError::ColumnMismatch`] and [`LearnError::LengthMismatch`] for other
    /// features.
    pub fn from_stored_parts(
        x: Option<&TreeRows>,
        settings: &Value,
        reals: &BTreeMap<String, Vec<f64>>,
        wholes: &BTreeMap<String, Vec<u32>>,
    ) -> Result<Self, LearnError> {
        let (settings, state, _) = restore(BOOSTED, x, settings, reals, wholes)?;
        Ok(Self { settings, state: Some(state) })
    }
}

impl RandomForest {
    /// The fitted model as settings and named arrays: trees, labels, and what
    /// the domain and the uncertainty need. Features of training structures are
    /// not in it.
    ///
    /// # Errors
    /// [`LearnError::NotFitted`] before the first fit.
    pub fn to_stored_parts(&self) -> Result<StoredParts, LearnError> {
        store(FOREST, &self.settings, self.state.as_ref().ok_or(LearnError::NotFitted)?, None)
    }

    /// A model from what `to_stored_parts` gave; it predicts the same numbers.
    /// With `x`, the features of the training structures in their order, it can
    /// be extended.
    ///
    /// # Errors
    /// [`LearnError::Trees`] for arrays that are no such model,
    /// [`LearnError::ColumnMismatch`] and [`LearnError::LengthMismatch`] for other
    /// features.
    pub fn from_stored_parts(
        x: Option<&TreeRows>,
        settings: &Value,
        reals: &BTreeMap<String, Vec<f64>>,
        wholes: &BTreeMap<String, Vec<u32>>,
    ) -> Result<Self, LearnError> {
        let (settings, state, _) = restore(FOREST, x, settings, reals, wholes)?;
        Ok(Self { settings, state: Some(state) })
    }
}

impl BoostedClassifier {
    /// The fitted model as settings and named arrays: trees, labels, and what
    /// the domain and the uncertainty need. Features of training structures are
    /// not in it.
    ///
    /// # Errors
    /// [`LearnError::NotFitted`] before the first fit.
    pub fn to_stored_parts(&self) -> Result<StoredParts, LearnError> {
        let ClassState { state, curve, class } = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        store(CLASSIFIER, &self.settings, state, Some((*curve, class.clone())))
    }

    /// A model from what `to_stored_parts` gave; it predicts the same numbers.
    /// With `x`, the features of the training structures in their order, it can
    /// be extended.
    ///
    /// # Errors
    /// [`LearnError::Trees`] for arrays that are no such model,
    /// [`LearnError::ColumnMismatch`] and [`LearnError::LengthMismatch`] for other
    /// features.
    pub fn from_stored_parts(
        x: Option<&TreeRows>,
        settings: &Value,
        reals: &BTreeMap<String, Vec<f64>>,
        wholes: &BTreeMap<String, Vec<u32>>,
    ) -> Result<Self, LearnError> {
        let (settings, state, class) = restore(CLASSIFIER, x, settings, reals, wholes)?;
        let (curve, class) = class.ok_or(damaged("the curve of the classifier is missing"))?;
        if !curve.slope.is_finite() || !curve.shift.is_finite() {
            return Err(damaged("the curve of the classifier is out of range"));
        }
        Ok(Self { settings, state: Some(ClassState { state, curve, class }) })
    }
}
