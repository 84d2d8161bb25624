//! The test every representation must pass: call [`check`] in its tests, or
//! [`check_dense`] if it is a table of numbers, those in [`geometric`] if it is a
//! representation of geometries, and that in [`composition`] if it is one of
//! compositions.

pub mod composition;
pub mod geometric;

use crate::{DenseMatrix, Features};
use matter::chem::Graph;

/// SMILES of the same molecule in each row, written from different atoms.
/// Rings, stereo centres, charges, isotopes, fragments and halogens are among
/// them, since these are where atom orders get into hashes.
const SAME_MOLECULE: &[&[&str]] = &[
    &["C"],
    &["CCO", "OCC", "C(O)C"],
    &["O=C1C=CC(=O)C=C1", "C1=CC(=O)C=CC1=O", "C1(=O)C=CC(C=C1)=O"],
    &["Cc1ccccc1N", "Nc1ccccc1C", "c1ccc(C)c(N)c1", "CC1=CC=CC=C1N", "NC1=C(C)C=CC=C1"],
    &["C[C@H](N)C(=O)O", "N[C@@H](C)C(O)=O", "OC(=O)[C@H](C)N"],
    &["F/C=C/Cl", "Cl/C=C/F", "C(\\F)=C/Cl"],
    &["C[N+](C)(C)CC(=O)[O-]", "[O-]C(=O)C[N+](C)(C)C"],
    &["[13CH3]C#N", "N#C[13CH3]"],
    &["CC(=O)Oc1ccccc1C(=O)O", "OC(=O)c1ccccc1OC(C)=O", "c1ccc(C(O)=O)c(OC(=O)C)c1"],
    &["Cn1cnc2c1c(=O)n(C)c(=O)n2C", "O=c1n(C)c(=O)c2n(C)cnc2n1C"],
    &["FC(F)(F)c1cc(Br)c(I)s1", "Ic1sc(C(F)(F)F)cc1Br"],
    &["C1CC2CCC1CC2", "C12CCC(CC1)CC2"],
    &["[Na+].CS(=O)(=O)[O-]", "O=S([O-])(C)=O.[Na+]"],
];

/// A representation broke a rule of its contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{representation}: {rule} is broken by `{molecule}`: {detail}")]
pub struct Violation {
    /// Which representation.
    pub representation: String,
    /// Which rule.
    pub rule: &'static str,
    /// The molecule that shows it.
    pub molecule: String,
    /// What was seen.
    pub detail: String,
}

/// Checks `features` on a fixed set of molecules: the same numbers for every
/// way of writing a molecule, the same for a batch as for each molecule alone,
/// the same in any number of threads, and an empty batch for no molecules.
/// `select` takes the named rows out of a matrix.
///
/// # Errors
/// The first [`Violation`] found.
pub fn check<F, S>(features: &F, select: S) -> Result<(), Violation>
where
    F: Features + Sync,
    F::Matrix: PartialEq + std::fmt::Debug + Send,
    S: Fn(&F::Matrix, &[usize]) -> F::Matrix,
{
    let broken = |rule, smiles: &str, detail: String| Violation {
        representation: features.id().to_string(),
        rule,
        molecule: smiles.to_owned(),
        detail,
    };
    let texts: Vec<&str> = SAME_MOLECULE.iter().flat_map(|same| same.iter().copied()).collect();
    let mut molecules = Vec::with_capacity(texts.len());
    for text in &texts {
        molecules
            .push(Graph::from_smiles(text).map_err(|e| broken("reading the molecule", text, e.to_string()))?);
    }
    let compute = |batch: &[Graph]| {
        features.compute(batch).map_err(|e| broken("having features", "the batch", e.to_string()))
    };

    let batch = compute(&molecules)?;
    let mut first = 0;
    for same in SAME_MOLECULE {
        for (other, text) in same.iter().enumerate() {
            let (a, b) = (select(&batch, &[first]), select(&batch, &[first + other]));
            if a != b {
                return Err(broken("invariance under atom order", text, format!("{a:?} is not {b:?}")));
            }
        }
        first += same.len();
    }
    for (index, (text, molecule)) in texts.iter().zip(&molecules).enumerate() {
        let (single, row) = (compute(std::slice::from_ref(molecule))?, select(&batch, &[index]));
        if single != row {
            return Err(broken("batch equals single", text, format!("{row:?} is not {single:?}")));
        }
    }
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|e| broken("running in threads", "the batch", e.to_string()))?;
        if pool.install(|| compute(&molecules))? != batch {
            return Err(broken("independence of threads", "the batch", format!("{threads} threads differ")));
        }
    }
    if compute(&[])? != select(&batch, &[]) {
        return Err(broken("an empty batch has no rows", "no molecules", "rows were made".to_owned()));
    }
    Ok(())
}

/// Checks a table of numbers as [`check`] does, and that it has `columns`
/// columns of finite numbers.
///
/// # Errors
/// The first [`Violation`] found.
pub fn check_dense<F>(features: &F, columns: usize) -> Result<(), Violation>
where
    F: Features<Matrix = DenseMatrix> + Sync,
{
    check(features, DenseMatrix::select)?;
    for text in SAME_MOLECULE.iter().flat_map(|same| same.iter()) {
        let broken = |rule, detail| {
            let representation = features.id().to_string();
            Violation { representation, rule, molecule: (*text).to_owned(), detail }
        };
        let molecule = Graph::from_smiles(text).map_err(|e| broken("reading the molecule", e.to_string()))?;
        let matrix = features.compute(&[molecule]);
        let matrix = matrix.map_err(|e| broken("having features", e.to_string()))?;
        if matrix.columns() != columns {
            return Err(broken("as many columns as names", format!("{}, not {columns}", matrix.columns())));
        }
        if let Some(value) = matrix.values().iter().find(|value| !value.is_finite()) {
            return Err(broken("finite numbers", value.to_string()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CountMatrix, FeatureError, FeatureId, SparseCounts};

    /// Numbers that depend on the position in the batch.
    struct Positional;

    impl Features for Positional {
        type Matrix = CountMatrix;

        fn id(&self) -> FeatureId {
            FeatureId::new("positional")
        }

        fn compute(&self, molecules: &[Graph]) -> Result<CountMatrix, FeatureError> {
            let rows: Result<Vec<_>, _> =
                (0..molecules.len()).map(|i| SparseCounts::from_pairs([(i as u32, 1)])).collect();
            Ok(rows?.iter().collect())
        }
    }

    #[test]
    fn the_kit_finds_a_representation_that_depends_on_position() {
        let violation = check(&Positional, CountMatrix::select).unwrap_err();
        assert_eq!(violation.rule, "invariance under atom order");
    }
}
