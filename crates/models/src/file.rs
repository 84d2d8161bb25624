//! Model files.
//!
//! The container is safetensors (an eight-byte length, a JSON header with the
//! name, type and place of each list, the lists), so that any program can read
//! a model. The header's metadata hold three texts: `joulery` (the
//! [`Card`](crate::Card) as JSON), `learner` (settings of the model) and
//! `baseline` (what is added to what it says). Lists named `model.*` are the
//! model's; lists named `structures.*` are the training structures, as lines of
//! SMILES or formulas, or as elements, positions (angstrom) and the first atom of each.
//! Models of several levels have `rows.structure` and `rows.rung`, one entry for each label.

use crate::fitted::{Fitted, LowFit};
use crate::learner::Design;
use crate::rungs::Rows;
use crate::train::atoms;
use crate::{Card, ClassCard, Learner, Model, ModelError, Structure, StructureKind};
use features::Composition;
use learn::{Array, ElementBaseline, Storable, Stored};
use matter::{Element, Geometry, Graph};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;

/// Version of the file format.
pub(crate) const FORMAT: u32 = 1;

const CARD: &str = "joulery";
const LEARNER: &str = "learner";
const BASELINE: &str = "baseline";
const MODEL: &str = "model.";
const ROW_STRUCTURE: &str = "rows.structure";
const ROW_RUNG: &str = "rows.rung";

/// What is added to what the learner says.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    low: Option<LowFit>,
    elements: Option<BTreeMap<u8, f64>>,
    rank: usize,
    rmse: f64,
}

/// Only as much of a card as tells whether the rest can be read.
#[derive(Deserialize)]
struct Stamp {
    format: u32,
    joulery: String,
}

impl Model {
    /// Writes the model to `path`: to a file beside it first, which then takes
    /// its place, so that no half model is ever there.
    ///
    /// # Errors
    /// [`ModelError::File`].
    pub fn save(&self, path: &Path) -> Result<(), ModelError> {
        let bytes = self.to_bytes()?;
        let failed = |source| ModelError::File { path: path.to_owned(), source };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        // As any new file: what the user's mask leaves.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(folder).map_err(failed)?;
        file.write_all(&bytes).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// Reads a model.
    ///
    /// # Errors
    /// [`ModelError::File`], [`ModelError::NotAModel`],
    /// [`ModelError::Version`], [`ModelError::OtherFeatures`].
    pub fn load(path: &Path) -> Result<Model, ModelError> {
        let bytes =
            std::fs::read(path).map_err(|source| ModelError::File { path: path.to_owned(), source })?;
        from_bytes(&bytes, path)
    }

    /// The bytes of a model file.
    fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let Stored { settings, arrays } = self.fitted.learner.store()?;
        let mut all: BTreeMap<String, Array> =
            arrays.into_iter().map(|(name, array)| (format!("{MODEL}{name}"), array)).collect();
        all.extend(structures_out(self.card.representation.describes(), &self.structures));
        if let Some(rows) = &self.rows {
            let list = |values: &[usize]| Array::U64(values.iter().map(|v| *v as u64).collect());
            all.insert(ROW_STRUCTURE.to_owned(), list(&rows.structure));
            all.insert(ROW_RUNG.to_owned(), list(&rows.rung));
        }
        let raw: Vec<(String, Dtype, usize, Vec<u8>)> =
            all.into_iter().map(|(name, array)| raw(name, array)).collect();
        let mut views = Vec::with_capacity(raw.len());
        for (name, dtype, length, bytes) in &raw {
            let view = TensorView::new(*dtype, vec![*length], bytes)
                .map_err(|_| ModelError::Internal { what: "a list of a model has the wrong length" })?;
            views.push((name.as_str(), view));
        }
        let baseline = self.fitted.baseline.as_ref();
        let known = Known {
            low: self.fitted.low,
            elements: baseline.map(|b| b.energies.clone()),
            rank: baseline.map_or(0, |b| b.rank),
            rmse: baseline.map_or(0.0, |b| b.rmse),
        };
        // One text for all, since the order of several would change from run to run.
        let texts = serde_json::json!({ CARD: self.card, LEARNER: settings, BASELINE: known });
        let metadata = HashMap::from([("joulery_model".to_owned(), texts.to_string())]);
        safetensors::serialize(views, Some(metadata))
            .map_err(|_| ModelError::Internal { what: "a model does not fit its container" })
    }
}

