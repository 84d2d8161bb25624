//! Reading a campaign file, with errors that point at the line.

use super::Spec;
use crate::error::CampaignError;
use decide::suggest;
use engines::{TableOptions, XtbOptions};
use ladder::EngineOptions;
use ledger::Budget;
use matter::EmbedOptions;
use method::recipe::RecipeSettings;
use sha2::{Digest, Sha256};
use space::SpaceSpec;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A campaign file that was read and checked.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Where it was read from.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What it says.
    pub spec: Spec,
    /// Its budget.
    pub budget: Budget,
}

/// Reads and checks a campaign file. Nothing is started.
///
/// # Errors
/// [`CampaignError::ReadSpec`] and [`CampaignError::Spec`], the latter with the line, what was found, what was
/// expected and, for a mistyped name, the nearest one.
pub fn read(path: &Path) -> Result<Loaded, CampaignError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| CampaignError::ReadSpec { path: path.to_owned(), source })?;
    parse(path, text)
}

fn parse(path: &Path, text: String) -> Result<Loaded, CampaignError> {
    let place = Place { path, text: &text };
    let spec: Spec = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| place.line_of(span.start));
        place.error(line, with_suggestion(error.message()))
    })?;
    let budget: Budget =
        spec.budget.parse().map_err(|e: ledger::BudgetError| place.at(&["budget"], e.to_string()))?;
    check(&spec, &budget, &place)?;
    Ok(Loaded { path: path.to_owned(), text, spec, budget })
}

/// Reads the text that a campaign was begun with.
pub(crate) fn reread(path: &Path, text: &str) -> Result<Loaded, CampaignError> {
    parse(path, text.to_owned())
}

fn check(spec: &Spec, budget: &Budget, place: &Place) -> Result<(), CampaignError> {
    let name_is_plain = |n: &str| {
        n.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) && !n.starts_with('.')
    };
    if spec.name.is_empty() || !name_is_plain(&spec.name) {
        let problem = format!(
            "name is `{}`: expected letters, digits, `-`, `_` or `.`, since it names a folder",
            spec.name
        );
        return Err(place.at(&["name"], problem));
    }
    spec.energy.validate().map_err(|e| place.at_field("energy", &e.to_string()))?;
    budget.check(&spec.energy).map_err(|e| place.at(&["budget"], e.to_string()))?;
    spec.objective.check().map_err(|e| place.at_field("objective", &e.to_string()))?;
    spec.constraints.compile().map_err(|e| place.at_field("constraints", &e.to_string()))?;
    spec.stop.check().map_err(|e| place.at_field("stop", &e.to_string()))?;
    decide::acquisition::by_name(&spec.search.acquisition)
        .map_err(|e| place.at(&["search", "acquisition"], e.to_string()))?;
    let at_least_one = [
        ("search", "batch", spec.search.batch),
        ("search", "initial", spec.search.initial),
        ("search", "shortlist", spec.search.shortlist),
        ("geometry", "conformers", spec.geometry.conformers),
        ("geometry", "compared", spec.geometry.compared),
    ];
    for (table, field, value) in at_least_one {
        if value == 0 {
            return Err(place.at(&[table, field], format!("{field} is 0: expected 1 or more")));
        }
    }
    if !matches!(spec.search.morgan_radius, 2 | 3) {
        let found = spec.search.morgan_radius;
        return Err(
            place.at(&["search", "morgan_radius"], format!("morgan_radius is {found}: expected 2 or 3"))
        );
    }
    let timeout = spec.engine.timeout_seconds;
    if !(timeout.is_finite() && timeout > 0.0) {
        let problem = format!("timeout_seconds is {timeout}: expected a number of seconds above 0");
        return Err(place.at(&["engine", "timeout_seconds"], problem));
    }
    Ok(())
}

/// `unknown field `x`, expected one of `a`, `b`` gets the nearest of those names.
fn with_suggestion(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    match quoted.split_first() {
        Some((found, known)) if unknown => {
            format!("{message}{}", suggest::did_you_mean(suggest::nearest(found, known.iter().copied())))
        }
        _ => message.to_owned(),
    }
}

/// Finds lines in the text of the file.
struct Place<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Place<'_> {
    fn line_of(&self, offset: usize) -> usize {
        self.text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count() + 1
    }

    fn error(&self, line: usize, problem: String) -> CampaignError {
        let text = self.text.lines().nth(line - 1).unwrap_or_default().trim().to_owned();
        CampaignError::Spec { path: self.path.to_owned(), line, text, problem }
    }

    /// An error at a key, or at the nearest table above it that is written out.
    fn at(&self, keys: &[&str], problem: String) -> CampaignError {
        let document = toml_edit::Document::parse(self.text).ok();
        let mut line = 1;
        if let Some(document) = &document {
            let mut item: &toml_edit::Item = document.as_item();
            for key in keys {
                let Some(table) = item.as_table_like() else { break };
                let Some((name, next)) = table.get_key_value(key) else { break };
                if let Some(span) = name.span().or_else(|| next.span()) {
                    line = self.line_of(span.start);
                }
                item = next;
            }
        }
        self.error(line, problem)
    }

    /// An error of a lower crate that names the field at its beginning, as `table.field` or just `field`.
    fn at_field(&self, table: &str, message: &str) -> CampaignError {
        let head = message.split([' ', ':']).next().unwrap_or_default().trim_matches('`');
        let field = head.strip_prefix(table).and_then(|rest| rest.strip_prefix('.')).unwrap_or(head);
        let mut keys = vec![table];
        keys.extend(field.split('.'));
        self.at(&keys, message.to_owned())
    }
}

