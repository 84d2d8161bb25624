//! From a method's name to the method.

use crate::error::LadderError;
use engines::{Table, TableOptions, Xtb, XtbOptions};
use method::Method;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the engines need to know beside the method's name.
#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    /// How xtb is run.
    pub xtb: XtbOptions,
    /// Which columns of a table are what.
    pub table: TableOptions,
    /// Folder that relative paths in method names start from.
    pub folder: PathBuf,
}

/// One method of the list.
pub struct MethodEntry {
    /// The name, or the part before the colon.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    open: Open,
}

/// Opens a method from what stands behind the colon of its name.
type Open = fn(&str, &EngineOptions) -> Result<Arc<dyn Method>, LadderError>;

/// Every method there is. A new one is one new file and one line here.
pub const METHODS: &[MethodEntry] = &[
    MethodEntry { name: "gfn2", about: "GFN2-xTB by the default engine (xtb)", open: open_xtb },
    MethodEntry { name: "gfn2@xtb", about: "GFN2-xTB by the xtb program", open: open_xtb },
    MethodEntry { name: "table", about: "table:FILE.csv, a published table replayed", open: open_table },
];

fn open_xtb(_: &str, options: &EngineOptions) -> Result<Arc<dyn Method>, LadderError> {
    Ok(Arc::new(Xtb::new(options.xtb.clone())?))
}

fn open_table(file: &str, options: &EngineOptions) -> Result<Arc<dyn Method>, LadderError> {
    Ok(Arc::new(Table::read(&options.folder.join(Path::new(file)), &options.table)?))
}

/// The method with this name, e.g. `gfn2` or `table:data.csv`.
///
/// # Errors
/// An unknown name (the nearest one is suggested), or whatever keeps the engine from starting.
pub fn resolve(name: &str, options: &EngineOptions) -> Result<Arc<dyn Method>, LadderError> {
    let (head, rest) = name.split_once(':').unwrap_or((name, ""));
    if let Some(entry) = METHODS.iter().find(|e| e.name == head && (e.name == "table") != rest.is_empty()) {
        return (entry.open)(rest, options);
    }
    let nearest = METHODS
        .iter()
        .map(|e| (strsim::damerau_levenshtein(e.name, head), e.name))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    let hint = nearest.map_or_else(String::new, |(_, name)| {
        let name = if name == "table" { "table:FILE.csv" } else { name };
        format!("; did you mean `{name}`?")
    });
    let known: Vec<String> = METHODS
        .iter()
        .map(|e| if e.name == "table" { "table:FILE.csv".to_owned() } else { e.name.to_owned() })
        .collect();
    Err(LadderError::UnknownMethod { name: name.into(), known: known.join(", "), hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_get_a_suggestion() {
        let message = |name: &str| resolve(name, &EngineOptions::default()).err().unwrap().to_string();
        assert!(message("gnf2").ends_with("did you mean `gfn2`?"), "{}", message("gnf2"));
        assert!(message("tabel:x.csv").contains("did you mean `table:FILE.csv`?"));
        assert!(message("b3lyp").contains("expected one of gfn2, gfn2@xtb, table:FILE.csv"));
    }

    #[test]
    fn a_missing_program_says_what_to_install() {
        let xtb = XtbOptions { program: "no-such-xtb".into(), ..XtbOptions::default() };
        let options = EngineOptions { xtb, ..EngineOptions::default() };
        let message = resolve("gfn2", &options).err().unwrap().to_string();
        assert!(message.contains("apt-get install xtb"), "{message}");
    }
}