fn from_bytes(bytes: &[u8], path: &Path) -> Result<Model, ModelError> {
    let not = |why: String| ModelError::NotAModel { path: path.to_owned(), why };
    let damaged = |error: safetensors::SafeTensorError| not(format!("no model container ({error})"));
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let text = metadata.metadata().as_ref().and_then(|map| map.get("joulery_model"));
    let text = text.ok_or_else(|| not("a safetensors file of something else".to_owned()))?;
    let mut texts: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|error| not(format!("a damaged card ({error})")))?;
    let mut part = |name: &str| texts.remove(name).ok_or_else(|| not(format!("a card without `{name}`")));
    let card = part(CARD)?;
    let bad_card = |error: serde_json::Error| not(format!("a damaged card ({error})"));
    let stamp = Stamp::deserialize(&card).map_err(bad_card)?;
    if stamp.format != FORMAT {
        let (found, known) = (stamp.format, FORMAT);
        return Err(ModelError::Version { path: path.to_owned(), found, known, by: stamp.joulery });
    }
    let card: Card = serde_json::from_value(card).map_err(bad_card)?;
    ClassCard::check(&card).map_err(not)?;
    let known: Known = serde_json::from_value(part(BASELINE)?).map_err(bad_card)?;
    let settings = part(LEARNER)?;
    let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let mut arrays = BTreeMap::new();
    for (name, view) in tensors.iter() {
        arrays.insert(
            name.to_owned(),
            array(&view).ok_or_else(|| not(format!("`{name}` has an unknown type")))?,
        );
    }
    let structures = structures_in(card.representation.describes(), &arrays).map_err(not)?;
    let found = card.representation.id()?.to_string();
    if found != card.features {
        return Err(ModelError::OtherFeatures { path: path.to_owned(), expected: card.features, found });
    }
    let table = card.representation.describe(&structures)?;
    let rows = rows_in(&arrays);
    let table = match (card.design, &rows) {
        (Design::CoKriging { extensive, .. }, Some(rows)) if rows.fit(structures.len()) => {
            let numbers = extensive.then(|| atoms(&structures)).transpose()?;
            rows.table(&table, numbers.as_deref())?
        }
        (Design::CoKriging { .. }, _) => return Err(not("damaged lists `rows`".to_owned())),
        _ => table,
    };
    let mut learner = Learner::new(card.design);
    let arrays = arrays.into_iter().filter_map(|(name, a)| Some((name.strip_prefix(MODEL)?.to_owned(), a)));
    learner
        .restore(&table, &Stored { settings, arrays: arrays.collect() })
        .map_err(|error| not(format!("a damaged model ({error})")))?;
    let baseline =
        known.elements.map(|energies| ElementBaseline { energies, rank: known.rank, rmse: known.rmse });
    let fitted = Fitted { low: known.low, baseline, learner, hyper: None, found: serde_json::Value::Null };
    Ok(Model::new(card, fitted, structures, rows))
}

/// Which label is of which structure and level.
fn rows_in(arrays: &BTreeMap<String, Array>) -> Option<Rows> {
    let list = |name: &str| match arrays.get(name) {
        Some(Array::U64(values)) => values.iter().map(|&v| usize::try_from(v).ok()).collect(),
        _ => None,
    };
    Some(Rows { structure: list(ROW_STRUCTURE)?, rung: list(ROW_RUNG)? })
}

fn raw(name: String, array: Array) -> (String, Dtype, usize, Vec<u8>) {
    match array {
        Array::F64(v) => (name, Dtype::F64, v.len(), v.iter().flat_map(|x| x.to_le_bytes()).collect()),
        Array::U64(v) => (name, Dtype::U64, v.len(), v.iter().flat_map(|x| x.to_le_bytes()).collect()),
        Array::U32(v) => (name, Dtype::U32, v.len(), v.iter().flat_map(|x| x.to_le_bytes()).collect()),
        Array::U8(v) => (name, Dtype::U8, v.len(), v),
    }
}

