//! The test every representation of compositions must pass.

use super::Violation;
use crate::{Composition, CompositionFeatures};

/// Formulas of the same composition in each row.
const SAME_COMPOSITION: &[&[&str]] = &[
    &["Fe", "Fe2", "Fe0.5"],
    &["Fe2O3", "O3Fe2", "Fe4O6", "(FeO1.5)2", "FeOFeO2"],
    &["Al2(SO4)3·2H2O", "H4Al2S3O14", "Al2S3O12·H2O·H2O"],
    &["Fe0.5Ni0.5", "NiFe", "Ni4Fe4"],
    &["(Zr0.5Ti0.5)O2", "ZrTiO4", "O2Ti0.5Zr0.5"],
    &["U3O8", "O8U3", "U6O16"],
    &["Cs0.25Na0.25Cl0.25Br0.25", "BrClNaCs"],
    &["Xe"],
];

/// Largest change of a number when the same composition is written otherwise,
/// as a fraction of it: amounts may round differently.
const ROUNDING: f64 = 1e-12;

/// Checks `features` on a fixed set of compositions: the same numbers for every
/// way of writing a formula and for every number of formula units, as many
/// names as columns, the same for a batch as for each composition alone, bit by
/// bit the same in any number of threads, finite, and an empty batch for no
/// compositions.
///
/// # Errors
/// The first [`Violation`] found.
pub fn check<F: CompositionFeatures>(features: &F) -> Result<(), Violation> {
    let broken = |rule, formula: &str, detail: String| Violation {
        representation: features.id().to_string(),
        rule,
        molecule: formula.to_owned(),
        detail,
    };
    let columns = features.columns();
    if features.names().len() != columns {
        let detail = format!("{} names and {columns} columns", features.names().len());
        return Err(broken("a name for each column", "the batch", detail));
    }
    let texts = || SAME_COMPOSITION.iter().flat_map(|same| same.iter());
    let mut compositions = Vec::new();
    for text in texts() {
        let composition = Composition::parse(text);
        compositions.push(composition.map_err(|e| broken("reading the formula", text, e.to_string()))?);
    }
    let compute = |batch: &[Composition]| {
        let matrix = features.compute(batch);
        matrix
            .map(|matrix| matrix.values().to_vec())
            .map_err(|e| broken("having features", "the batch", e.to_string()))
    };
    let batch = compute(&compositions)?;
    let row = |index: usize| &batch[index * columns..(index + 1) * columns];
    for (index, (text, composition)) in texts().zip(&compositions).enumerate() {
        if let Some(value) = row(index).iter().find(|value| !value.is_finite()) {
            return Err(broken("finite numbers", text, value.to_string()));
        }
        if compute(std::slice::from_ref(composition))? != row(index) {
            return Err(broken("batch equals single", text, "they differ".to_owned()));
        }
    }
    let mut first = 0;
    for same in SAME_COMPOSITION {
        for (other, text) in same.iter().enumerate() {
            let mut pairs = row(first).iter().zip(row(first + other));
            if let Some((a, b)) = pairs.find(|(a, b)| (*a - *b).abs() > ROUNDING * a.abs().max(1.0)) {
                let detail = format!("{b:e} is not {a:e}");
                return Err(broken("invariance under how a formula is written", text, detail));
            }
        }
        first += same.len();
    }
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|e| broken("running in threads", "the batch", e.to_string()))?;
        let again = pool.install(|| compute(&compositions))?;
        if again.iter().map(|x| x.to_bits()).ne(batch.iter().map(|x| x.to_bits())) {
            return Err(broken("independence of threads", "the batch", format!("{threads} threads differ")));
        }
    }
    if !compute(&[])?.is_empty() {
        return Err(broken("an empty batch has no rows", "no compositions", "rows were made".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FeatureId, Unfit};

    /// The number of atoms: counts formula units.
    struct Atoms;

    impl CompositionFeatures for Atoms {
        fn id(&self) -> FeatureId {
            FeatureId::new("atoms")
        }

        fn names(&self) -> Vec<String> {
            vec!["atoms".to_owned()]
        }

        fn columns(&self) -> usize {
            1
        }

        fn fill(&self, composition: &Composition, row: &mut [f64]) -> Result<(), Unfit> {
            row[0] = composition.atoms();
            Ok(())
        }
    }

    #[test]
    fn the_kit_finds_a_representation_that_counts_formula_units() {
        assert_eq!(check(&Atoms).unwrap_err().rule, "invariance under how a formula is written");
    }
}
