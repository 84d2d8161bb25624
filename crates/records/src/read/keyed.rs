//! Fields of records that name their own fields (XYZ, SDF).

use super::Bad;
use crate::columns::Columns;
use crate::error::Problem;
use crate::record::{number, text};
use std::collections::{BTreeMap, BTreeSet};

/// How many names of fields are kept for the message that a wanted one is missing.
const NAMES_KEPT: usize = 100;

/// Takes the wanted fields from records, and remembers which of them were ever there.
#[derive(Debug)]
pub(crate) struct Fields {
    want: Columns,
    missing: BTreeSet<String>,
    names: BTreeSet<String>,
    /// Whether the file is read from its beginning: only then is a field that was not met not there.
    whole: bool,
    rows: u64,
    told: bool,
}

impl Fields {
    pub(crate) fn new(want: &Columns) -> Fields {
        let numbers: &[String] = if want.numbers_may_lack { &[] } else { &want.numbers };
        let missing = want.name.iter().chain(numbers).chain(&want.texts).cloned().collect();
        Fields { want: want.clone(), missing, names: BTreeSet::new(), whole: true, rows: 0, told: false }
    }

    pub(crate) fn skipped(&mut self) {
        self.whole = false;
    }

    /// Name, numbers and texts of one record; `usual` is the name it has by the rules of its format.
    #[allow(clippy::type_complexity)]
    pub(crate) fn take(
        &mut self,
        line: u64,
        fields: &BTreeMap<String, String>,
        usual: Option<String>,
    ) -> Result<(Option<String>, Vec<Option<f64>>, Vec<Option<String>>), Bad> {
        self.rows += 1;
        if !self.missing.is_empty() {
            self.missing.retain(|name| !fields.contains_key(name));
            for name in fields.keys() {
                if self.names.len() < NAMES_KEPT && !self.names.contains(name) {
                    self.names.insert(name.clone());
                }
            }
        }
        let name = match &self.want.name {
            Some(key) => fields.get(key).and_then(|t| text(t)),
            None => usual,
        };
        let numbers = self.want.numbers.iter().map(|key| match fields.get(key) {
            Some(value) => number(key, value).map_err(|problem| Bad::record(Some(line), problem)),
            None => Ok(None),
        });
        let numbers = numbers.collect::<Result<_, _>>()?;
        let texts = self.want.texts.iter().map(|key| fields.get(key).and_then(|t| text(t))).collect();
        Ok((name, numbers, texts))
    }

    /// At the end of the file: a wanted field that no record had.
    pub(crate) fn at_end(&mut self) -> Option<Bad> {
        if !self.whole || self.rows == 0 || self.told {
            return None;
        }
        self.told = true;
        let column = self.missing.first()?.clone();
        let found = self.names.iter().cloned().collect();
        Some(Bad::file(None, Problem::NoField { column, found }))
    }
}
