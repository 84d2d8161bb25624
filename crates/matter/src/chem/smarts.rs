//! Substructure queries.

use super::graph::Graph;
use chematic::smarts::{MatchConfig, QueryMolecule, has_match_perceived, parse_smarts};

/// A SMARTS pattern.
#[derive(Clone)]
pub struct Smarts {
    text: String,
    query: QueryMolecule,
}

/// A pattern that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{smarts}` is not a valid SMARTS pattern: {reason}")]
pub struct SmartsError {
    /// The offending text.
    pub smarts: String,
    /// What the parser says.
    pub reason: String,
}

impl Smarts {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Smarts, SmartsError> {
        let error = |reason: String| SmartsError { smarts: text.into(), reason };
        if text.trim().is_empty() {
            return Err(error("it is empty".into()));
        }
        let query = parse_smarts(text).map_err(|e| error(e.to_string()))?;
        Ok(Smarts { text: text.into(), query })
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the molecule contains the pattern (aromaticity as RDKit perceives it).
    pub fn matches(&self, graph: &Graph) -> bool {
        has_match_perceived(&self.query, graph.inner(), &MatchConfig::default())
    }
}

impl std::fmt::Debug for Smarts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smarts({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_rdkit() {
        let nitro = Smarts::parse("[N+](=O)[O-]").unwrap();
        assert!(nitro.matches(&Graph::from_smiles("O=[N+]([O-])c1ccccc1").unwrap()));
        assert!(!nitro.matches(&Graph::from_smiles("Nc1ccccc1").unwrap()));
        let aromatic = Smarts::parse("c1ccccc1").unwrap();
        assert!(aromatic.matches(&Graph::from_smiles("C1=CC=CC=C1O").unwrap()));
    }

    #[test]
    fn a_bad_pattern_is_named() {
        assert!(Smarts::parse("[C").unwrap_err().to_string().contains("`[C`"));
        assert!(Smarts::parse("  ").is_err());
    }
}
