//! Molecular formulas.

use crate::element::Element;
use std::collections::BTreeMap;
use std::fmt;

/// How many atoms of each element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formula(BTreeMap<Element, u32>);

impl Formula {
    /// Counts `n` more atoms of `element`.
    pub fn add(&mut self, element: Element, n: u32) {
        if n > 0 {
            *self.0.entry(element).or_insert(0) += n;
        }
    }

    /// Elements with their counts, by atomic number.
    pub fn iter(&self) -> impl Iterator<Item = (Element, u32)> + '_ {
        self.0.iter().map(|(e, n)| (*e, *n))
    }

    /// Atoms in all.
    pub fn atoms(&self) -> u32 {
        self.0.values().sum()
    }

    /// Electrons of the neutral molecule.
    pub fn electrons(&self) -> u32 {
        self.iter().map(|(e, n)| u32::from(e.number()) * n).sum()
    }

    /// Molecular weight in g/mol.
    pub fn weight(&self) -> f64 {
        self.iter().map(|(e, n)| e.weight() * f64::from(n)).sum()
    }
}

impl<'a> FromIterator<&'a Element> for Formula {
    fn from_iter<I: IntoIterator<Item = &'a Element>>(elements: I) -> Formula {
        let mut formula = Formula::default();
        for element in elements {
            formula.add(*element, 1);
        }
        formula
    }
}

impl fmt::Display for Formula {
    /// Hill order: carbon, hydrogen, then the alphabet.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<(&str, u32)> = self.iter().map(|(e, n)| (e.symbol(), n)).collect();
        let organic = self.0.contains_key(&Element::C);
        parts.sort_by_key(|(symbol, _)| match (organic, *symbol) {
            (true, "C") => (0, ""),
            (true, "H") => (1, ""),
            (_, other) => (2, other),
        });
        for (symbol, n) in parts {
            if n == 1 {
                write!(f, "{symbol}")?;
            } else {
                write!(f, "{symbol}{n}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hill_order_and_weight() {
        let mut formula = Formula::default();
        for (symbol, n) in [("O", 2), ("H", 4), ("C", 6), ("Cl", 1)] {
            formula.add(Element::from_symbol(symbol).unwrap(), n);
        }
        assert_eq!(formula.to_string(), "C6H4ClO2");
        assert!((formula.weight() - 143.55).abs() < 0.01);
        let salt: Formula =
            [Element::from_symbol("Na").unwrap(), Element::from_symbol("Cl").unwrap()].iter().collect();
        assert_eq!(salt.to_string(), "ClNa");
    }
}
