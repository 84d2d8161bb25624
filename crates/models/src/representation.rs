//! Which numbers describe a structure, with all that must be kept to describe
//! others in the same way.

use crate::table::FOLDED;
use crate::{AnyTable, ModelError, Structure, StructureKind};
use features::{
    AtomPairs, AveragedSoap, Composition, CompositionFeatures, CoulombEigenvalues, CoulombMatrix,
    Descriptors, EigenvalueOrder, Fchl19, FeatureError, FeatureId, Features as _, GlobalFeatures,
    LocalFeatures, Magpie, ManyBodyTypes, MorganCounts, Packing, Radius, Slatm, Soap, SoapAverage,
    SoapSettings,
};
use learn::{DenseRows, LocalRows, TreeRows};
use matter::{Element, Geometry, Graph};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A representation with what it was fitted to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "features", rename_all = "snake_case")]
pub enum Representation {
    /// Counts of Morgan environments.
    Morgan {
        /// Bonds from the centre: 2 or 3.
        radius: u32,
    },
    /// Counts of atom pairs with functional groups and Morgan environments.
    AtomPairs,
    /// Two-dimensional descriptors with folded counts of Morgan environments beside
    /// them, for trees.
    MorganDescriptors {
        /// Bonds from the centre: 2 or 3.
        radius: u32,
    },
    /// Row-norm sorted Coulomb matrix of molecules of up to `atoms` atoms.
    CoulombMatrix {
        /// The largest molecule.
        atoms: usize,
    },
    /// Eigenvalues of the Coulomb matrix of molecules of up to `atoms` atoms.
    CoulombEigenvalues {
        /// The largest molecule.
        atoms: usize,
    },
    /// SOAP power spectra, averaged over the atoms.
    Soap {
        /// The elements there are columns for.
        elements: Vec<String>,
    },
    /// Global SLATM.
    Slatm {
        /// The most atoms of each element in one structure, counted up to 3.
        most: BTreeMap<String, usize>,
        /// Of many elements the sets that are met in one structure: terms of others have no columns.
        #[serde(default)]
        sets: Option<Vec<Vec<String>>>,
    },
    /// Statistics of the properties of a formula's elements, each column less its
    /// mean over its standard deviation in the training data.
    Magpie {
        /// Means.
        mean: Vec<f64>,
        /// Standard deviations; 1 where there is no spread.
        sd: Vec<f64>,
    },
    /// FCHL19, one row for each atom.
    Fchl19 {
        /// The elements there are columns for.
        elements: Vec<String>,
    },
}

/// From this many elements on, terms that no structure has are left out of SLATM: their number grows with the cube.
const MANY: usize = 7;

/// The sets of elements of some geometries, but for those that are part of others.
fn largest_sets(geometries: &[Geometry]) -> Vec<Vec<String>> {
    let set = |g: &Geometry| -> BTreeSet<Element> { g.elements().iter().copied().collect() };
    let all: BTreeSet<BTreeSet<Element>> = geometries.iter().map(set).collect();
    let largest = all.iter().filter(|one| !all.iter().any(|other| other != *one && one.is_subset(other)));
    largest.map(|set| set.iter().map(|e| e.symbol().to_owned()).collect()).collect()
}
/// Width of the Gaussians of SOAP, angstrom. With dscribe's 1 the LUMO energies of
/// every 14th molecule of QM9 with geometry (1,474, held out by parts) are predicted
/// to 0.0131 Ha, with 0.5 to 0.0111, with 0.3 to 0.0105.
const SIGMA: f64 = 0.3;

/// A representation ready to compute.
enum Ready<'a> {
    Graphs(MorganCounts),
    Pairs(AtomPairs),
    Global(Box<dyn GlobalFeatures>),
    Local(Box<dyn LocalFeatures>),
    Beside(MorganCounts),
    Scaled(Magpie, &'a [f64], &'a [f64]),
}

impl Representation {
    /// Which structures it describes.
    pub fn describes(&self) -> StructureKind {
        match self {
            Representation::Morgan { .. }
            | Representation::AtomPairs
            | Representation::MorganDescriptors { .. } => StructureKind::Graph,
            Representation::Magpie { .. } => StructureKind::Formula,
            _ => StructureKind::Geometry,
        }
    }

    /// Morgan counts.
    pub fn morgan() -> Self {
        Representation::Morgan { radius: Radius::Two.bonds() }
    }

    /// Descriptors and Morgan counts.
    pub fn morgan_descriptors() -> Self {
        Representation::MorganDescriptors { radius: Radius::Two.bonds() }
    }

    /// A Coulomb matrix that all these geometries fit into.
    pub fn coulomb_matrix(geometries: &[Geometry]) -> Self {
        Representation::CoulombMatrix { atoms: geometries.iter().map(Geometry::len).max().unwrap_or(1) }
    }