fn array(view: &TensorView<'_>) -> Option<Array> {
    let bytes = view.data();
    Some(match view.dtype() {
        Dtype::F64 => Array::F64(bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect()),
        Dtype::U64 => Array::U64(bytes.as_chunks().0.iter().map(|b| u64::from_le_bytes(*b)).collect()),
        Dtype::U32 => Array::U32(bytes.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b)).collect()),
        Dtype::U8 => Array::U8(bytes.to_vec()),
        _ => return None,
    })
}

fn structures_out(kind: StructureKind, structures: &[Structure]) -> BTreeMap<String, Array> {
    let (mut lines, mut starts) = (Vec::new(), vec![0_u64]);
    let (mut elements, mut positions) = (Vec::new(), Vec::new());
    for structure in structures {
        match structure {
            Structure::Graph(graph) => {
                lines.extend_from_slice(graph.canonical_smiles().as_bytes());
                lines.push(b'\n');
            }
            Structure::Formula(formula) => {
                lines.extend_from_slice(formula.to_string().as_bytes());
                lines.push(b'\n');
            }
            Structure::Geometry(geometry) => {
                elements.extend(geometry.elements().iter().map(|e| e.number()));
                positions.extend(geometry.positions().iter().flatten());
                starts.push(elements.len() as u64);
            }
        }
    }
    let mut arrays = BTreeMap::new();
    if kind == StructureKind::Geometry {
        arrays.insert("structures.starts".to_owned(), Array::U64(starts));
        arrays.insert("structures.elements".to_owned(), Array::U8(elements));
        arrays.insert("structures.positions".to_owned(), Array::F64(positions));
    } else {
        arrays.insert("structures.lines".to_owned(), Array::U8(lines));
    }
    arrays
}

fn structures_in(kind: StructureKind, arrays: &BTreeMap<String, Array>) -> Result<Vec<Structure>, String> {
    let missing = |name: &str| format!("no list `structures.{name}` of the right type");
    match kind {
        StructureKind::Graph | StructureKind::Formula => {
            let Some(Array::U8(bytes)) = arrays.get("structures.lines") else {
                return Err(missing("lines"));
            };
            let text = std::str::from_utf8(bytes).map_err(|_| missing("lines"))?;
            if kind == StructureKind::Formula {
                let formula = |line: &str| {
                    Composition::parse(line)
                        .map(Structure::Formula)
                        .map_err(|e| format!("a damaged structure ({e})"))
                };
                return text.lines().map(formula).collect();
            }
            let graph = |line: &str| {
                Graph::from_smiles(line)
                    .map(|graph| Structure::Graph(Box::new(graph)))
                    .map_err(|e| format!("a damaged structure ({e})"))
            };
            text.lines().map(graph).collect()
        }
        StructureKind::Geometry => {
            let (Some(Array::U64(starts)), Some(Array::U8(elements)), Some(Array::F64(positions))) = (
                arrays.get("structures.starts"),
                arrays.get("structures.elements"),
                arrays.get("structures.positions"),
            ) else {
                return Err(missing("starts, elements, positions"));
            };
            let geometry = |ends: &[u64]| -> Option<Structure> {
                let atoms = usize::try_from(ends[0]).ok()?..usize::try_from(ends[1]).ok()?;
                let found = elements.get(atoms.clone())?;
                let found =
                    found.iter().map(|z| Element::from_number(u32::from(*z))).collect::<Option<_>>()?;
                let places = positions.get(3 * atoms.start..3 * atoms.end)?.as_chunks::<3>().0.to_vec();
                Geometry::new(found, places).ok().map(Structure::Geometry)
            };
            starts
                .windows(2)
                .map(geometry)
                .collect::<Option<_>>()
                .ok_or_else(|| "a damaged structure".to_owned())
        }
    }
}
