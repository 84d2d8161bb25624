//! Names of solvents: ours, and those of other programs.

use crate::error::LadderError;
use quantum::Solvent;

/// The solvent of this name, common abbreviations included.
///
/// # Errors
/// An unknown name, with the nearest one.
pub(crate) fn parse(name: &str) -> Result<Solvent, LadderError> {
    Solvent::parse(name).map_err(LadderError::UnknownSolvent)
}

/// What the xtb program calls a solvent.
pub(crate) fn name_for_xtb(solvent: Solvent) -> &'static str {
    match solvent.name() {
        "carbon disulfide" => "cs2",
        "chloroform" => "chcl3",
        "dichloromethane" => "ch2cl2",
        "diethyl ether" => "ether",
        "ethyl acetate" => "ethylacetate",
        "furan" => "furane",
        "wet octanol" => "woctanol",
        same => same,
    }
}