    /// Eigenvalues of Coulomb matrices that all these geometries fit into.
    pub fn coulomb_eigenvalues(geometries: &[Geometry]) -> Self {
        Representation::CoulombEigenvalues { atoms: geometries.iter().map(Geometry::len).max().unwrap_or(1) }
    }

    /// SOAP for the elements of these geometries.
    pub fn soap(geometries: &[Geometry]) -> Self {
        Representation::Soap { elements: elements(geometries) }
    }

    /// SLATM for these geometries.
    ///
    /// # Errors
    /// [`ModelError::Features`] if there are none.
    pub fn slatm(geometries: &[Geometry]) -> Result<Self, ModelError> {
        let mut most: BTreeMap<String, usize> = BTreeMap::new();
        for geometry in geometries {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            geometry.elements().iter().for_each(|e| *counts.entry(e.symbol()).or_default() += 1);
            for (symbol, count) in counts {
                let seen = most.entry(symbol.to_owned()).or_default();
                *seen = (*seen).max(count.min(3));
            }
        }
        let sets = (most.len() >= MANY).then(|| largest_sets(geometries));
        let representation = Representation::Slatm { most, sets };
        representation.ready().map(drop)?;
        Ok(representation)
    }

    /// FCHL19 for the elements of these geometries.
    pub fn fchl19(geometries: &[Geometry]) -> Self {
        Representation::Fchl19 { elements: elements(geometries) }
    }

    /// Magpie, scaled by these formulas.
    ///
    /// # Errors
    /// [`ModelError::Features`] for one that has no features.
    pub fn magpie(formulas: &[Composition]) -> Result<Self, ModelError> {
        let matrix = Magpie::default().compute(formulas)?;
        let (rows, columns) = (matrix.rows().max(1) as f64, matrix.columns());
        let column = |c: usize| (0..matrix.rows()).map(move |r| r * columns + c);
        let mean: Vec<f64> =
            (0..columns).map(|c| column(c).map(|i| matrix.values()[i]).sum::<f64>() / rows).collect();
        let spread = |c: usize| {
            let squares: f64 = column(c).map(|i| (matrix.values()[i] - mean[c]).powi(2)).sum();
            let sd = (squares / rows).sqrt();
            // What rounding leaves of a constant is no spread.
            if sd > 1e-9 * mean[c].abs().max(1e-9) { sd } else { 1.0 }
        };
        let sd = (0..columns).map(spread).collect();
        Ok(Representation::Magpie { mean, sd })
    }

    /// The name of the features with all their settings.
    ///
    /// # Errors
    /// As [`Representation::describe`], for settings read from a file.
    pub fn id(&self) -> Result<FeatureId, ModelError> {
        Ok(match self.ready()? {
            Ready::Graphs(morgan) => morgan.id(),
            Ready::Pairs(pairs) => pairs.id(),
            Ready::Global(features) => features.id(),
            Ready::Local(features) => features.id(),
            Ready::Beside(morgan) => {
                FeatureId::new(format!("{}+{}:folded{FOLDED}", Descriptors.id(), morgan.id()))
            }
            Ready::Scaled(features, ..) => FeatureId::new(format!("{}:scaled", features.id())),
        })
    }

    /// Numbers that it takes to describe so many atoms and structures; nothing where it depends on them.
    pub(crate) fn numbers(&self, structures: usize, atoms: usize) -> Result<usize, ModelError> {
        Ok(match self.ready()? {
            Ready::Global(features) => features.columns() * structures,
            Ready::Local(features) => features.columns() * atoms,
            _ => 0,
        })
    }

    /// The names of the columns that have one, which come first, and the number of
    /// all columns for trees; nothing if none has a name.
    pub(crate) fn names(&self) -> Option<(Vec<String>, usize)> {
        match self {
            Representation::Magpie { .. } => {
                let features = Magpie::default();
                Some((features.names(), features.columns()))
            }
            Representation::MorganDescriptors { .. } => {
                let names = Descriptors.names().iter().map(|name| (*name).to_owned()).collect();
                Some((names, Descriptors.columns() + FOLDED))
            }
            _ => None,
        }
    }

