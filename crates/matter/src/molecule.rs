//! A molecule: a graph, a geometry, or both.

use crate::chem::{EmbedError, EmbedOptions, Graph, GraphError};
use crate::formula::Formula;
use crate::geometry::Geometry;
use crate::identity::StructureId;

/// A molecule with its charge and number of unpaired electrons.
///
/// At least one of graph and geometry is there. Where both are, the atoms of the geometry are those of
/// [`Graph::embed`], in its order, unless the geometry came from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Molecule {
    graph: Option<Graph>,
    geometry: Option<Geometry>,
    charge: i32,
    unpaired: u32,
}

/// Why charge and spin do not fit a molecule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoleculeError {
    /// Electron count and unpaired electrons contradict each other.
    #[error(
        "{formula} with charge {charge} has {electrons} electrons, which cannot leave {unpaired} unpaired: \
         expected {expected}"
    )]
    Spin {
        /// Molecular formula.
        formula: String,
        /// Total charge given.
        charge: i32,
        /// Unpaired electrons given.
        unpaired: u32,
        /// Electrons that follow.
        electrons: i64,
        /// What would be possible.
        expected: &'static str,
    },
    /// The graph cannot be analysed.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

impl Molecule {
    /// A molecule known by its graph; charge from the formal charges, unpaired electrons the fewest possible.
    pub fn from_graph(graph: Graph) -> Result<Molecule, MoleculeError> {
        let charge = graph.charge();
        let unpaired = (i64::from(graph.formula()?.electrons()) - i64::from(charge)).rem_euclid(2) as u32;
        Molecule { graph: Some(graph), geometry: None, charge, unpaired }.checked()
    }

    /// A molecule known by its SMILES.
    pub fn from_smiles(text: &str) -> Result<Molecule, MoleculeError> {
        Molecule::from_graph(Graph::from_smiles(text)?)
    }

    /// A molecule known by its geometry, with total charge and number of unpaired electrons.
    pub fn from_geometry(geometry: Geometry, charge: i32, unpaired: u32) -> Result<Molecule, MoleculeError> {
        Molecule { graph: None, geometry: Some(geometry), charge, unpaired }.checked()
    }

    fn checked(self) -> Result<Molecule, MoleculeError> {
        let formula = self.formula()?;
        let electrons = i64::from(formula.electrons()) - i64::from(self.charge);
        let unpaired = i64::from(self.unpaired);
        let expected = if electrons < 0 {
            "a charge no larger than the number of electrons"
        } else if electrons < unpaired {
            "no more unpaired electrons than electrons"
        } else if (electrons - unpaired) % 2 != 0 {
            if electrons % 2 == 0 { "an even number" } else { "an odd number" }
        } else {
            return Ok(self);
        };
        Err(MoleculeError::Spin {
            formula: formula.to_string(),
            charge: self.charge,
            unpaired: self.unpaired,
            electrons,
            expected,
        })
    }

    /// The graph, if known.
    pub fn graph(&self) -> Option<&Graph> {
        self.graph.as_ref()
    }

    /// The geometry, if known.
    pub fn geometry(&self) -> Option<&Geometry> {
        self.geometry.as_ref()
    }

    /// Total charge in units of e.
    pub fn charge(&self) -> i32 {
        self.charge
    }

    /// Number of unpaired electrons.
    pub fn unpaired(&self) -> u32 {
        self.unpaired
    }

    /// Molecular formula.
    pub fn formula(&self) -> Result<Formula, GraphError> {
        match (&self.geometry, &self.graph) {
            (Some(geometry), _) => Ok(geometry.elements().iter().collect()),
            (None, Some(graph)) => graph.formula(),
            (None, None) => Ok(Formula::default()),
        }
    }

    /// The same molecule with this geometry.
    pub fn with_geometry(self, geometry: Geometry) -> Molecule {
        Molecule { geometry: Some(geometry), ..self }
    }

    /// The same molecule with this graph; charge and spin stay.
    pub fn with_graph(self, graph: Graph) -> Molecule {
        Molecule { graph: Some(graph), ..self }
    }

    /// The same molecule with other charge and number of unpaired electrons.
    pub fn with_state(self, charge: i32, unpaired: u32) -> Result<Molecule, MoleculeError> {
        Molecule { charge, unpaired, ..self }.checked()
    }

    /// The geometry there is, or one made from the graph.
    pub fn geometry_or_embed(&self, options: &EmbedOptions) -> Result<Geometry, EmbedError> {
        match (&self.geometry, &self.graph) {
            (Some(geometry), _) => Ok(geometry.clone()),
            (None, Some(graph)) => graph.embed(options).map(|e| e.geometry),
            (None, None) => Err(EmbedError::NoConformer {
                smiles: String::new(),
                attempts: 0,
                reason: "the molecule has neither graph nor geometry".into(),
            }),
        }
    }

    /// Content hash: the molecule's identity.
    pub fn id(&self) -> StructureId {
        StructureId::of(self)
    }

    /// Canonical SMILES if there is a graph, else the formula: what people call it.
    pub fn label(&self) -> String {
        match &self.graph {
            Some(graph) => graph.canonical_smiles().to_owned(),
            None => self.formula().map(|f| f.to_string()).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Element;

    #[test]
    fn impossible_spin_states_are_refused() {
        let h2 = Geometry::new(vec![Element::H; 2], vec![[0.0; 3], [0.0, 0.0, 0.74]]).unwrap();
        let error = Molecule::from_geometry(h2.clone(), 0, 1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "H2 with charge 0 has 2 electrons, which cannot leave 1 unpaired: expected an even number"
        );
        assert!(Molecule::from_geometry(h2.clone(), 3, 0).is_err());
        assert!(Molecule::from_geometry(h2.clone(), 1, 1).is_ok());
        assert!(Molecule::from_geometry(h2, 0, 2).is_ok());
    }

    #[test]
    fn radicals_from_smiles_have_an_unpaired_electron() {
        assert_eq!(Molecule::from_smiles("[CH3]").unwrap().unpaired(), 1);
        assert_eq!(Molecule::from_smiles("[NH4+]").unwrap().charge(), 1);
    }
}
