//! Chemical elements.

use crate::element_table::ELEMENTS;
use std::fmt;

/// A chemical element H to Rn, held as its atomic number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Element(u8);

impl Element {
    /// Hydrogen.
    pub const H: Element = Element(1);
    /// Carbon.
    pub const C: Element = Element(6);
    /// Nitrogen.
    pub const N: Element = Element(7);
    /// Oxygen.
    pub const O: Element = Element(8);

    /// The element with this atomic number, if it is one of H (1) to Rn (86).
    pub fn from_number(number: u32) -> Option<Element> {
        (1..=ELEMENTS.len() as u32).contains(&number).then_some(Element(number as u8))
    }

    /// The element with this symbol; case matters only in that `Co` is cobalt and `CO` is nothing.
    pub fn from_symbol(symbol: &str) -> Option<Element> {
        ELEMENTS.iter().position(|(s, _, _)| *s == symbol).map(|i| Element(i as u8 + 1))
    }

    /// Atomic number.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Symbol, e.g. `"Cl"`.
    pub fn symbol(self) -> &'static str {
        self.row().0
    }

    /// Standard atomic weight in g/mol.
    pub fn weight(self) -> f64 {
        self.row().1
    }

    /// Covalent radius in angstrom (Cordero et al. 2008).
    pub fn covalent_radius(self) -> f64 {
        self.row().2
    }

    fn row(self) -> &'static (&'static str, f64, f64) {
        &ELEMENTS[self.0 as usize - 1]
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_and_numbers_agree_both_ways() {
        for number in 1..=86 {
            let element = Element::from_number(number).unwrap();
            assert_eq!(Element::from_symbol(element.symbol()), Some(element));
        }
        assert_eq!(Element::from_symbol("Xx"), None);
        assert_eq!(Element::from_number(0), None);
        assert_eq!(Element::from_number(87), None);
    }
}