    /// The features of all structures.
    ///
    /// # Errors
    /// [`ModelError::WrongStructures`] for structures of another kind,
    /// [`ModelError::Features`] for the first that has no features.
    pub fn describe(&self, structures: &[Structure]) -> Result<AnyTable, ModelError> {
        match self.ready()? {
            Ready::Pairs(pairs) => Ok(AnyTable::Counts(pairs.compute(&self.graphs(structures)?)?)),
            Ready::Graphs(morgan) => {
                let graphs = self.graphs(structures)?;
                Ok(AnyTable::Counts(morgan.compute(&graphs)?))
            }
            Ready::Global(features) => {
                let matrix = features.compute(&self.geometries(structures)?)?;
                let columns = matrix.columns();
                Ok(AnyTable::Dense(DenseRows::new(matrix.values().to_vec(), columns)?))
            }
            Ready::Local(features) => {
                let rows = features.compute(&self.geometries(structures)?)?;
                let mut table = LocalRows::new(features.columns())?;
                for molecule in 0..rows.molecules() {
                    let elements: Vec<u8> =
                        rows.elements()[rows.atoms(molecule)].iter().map(|e| e.number()).collect();
                    table.push(&elements, rows.molecule(molecule))?;
                }
                Ok(AnyTable::Local(table))
            }
            Ready::Beside(morgan) => {
                let graphs = self.graphs(structures)?;
                let dense = Descriptors.compute(&graphs)?;
                let dense = TreeRows::new(dense.values(), dense.columns())?;
                let counts = morgan.compute(&graphs)?;
                Ok(AnyTable::Trees(TreeRows::beside(&dense, &counts, FOLDED)?))
            }
            Ready::Scaled(features, mean, sd) => {
                let matrix = features.compute(&self.formulas(structures)?)?;
                let columns = matrix.columns();
                let scaled = matrix.values().iter().enumerate();
                let scaled = scaled.map(|(i, v)| (v - mean[i % columns]) / sd[i % columns]).collect();
                Ok(AnyTable::Dense(DenseRows::new(scaled, columns)?))
            }
        }
    }

    fn graphs(&self, structures: &[Structure]) -> Result<Vec<Graph>, ModelError> {
        let graph = |structure: &Structure| match structure {
            Structure::Graph(graph) => Ok(Graph::clone(graph)),
            other => Err(self.refuse(other)),
        };
        structures.iter().map(graph).collect()
    }

    fn geometries(&self, structures: &[Structure]) -> Result<Vec<Geometry>, ModelError> {
        let geometry = |structure: &Structure| match structure {
            Structure::Geometry(geometry) => Ok(geometry.clone()),
            other => Err(self.refuse(other)),
        };
        structures.iter().map(geometry).collect()
    }

    fn formulas(&self, structures: &[Structure]) -> Result<Vec<Composition>, ModelError> {
        let formula = |structure: &Structure| match structure {
            Structure::Formula(formula) => Ok(formula.clone()),
            other => Err(self.refuse(other)),
        };
        structures.iter().map(formula).collect()
    }

    fn refuse(&self, found: &Structure) -> ModelError {
        ModelError::WrongStructures { expected: self.describes(), found: found.kind() }
    }

    fn ready(&self) -> Result<Ready<'_>, ModelError> {
        Ok(match self {
            Representation::AtomPairs => Ready::Pairs(AtomPairs::with_environments()?),
            Representation::Morgan { radius } => Ready::Graphs(MorganCounts::new(bonds(*radius)?)),
            Representation::MorganDescriptors { radius } => Ready::Beside(MorganCounts::new(bonds(*radius)?)),
            Representation::CoulombMatrix { atoms } => {
                Ready::Global(Box::new(CoulombMatrix::new(*atoms, Packing::Triangle)?))
            }
            Representation::CoulombEigenvalues { atoms } => {
                Ready::Global(Box::new(CoulombEigenvalues::new(*atoms, EigenvalueOrder::Value)?))
            }
            Representation::Soap { elements } => {
                let elements = elements.iter().map(|s| element(s)).collect::<Result<Vec<_>, _>>()?;
                let soap = Soap::with(&elements, SoapSettings { sigma: SIGMA, ..SoapSettings::default() })?;
                Ready::Global(Box::new(AveragedSoap::new(soap, SoapAverage::Outer)))
            }
            Representation::Slatm { most, sets } => {
                let counts = most.iter().map(|(symbol, count)| Ok((element(symbol)?, *count)));
                let mut types = ManyBodyTypes::from_counts(counts.collect::<Result<_, ModelError>>()?)?;
                if let Some(sets) = sets {
                    let set = |symbols: &Vec<String>| symbols.iter().map(|s| element(s)).collect();
                    types = types.met_in(&sets.iter().map(set).collect::<Result<Vec<_>, ModelError>>()?);
                }
                Ready::Global(Box::new(Slatm::new(types)?))
            }
            Representation::Magpie { mean, sd } => {
                let features = Magpie::default();
                let good = |v: &f64| v.is_finite() && *v > 0.0;
                if [mean.len(), sd.len()] != [features.columns(); 2] || !sd.iter().all(good) {
                    return Err(setting("scaling", "a mean and a standard deviation for each column"));
                }
                Ready::Scaled(features, mean, sd)
            }
            Representation::Fchl19 { elements } => {
                let elements = elements.iter().map(|s| element(s)).collect::<Result<Vec<_>, _>>()?;
                Ready::Local(Box::new(Fchl19::new(&elements)?))
            }
        })
    }
}

