//! What a material is made of, by its formula alone, and representations of
//! that.

mod features;
mod formula;
mod magpie;
mod table;

pub use features::CompositionFeatures;
pub use formula::FormulaFault;
pub use magpie::{Magpie, MagpieSettings, Missing};

use crate::FeatureError;
use matter::Formula;
use std::collections::BTreeMap;

/// The most atoms of a formula.
const MOST: f64 = 1e12;

/// Amounts of the elements of a material, H to Cn.
///
/// Amounts are relative: `Fe2O3` and `Fe4O6` are the same to every
/// representation, which sees [`Composition::fractions`] only.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// Atomic numbers and amounts above zero, by atomic number.
    amounts: Vec<(u8, f64)>,
    atoms: f64,
}

impl Composition {
    /// Reads a formula: symbols with amounts, which may be fractions
    /// (`Fe0.5Ni0.5`), brackets of any kind (`Ca(OH)2`, `(Zr0.5Ti0.5)O2`,
    /// `K4[Fe(CN)6]`), and parts joined by a centred dot or asterisk
    /// (`Al2(SO4)3·2H2O`). Subscript digits and spaces between symbols are
    /// read too; elements with amount 0 are left out.
    ///
    /// # Errors
    /// [`FeatureError::Formula`] if it is no formula, with what is wrong where;
    /// charges are refused.
    pub fn parse(text: &str) -> Result<Self, FeatureError> {
        formula::parse(text)
            .and_then(Self::from_amounts)
            .map_err(|fault| FeatureError::Formula { formula: text.to_owned(), fault })
    }

    /// The composition of a molecule.
    ///
    /// # Errors
    /// [`FeatureError::Formula`] if there is no atom.
    pub fn of(formula: &Formula) -> Result<Self, FeatureError> {
        let amounts = formula.iter().map(|(element, n)| (element.number(), f64::from(n))).collect();
        Self::from_amounts(amounts)
            .map_err(|fault| FeatureError::Formula { formula: formula.to_string(), fault })
    }

    fn from_amounts(amounts: BTreeMap<u8, f64>) -> Result<Self, FormulaFault> {
        let amounts: Vec<(u8, f64)> = amounts.into_iter().filter(|&(_, amount)| amount > 0.0).collect();
        let atoms: f64 = amounts.iter().map(|(_, amount)| amount).sum();
        if amounts.is_empty() {
            return Err(FormulaFault::Empty);
        }
        if atoms.is_nan() || atoms > MOST {
            return Err(FormulaFault::TooMany { atoms, most: MOST });
        }
        Ok(Self { amounts, atoms })
    }

    /// Symbols and amounts as they were given, by atomic number.
    pub fn amounts(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        self.amounts.iter().map(|&(number, amount)| (symbol(number), amount))
    }

    /// Atomic numbers and fractions of the atoms, which add up to 1, by atomic
    /// number.
    pub fn fractions(&self) -> impl Iterator<Item = (u8, f64)> + '_ {
        self.amounts.iter().map(|&(number, amount)| (number, amount / self.atoms))
    }

    /// The number of different elements.
    pub fn elements(&self) -> usize {
        self.amounts.len()
    }

    /// Atoms in all, as they were given.
    pub fn atoms(&self) -> f64 {
        self.atoms
    }
}

impl std::str::FromStr for Composition {
    type Err = FeatureError;

    fn from_str(text: &str) -> Result<Self, FeatureError> {
        Self::parse(text)
    }
}

impl std::fmt::Display for Composition {
    /// Symbols by atomic number, with the amounts that were given.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (symbol, amount) in self.amounts() {
            match amount {
                1.0 => write!(f, "{symbol}")?,
                amount => write!(f, "{symbol}{amount}")?,
            }
        }
        Ok(())
    }
}

/// The symbol of an element of the table.
fn symbol(number: u8) -> &'static str {
    table::ELEMENTS[usize::from(number) - 1].0
}
