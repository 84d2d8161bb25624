//! Published tables as oracles.

use crate::error::EngineError;
use matter::Molecule;
use matter::units::{CoreSeconds, Seconds};
use method::{
    Calculation, Cost, CostSource, Failure, FailureKind, Method, MethodId, Outcome, Property, PropertyName,
    Request,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Which columns of a table are what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOptions {
    /// Column with SMILES.
    pub smiles: String,
    /// Column with the processor time of each value in core-seconds, if there is one. Without it a replayed
    /// value costs nothing.
    pub cost: Option<String>,
}

impl Default for TableOptions {
    fn default() -> TableOptions {
        TableOptions { smiles: "smiles".into(), cost: None }
    }
}

/// A CSV file (or `.csv.gz`) replayed as a method: one row per molecule, every numeric column a property.
///
/// An empty cell is a failed calculation: it is charged and has no value. The identity of the method holds the
/// hash of the file, so that an edited table is another method.
#[derive(Debug)]
pub struct Table {
    id: MethodId,
    provides: Vec<Property>,
    rows: BTreeMap<String, Row>,
}

#[derive(Debug)]
struct Row {
    values: Vec<Option<f64>>,
    cost: CoreSeconds,
}

impl Table {
    /// Reads a table.
    ///
    /// # Errors
    /// A missing column, a cell that is no number, a SMILES that is none, or a molecule that stands twice with
    /// different values: each with its line number.
    pub fn read(path: &Path, options: &TableOptions) -> Result<Table, EngineError> {
        let text = read_text(path)?;
        let hash = Sha256::digest(text.as_bytes());
        let short: String = hash.iter().take(6).map(|b| format!("{b:02x}")).collect();
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|e| row_error(path, &e))?.clone();
        let find = |column: &str| {
            headers.iter().position(|h| h == column).ok_or_else(|| EngineError::NoColumn {
                path: path.into(),
                column: column.into(),
                found: headers.iter().collect::<Vec<_>>().join(", "),
            })
        };
        let smiles_column = find(&options.smiles)?;
        let cost_column = options.cost.as_deref().map(find).transpose()?;
        let mut records = Vec::new();
        for record in reader.records() {
            records.push(record.map_err(|e| row_error(path, &e))?);
        }
        let numeric = numeric_columns(&headers, &records, smiles_column, cost_column);
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        for record in &records {
            let line = record.position().map_or(0, csv::Position::line);
            let problem = |problem: String| EngineError::Row { path: path.into(), line, problem };
            let smiles = record.get(smiles_column).unwrap_or_default();
            let molecule = Molecule::from_smiles(smiles).map_err(|e| problem(e.to_string()))?;
            let cell = |column: usize| -> Result<Option<f64>, EngineError> {
                let text = record.get(column).unwrap_or_default().trim();
                if text.is_empty() {
                    return Ok(None);
                }
                match text.parse::<f64>() {
                    Ok(value) if value.is_finite() => Ok(Some(value)),
                    _ => Err(problem(format!(
                        "column `{}` holds `{text}`: expected a finite number or an empty cell",
                        &headers[column]
                    ))),
                }
            };
            let values = numeric.iter().map(|&c| cell(c)).collect::<Result<Vec<_>, _>>()?;
            let cost = match cost_column {
                None => 0.0,
                Some(column) => match cell(column)? {
                    Some(cost) if cost >= 0.0 => cost,
                    found => {
                        let found = found.map_or("nothing".into(), |c| c.to_string());
                        return Err(problem(format!(
                            "column `{}` holds {found}: expected core-seconds, zero or more",
                            &headers[column]
                        )));
                    }
                },
            };
            let row = Row { values, cost: CoreSeconds(cost) };
            let key = molecule.label();
            if let Some(earlier) = rows.get(&key)
                && earlier.values != row.values
            {
                return Err(problem(format!("`{key}` stands here a second time, with other values")));
            }
            rows.insert(key, row);
        }
        let provides =
            numeric.iter().map(|&c| Property::new(&headers[c], unit_of(&headers[c]))).collect::<Vec<_>>();
        Ok(Table { id: MethodId::new(format!("table:{name}#{short}")), provides, rows })
    }

    /// Number of molecules.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the table holds no molecule.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// The unit that Joulery's own name for a property implies; a foreign column has none.
fn unit_of(column: &str) -> &'static str {
    match column {
        "energy" => "hartree",
        "homo_lumo_gap" | "reduction_energy" => "eV",
        "dipole" => "D",
        _ => "",
    }
}

/// Columns in which every non-empty cell is a number.
fn numeric_columns(
    headers: &csv::StringRecord,
    records: &[csv::StringRecord],
    smiles: usize,
    cost: Option<usize>,
) -> Vec<usize> {
    let is_number = |text: &str| text.trim().is_empty() || text.trim().parse::<f64>().is_ok();
    (0..headers.len())
        .filter(|&c| c != smiles && Some(c) != cost)
        .filter(|&c| records.iter().all(|r| is_number(r.get(c).unwrap_or_default())))
        .collect()
}

fn read_text(path: &Path) -> Result<String, EngineError> {
    let trouble = |source| EngineError::Read { path: PathBuf::from(path), source };
    let mut bytes = Vec::new();
    let mut file = std::fs::File::open(path).map_err(trouble)?;
    if path.extension().is_some_and(|e| e == "gz") {
        flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).map_err(trouble)?;
    } else {
        file.read_to_end(&mut bytes).map_err(trouble)?;
    }
    String::from_utf8(bytes).map_err(|e| trouble(std::io::Error::new(std::io::ErrorKind::InvalidData, e)))
}