/// The symbols of all elements there are, by atomic number.
fn elements(geometries: &[Geometry]) -> Vec<String> {
    let elements: std::collections::BTreeSet<Element> =
        geometries.iter().flat_map(|g| g.elements()).copied().collect();
    elements.iter().map(|e| e.symbol().to_owned()).collect()
}

fn bonds(radius: u32) -> Result<Radius, ModelError> {
    let known = [Radius::Two, Radius::Three].into_iter().find(|r| r.bonds() == radius);
    known.ok_or(setting("radius", "2 or 3"))
}

fn element(symbol: &str) -> Result<Element, ModelError> {
    Element::from_symbol(symbol).ok_or(setting("element", "the symbol of an element from H to Rn"))
}

fn setting(name: &'static str, expected: &'static str) -> ModelError {
    FeatureError::Setting { name, value: "something else".to_owned(), expected }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use learn::Table;

    fn water() -> Geometry {
        let o = Element::O;
        Geometry::new(vec![o, Element::H, Element::H], vec![[0.0; 3], [0.96, 0.0, 0.0], [-0.24, 0.93, 0.0]])
            .unwrap()
    }

    #[test]
    fn settings_survive_a_file_and_describe_the_same() {
        let geometries = [water()];
        let structures = [Structure::Geometry(water())];
        let all = [
            Representation::coulomb_matrix(&geometries),
            Representation::coulomb_eigenvalues(&geometries),
            Representation::slatm(&geometries).unwrap(),
            Representation::soap(&geometries),
            Representation::fchl19(&geometries),
        ];
        for one in all {
            let text = serde_json::to_string(&one).unwrap();
            let read: Representation = serde_json::from_str(&text).unwrap();
            assert_eq!(one, read);
            assert_eq!(one.id().unwrap(), read.id().unwrap());
            assert_eq!(one.describe(&structures).unwrap().len(), 1);
        }
    }

    #[test]
    fn terms_that_no_structure_has_are_left_out_of_slatm_for_many_elements() {
        let pair =
            |a: Element, b: Element| Geometry::new(vec![a, b], vec![[0.0; 3], [1.1, 0.0, 0.0]]).unwrap();
        let symbols = ["H", "C", "N", "O", "F", "S", "Cl", "Br"];
        let elements = symbols.map(|s| Element::from_symbol(s).unwrap());
        let few: Vec<Geometry> = elements[1..].iter().map(|&e| pair(elements[0], e)).collect();
        let short = Representation::slatm(&few).unwrap();
        let Representation::Slatm { most, sets: Some(sets) } = &short else { panic!("{short:?}") };
        assert_eq!((most.len(), sets.len()), (8, 7));
        let whole = Representation::Slatm { most: most.clone(), sets: None };
        assert!(short.numbers(1, 1).unwrap() < whole.numbers(1, 1).unwrap() / 3);
        assert_ne!(short.id().unwrap(), whole.id().unwrap());
        let text = serde_json::to_string(&short).unwrap();
        assert_eq!(serde_json::from_str::<Representation>(&text).unwrap(), short);
        // Distances between the structures are the same.
        let mut all: Vec<Structure> = few.into_iter().map(Structure::Geometry).collect();
        let squares = |r: &Representation, all: &[Structure]| -> Vec<f64> {
            let AnyTable::Dense(rows) = r.describe(all).unwrap() else { panic!("not dense") };
            let row = |i: usize| &rows.values()[i * rows.columns()..(i + 1) * rows.columns()];
            let square = |i| row(0).iter().zip(row(i)).map(|(a, b)| (a - b).powi(2)).sum();
            (0..rows.len()).map(square).collect()
        };
        for (a, b) in squares(&short, &all).iter().zip(squares(&whole, &all)) {
            assert!((a - b).abs() <= 1e-12 * b, "{a} {b}");
        }
        // A pair that none of them has is described without it.
        all.push(Structure::Geometry(pair(elements[3], elements[7])));
        assert_eq!(squares(&short, &all).len(), 8);
    }

    #[test]
    fn the_wrong_kind_of_structure_is_refused() {
        let benzene = Structure::Graph(Box::new(Graph::from_smiles("c1ccccc1").unwrap()));
        let error = Representation::fchl19(&[water()]).describe(&[benzene]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("geometries") && text.contains("SMILES"), "{text}");
        let bad = Representation::Morgan { radius: 9 };
        assert!(bad.id().is_err());
        let bad = Representation::Fchl19 { elements: vec!["Xx".into()] };
        assert!(bad.describe(&[]).is_err());
    }
}
