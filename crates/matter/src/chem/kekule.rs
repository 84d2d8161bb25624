//! Kekulé forms.

use super::graph::{BondKind, BondView, Graph, GraphError};
use chematic::core::{BondOrder, kekulize};
use std::collections::HashMap;

impl Graph {
    /// [`Graph::bonds`] with alternating single and double bonds in place of aromatic ones: one Kekulé form,
    /// always the same for the same molecule.
    ///
    /// # Errors
    /// [`GraphError::Chemistry`] if there is no Kekulé form.
    pub fn kekule_bonds(&self) -> Result<Vec<BondView>, GraphError> {
        let inner = self.inner();
        let assignment = kekulize(inner).map_err(|e| GraphError::Chemistry {
            smiles: self.canonical_smiles().to_owned(),
            reason: e.to_string(),
        })?;
        let doubles: HashMap<(usize, usize), bool> = inner
            .bonds()
            .filter_map(|(index, bond)| {
                let (a, b) = (bond.atom1.0 as usize, bond.atom2.0 as usize);
                let order = assignment.get(&index)?;
                Some(((a.min(b), a.max(b)), *order == BondOrder::Double))
            })
            .collect();
        let mut bonds = self.bonds()?;
        for bond in bonds.iter_mut().filter(|b| b.kind == BondKind::Aromatic) {
            let key = (bond.begin.min(bond.end), bond.begin.max(bond.end));
            bond.kind = match doubles.get(&key) {
                Some(true) => BondKind::Double,
                Some(false) => BondKind::Single,
                None => {
                    return Err(GraphError::Chemistry {
                        smiles: self.canonical_smiles().to_owned(),
                        reason: format!("the aromatic bond {}-{} has no Kekulé order", bond.begin, bond.end),
                    });
                }
            };
        }
        Ok(bonds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_carbon_keeps_four_bonds() {
        for smiles in
            ["c1ccccc1", "O=C1c2ccccc2C(=O)c2ccccc12", "c1ccc2[nH]ccc2c1", "c1ccc2ccccc2c1", "Cn1ccnc1"]
        {
            let graph = Graph::from_smiles(smiles).unwrap();
            let atoms = graph.atoms().unwrap();
            let mut valence: Vec<u32> = atoms.iter().map(|a| a.hydrogens).collect();
            for bond in graph.kekule_bonds().unwrap() {
                let order = match bond.kind {
                    BondKind::Single => 1,
                    BondKind::Double => 2,
                    other => panic!("{smiles}: {other:?}"),
                };
                valence[bond.begin] += order;
                valence[bond.end] += order;
            }
            for (atom, valence) in atoms.iter().zip(valence) {
                let expected = if atom.element == crate::element::Element::C { 4 } else { valence };
                assert_eq!(valence, expected, "{smiles}");
            }
            assert_eq!(graph.bonds().unwrap().len(), graph.kekule_bonds().unwrap().len());
        }
    }
}