fn row_error(path: &Path, error: &csv::Error) -> EngineError {
    let line = error.position().map_or(0, csv::Position::line);
    EngineError::Row { path: path.into(), line, problem: error.to_string() }
}

impl Method for Table {
    fn id(&self) -> &MethodId {
        &self.id
    }

    fn provides(&self) -> &[Property] {
        &self.provides
    }

    fn needs_geometry(&self) -> bool {
        false
    }

    fn evaluate(&self, molecule: &Molecule, request: &Request) -> Calculation {
        let label = molecule.label();
        let Some(row) = self.rows.get(&label) else {
            let message = format!("{} has no row for {label}", self.id);
            let cost = Cost { source: CostSource::Replayed, ..Cost::ZERO };
            return Calculation::failed(Failure::new(FailureKind::NoValue, message), cost);
        };
        let cost = Cost {
            core_seconds: row.cost,
            wall: Seconds::ZERO,
            work: row.cost.value(),
            peak_memory: 0,
            source: CostSource::Replayed,
        };
        // What was recorded is replayed as it would happen: at its limit the calculation is stopped, and paid for.
        if let Some(limit) = request.limit.filter(|limit| row.cost > *limit) {
            let message = format!(
                "{label} was stopped after {:.2} core-seconds: all that was left of what the budget grants this \
                 candidate ({} records {:.2})",
                limit.value(),
                self.id,
                row.cost.value()
            );
            let cost = Cost { core_seconds: limit, work: limit.value(), ..cost };
            return Calculation::failed(Failure::new(FailureKind::LimitReached, message), cost);
        }
        let values: BTreeMap<PropertyName, f64> = self
            .provides
            .iter()
            .zip(&row.values)
            .filter_map(|(property, value)| value.map(|v| (property.name.clone(), v)))
            .collect();
        if values.is_empty() {
            let message = format!("{} records a failed calculation for {label}", self.id);
            return Calculation::failed(Failure::new(FailureKind::NoValue, message), cost);
        }
        Calculation::done(Outcome { values, ..Outcome::default() }, cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use method::{Task, conformance};
    use proptest::prelude::*;
    use std::sync::atomic::AtomicBool;

    fn table(text: &str) -> Result<Table, EngineError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, text).unwrap();
        Table::read(&path, &TableOptions { cost: Some("core_seconds".into()), ..TableOptions::default() })
    }

    const GOOD: &str = "smiles,name,gap,core_seconds\nOCC,ethanol,7.5,0.2\nC,methane,,0.1\n";

    fn evaluate(table: &Table, smiles: &str) -> Calculation {
        let cancel = AtomicBool::new(false);
        let request = Request { task: Task::SinglePoint, limit: None, cancel: &cancel };
        table.evaluate(&Molecule::from_smiles(smiles).unwrap(), &request)
    }

    #[test]
    fn rows_are_found_by_molecule_and_charged() {
        let table = table(GOOD).unwrap();
        assert_eq!(table.len(), 2);
        let done = evaluate(&table, "CCO");
        assert_eq!(done.outcome.unwrap().values[&PropertyName::new("gap")], 7.5);
        assert_eq!(done.cost.core_seconds, CoreSeconds(0.2));
        assert_eq!(done.cost.source, CostSource::Replayed);
        assert_eq!(evaluate(&table, "C").outcome.unwrap_err().kind, FailureKind::NoValue);
        assert_eq!(evaluate(&table, "C").cost.core_seconds, CoreSeconds(0.1));
    }

    #[test]
    fn a_recorded_cost_beyond_the_limit_is_stopped_there() {
        let (table, cancel) = (table(GOOD).unwrap(), AtomicBool::new(false));
        let ethanol = Molecule::from_smiles("CCO").unwrap();
        let within = |limit: f64| {
            let limit = Some(CoreSeconds(limit));
            table.evaluate(&ethanol, &Request { task: Task::SinglePoint, limit, cancel: &cancel })
        };
        assert!(within(0.2).outcome.is_ok());
        let stopped = within(0.15);
        assert_eq!(stopped.cost.core_seconds, CoreSeconds(0.15));
        let failure = stopped.outcome.unwrap_err();
        assert_eq!(failure.kind, FailureKind::LimitReached);
        assert!(failure.message.contains("after 0.15 core-seconds"), "{failure}");
    }

    #[test]
    fn it_keeps_the_contract() {
        let table = table(GOOD).unwrap();
        let ethanol = Molecule::from_smiles("CCO").unwrap();
        conformance::repeatable(&table, &ethanol, Task::SinglePoint).unwrap();
        let unknown = Molecule::from_smiles("CCN").unwrap();
        conformance::failure_is_charged(&table, &unknown, Task::SinglePoint).unwrap();
    }

    #[test]
    fn errors_name_line_and_column() {
        let message = |text: &str| table(text).unwrap_err().to_string();
        assert!(
            message("smiles,gap\nC,1\n").contains("no column `core_seconds`; the columns are smiles, gap")
        );
        let bad = message("smiles,gap,core_seconds\nCC,1,1\nC(,1,1\n");
        assert!(bad.contains("line 3") && bad.contains("`C(`"), "{bad}");
        let twice = message("smiles,gap,core_seconds\nOC,1,1\nCO,2,1\n");
        assert!(twice.contains("line 3") && twice.contains("second time"), "{twice}");
        let cost = message("smiles,gap,core_seconds\nC,1,-1\n");
        assert!(cost.contains("line 2") && cost.contains("zero or more"), "{cost}");
        let infinite = message("smiles,gap,core_seconds\nC,inf,1\n");
        assert!(infinite.contains("`inf`"), "{infinite}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(text in "(smiles,gap,core_seconds\n)?[ -~\n\"]{0,200}") {
            let _ = table(&text);
        }
    }
}
