//! From a method's name to the method.

use crate::error::LadderError;
use crate::solvent;
use engines::{Table, TableOptions, Xtb, XtbOptions};
use method::Method;
use quantum::{Gfn2Method, Options};
use relax::Relaxing;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the engines need to know beside the method's name.
#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    /// Solvent around every molecule; in the gas phase if `None`.
    pub solvent: Option<String>,
    /// How xtb is run; its solvent is that above.
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
    MethodEntry { name: "gfn2", about: "GFN2-xTB by the default engine (native)", open: open_native },
    MethodEntry { name: "gfn2@native", about: "GFN2-xTB in this very process", open: open_native },
    MethodEntry { name: "gfn2@xtb", about: "GFN2-xTB by the xtb program", open: open_xtb },
    MethodEntry { name: "table", about: "table:FILE.csv, a published table replayed", open: open_table },
];

fn open_native(_: &str, options: &EngineOptions) -> Result<Arc<dyn Method>, LadderError> {
    let solvent = options.solvent.as_deref().map(solvent::parse).transpose()?;
    Ok(Arc::new(Relaxing::new(Gfn2Method::new(Options { solvent, ..Options::default() }))))
}

fn open_xtb(_: &str, options: &EngineOptions) -> Result<Arc<dyn Method>, LadderError> {
    let solvent = options.solvent.as_deref().map(solvent::parse).transpose()?;
    let solvent = solvent.map(|s| solvent::name_for_xtb(s).to_owned());
    Ok(Arc::new(Xtb::new(XtbOptions { solvent, ..options.xtb.clone() })?))
}

fn open_table(file: &str, options: &EngineOptions) -> Result<Arc<dyn Method>, LadderError> {
    if let Some(solvent) = &options.solvent {
        return Err(LadderError::NoSolvents { method: format!("table:{file}"), solvent: solvent.clone() });
    }
    Ok(Arc::new(Table::read(&options.folder.join(Path::new(file)), &options.table)?))
}

/// The method with this name, e.g. `gfn2` or `table:data.csv`.
///
/// # Errors
/// An unknown name or solvent (the nearest one is suggested), or whatever keeps the engine from starting.
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

    fn message(name: &str, options: &EngineOptions) -> String {
        resolve(name, options).err().map_or_else(String::new, |e| e.to_string())
    }

    /// Options with an xtb program that is not there.
    fn without_xtb() -> EngineOptions {
        let xtb = XtbOptions { program: "no-such-xtb".into(), ..XtbOptions::default() };
        EngineOptions { xtb, ..EngineOptions::default() }
    }

    #[test]
    fn unknown_names_get_a_suggestion() {
        let message = |name: &str| message(name, &EngineOptions::default());
        assert!(message("gnf2").ends_with("did you mean `gfn2`?"), "{}", message("gnf2"));
        assert!(message("tabel:x.csv").contains("did you mean `table:FILE.csv`?"));
        assert!(message("b3lyp").contains("expected one of gfn2, gfn2@native, gfn2@xtb, table:FILE.csv"));
    }

    #[test]
    fn gfn2_needs_no_program() {
        for name in ["gfn2", "gfn2@native"] {
            let method = resolve(name, &without_xtb()).unwrap();
            assert!(method.id().as_str().starts_with("gfn2@native-"), "{}", method.id());
        }
        assert!(message("gfn2@xtb", &without_xtb()).contains("apt-get install xtb"));
    }

    #[test]
    fn a_solvent_is_part_of_the_method() {
        let wet = |solvent: &str| EngineOptions { solvent: Some(solvent.into()), ..without_xtb() };
        let method = resolve("gfn2", &wet("H2O")).unwrap();
        assert!(method.id().as_str().contains(";alpb=water"), "{}", method.id());
        for name in ["gfn2", "gfn2@xtb"] {
            let message = message(name, &wet("wate"));
            assert!(message.contains("unknown solvent `wate`; did you mean `water`?"), "{message}");
        }
        assert!(message("table:x.csv", &wet("water")).contains("knows no solvents"));
    }
}