impl Loaded {
    /// What turned out to be wrong with a field only when it was used, with its line.
    pub(crate) fn wrong_at(&self, keys: &[&str], problem: String) -> CampaignError {
        Place { path: &self.path, text: &self.text }.at(keys, problem)
    }

    /// Folder of the campaign file.
    pub fn folder(&self) -> PathBuf {
        self.path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
    }

    /// Folder that results go to.
    pub fn output(&self) -> PathBuf {
        self.folder().join(format!("{}.joulery", self.spec.name))
    }

    /// File of the archive.
    pub fn archive(&self) -> PathBuf {
        match &self.spec.archive {
            Some(path) => self.folder().join(path),
            None => self.output().join("archive.sqlite"),
        }
    }

    /// What engines need to know.
    pub fn engine_options(&self) -> EngineOptions {
        let engine = &self.spec.engine;
        let default = XtbOptions::default();
        EngineOptions {
            solvent: engine.solvent.clone(),
            xtb: XtbOptions {
                program: engine.xtb.clone().unwrap_or_else(|| default.program.clone()),
                timeout: Duration::from_secs_f64(engine.timeout_seconds),
                scratch: engine.scratch.clone(),
                ..default
            },
            table: TableOptions { smiles: engine.table_smiles.clone(), cost: engine.table_cost.clone() },
            folder: self.folder(),
        }
    }

    /// Settings of geometry building and relaxation.
    pub fn recipe_settings(&self) -> RecipeSettings {
        let g = &self.spec.geometry;
        let embed = EmbedOptions { seed: g.seed, conformers: g.conformers, ..EmbedOptions::default() };
        RecipeSettings { embed, compared: g.compared, level: g.optimisation.into() }
    }

    /// Threads to compute with.
    pub fn threads(&self) -> usize {
        match self.spec.search.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n as usize,
        }
    }

    /// Hash of the library file, so that an edited one is another question; empty for other spaces. A file that cannot be
    /// read is reported when it is opened.
    fn library_hash(&self) -> String {
        let SpaceSpec::Library(library) = &self.spec.space else { return String::new() };
        let bytes = std::fs::read(self.folder().join(&library.file)).unwrap_or_default();
        Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The parts of the specification that decisions depend on, each by name, as canonical JSON.
    pub(crate) fn question(&self) -> Vec<(&'static str, String)> {
        let s = &self.spec;
        let json = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
        // Threads do not change decisions.
        let search = super::Search { threads: 0, ..s.search.clone() };
        vec![
            ("seed", s.seed.to_string()),
            ("method", s.method.clone()),
            ("space", json(serde_json::to_string(&s.space))),
            ("library file", self.library_hash()),
            ("objective", json(serde_json::to_string(&s.objective))),
            ("constraints", json(serde_json::to_string(&s.constraints))),
            ("search", json(serde_json::to_string(&search))),
            ("geometry", json(serde_json::to_string(&s.geometry))),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
name = "test"
budget = "100 J"
method = "gfn2"

[space]
kind = "combinatorial"
[[space.core]]
name = "benzoquinone"
smiles = "O=C1C([*:1])=CC(=O)C=C1"
max_substitutions = 1
[[space.substituent]]
name = "hydroxy"
smiles = "[*]O"

[objective]
property = "reduction_energy"
goal = "minimise"
"#;

    fn message(text: &str) -> String {
        parse(Path::new("c.toml"), text.to_owned()).err().map_or_else(String::new, |e| e.to_string())
    }

    #[test]
    fn a_good_file_is_read() {
        let loaded = parse(Path::new("x/c.toml"), GOOD.into()).unwrap();
        assert_eq!(loaded.output(), Path::new("x/test.joulery"));
        assert_eq!(loaded.spec.search, crate::spec::Search::default());
    }

    #[test]
    fn every_mistake_is_pointed_at() {
        for (from, to, needles) in [
            ("budget =", "budgte =", ["line 3", "unknown field `budgte`", "did you mean `budget`?"]),
            ("100 J", "-5 J", ["line 3", "-5", "budget = \"-5 J\""]),
            ("100 J", "100 parsec", ["line 3", "parsec", "kWh"]),
            ("\"minimise\"", "\"minimize it\"", ["line 18", "minimize it", "goal = "]),
            ("property =", "properti =", ["line 17", "properti", "did you mean `property`?"]),
            ("max_substitutions = 1", "max_substitutions = -1", ["line 11", "-1", "max_substitutions = -1"]),
            ("name = \"test\"", "name = \"a/b\"", ["line 2", "a/b", "folder"]),
            ("[objective]", "[search]\nbatch = 0\n[objective]", ["line 17", "batch is 0", "1 or more"]),
            (
                "[objective]",
                "[search]\nacquisition = \"eii\"\n[objective]",
                ["line 17", "eii", "did you mean `ei`?"],
            ),
            (
                "[objective]",
                "[constraints]\nelements = [\"C\", \"Xx\"]\n[objective]",
                ["line 17", "Xx", "constraints.elements"],
            ),
            ("[objective]", "[energy]\npue = 0.5\n[objective]", ["line 17", "pue is 0.5", "1 or more"]),
        ] {
            let text = GOOD.replace(from, to);
            assert_ne!(text, GOOD, "{from}");
            let message = message(&text);
            for needle in needles {
                assert!(message.contains(needle), "{to}: {needle} is missing in\n{message}");
            }
        }
    }

    #[test]
    fn the_schema_describes_every_field() {
        let schema = serde_json::to_value(crate::spec::schema()).unwrap();
        for (name, field) in schema["properties"].as_object().unwrap() {
            let described = field["description"].is_string() || field["$ref"].is_string();
            assert!(described, "{name} is not described");
        }
    }
}
