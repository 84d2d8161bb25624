//! Two-dimensional coordinates for drawings.

use super::graph::{Graph, GraphError};
use chematic::smiles::rdkit_2d_coords;

impl Graph {
    /// Coordinates of [`Graph::atoms`] in the plane, bond length about 1.5, y upwards (RDKit's depiction).
    pub fn layout(&self) -> Result<Vec<[f64; 2]>, GraphError> {
        rdkit_2d_coords(self.inner()).map_err(|e| GraphError::Unsupported {
            smiles: self.canonical_smiles().to_owned(),
            reason: e.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_atom_gets_a_place_of_its_own() {
        let graph = Graph::from_smiles("O=C1c2ccccc2C(=O)c2c(O)cccc21").unwrap();
        let places = graph.layout().unwrap();
        assert_eq!(places.len(), graph.atoms().unwrap().len());
        for j in 1..places.len() {
            for i in 0..j {
                let d = (places[i][0] - places[j][0]).hypot(places[i][1] - places[j][1]);
                assert!(d > 0.5, "atoms {i} and {j} are {d} apart");
            }
        }
    }
}
