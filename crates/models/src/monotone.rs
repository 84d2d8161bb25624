//! Predictions that must not fall, or not rise, with a feature.

use crate::{Kind, ModelError, Representation, Wish};
use serde::{Deserialize, Serialize};

/// A constraint on a model of trees: with all other features as they are, its
/// prediction never falls (or never rises) as this one grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monotone {
    /// Name of a column of the representation.
    pub feature: String,
    /// Whether the prediction must not fall; otherwise it must not rise.
    pub rising: bool,
}

/// Names that are listed where one is not known.
const LISTED: usize = 5;

/// The wish with what constraints decide, or what does not go with them.
pub(crate) fn wish(wish: Wish) -> Result<Wish, ModelError> {
    if wish.monotone.is_empty() {
        return Ok(wish);
    }
    let refuse = |asked: &str, why: &str| {
        Err(ModelError::NotConstrained { asked: asked.to_owned(), why: why.to_owned() })
    };
    if wish.kind == Some(Kind::Gp) {
        return refuse("the model `gp`", "only trees can keep them: leave it out");
    }
    if wish.extensive == Some(true) {
        let why =
            "energies of elements, which are learnt first, follow no constraint: give the property per atom";
        return refuse("an extensive property", why);
    }
    Ok(Wish { kind: wish.kind.or(Some(Kind::Boosted)), extensive: Some(false), ..wish })
}

/// For each column of the representation 1, -1 or 0; empty without constraints.
pub(crate) fn signs(representation: &Representation, asked: &[Monotone]) -> Result<Vec<i8>, ModelError> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let Some((names, columns)) = representation.names() else {
        return Err(ModelError::NotConstrained {
            asked: "this representation".to_owned(),
            why: "its columns have no names: take --features magpie for formulas, morgan-descriptors for SMILES"
                .to_owned(),
        });
    };
    let mut signs = vec![0; columns];
    for Monotone { feature, rising } in asked {
        let known = |name: &String| name.eq_ignore_ascii_case(feature.trim());
        let Some(column) = names.iter().position(known) else {
            return Err(ModelError::NoFeature {
                feature: feature.clone(),
                nearest: nearest(feature, &names),
            });
        };
        let sign = if *rising { 1 } else { -1 };
        if signs[column] == -sign {
            return Err(ModelError::NotConstrained {
                asked: format!("`{feature}` both increasing and decreasing"),
                why: "a prediction that may do neither does not depend on it: state one".to_owned(),
            });
        }
        signs[column] = sign;
    }
    Ok(signs)
}

/// The names most like one, those that contain it first.
fn nearest(asked: &str, names: &[String]) -> String {
    let asked = asked.trim().to_lowercase();
    let mut ranked: Vec<(bool, usize, &String)> = names
        .iter()
        .map(|name| {
            let lower = name.to_lowercase();
            (asked.is_empty() || !lower.contains(&asked), strsim::damerau_levenshtein(&lower, &asked), name)
        })
        .collect();
    ranked.sort();
    let quoted = ranked.iter().take(LISTED).map(|(.., name)| format!("`{name}`"));
    quoted.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AnyTable, DataSet, DuplicatePolicy, Labelled, Model, Options, Property, Stage};
    use crate::{Structure, Watch, train};
    use features::Composition;
    use learn::{Surrogate, TreeRows};
    use ledger::Conversion;

    struct Quiet;

    impl Watch for Quiet {
        fn stage(&mut self, _: Stage) -> bool {
            true
        }
    }

    /// A label that rises with the mean electronegativity, with much noise.
    fn data() -> DataSet {
        let mut rows = Vec::new();
        let mut state = 1_u64;
        for metal in ["Li", "Na", "K", "Mg", "Ca", "Al", "Ti", "Fe", "Cu", "Zn"] {
            for (other, pull) in [("O", 3.44), ("S", 2.58), ("F", 3.98), ("Cl", 3.16), ("N", 3.04)] {
                for (a, b) in [(1, 1), (1, 2), (2, 1), (2, 3)] {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let noise = (state >> 40) as f64 / (1_u64 << 24) as f64 - 0.5;
                    let formula = Composition::parse(&format!("{metal}{a}{other}{b}")).unwrap();
                    rows.push(Labelled {
                        place: format!("made, line {}", rows.len()),
                        structure: Structure::Formula(formula),
                        label: pull * f64::from(b) / f64::from(a + b) + 2.0 * noise,
                        low: None,
                    });
                }
            }
        }
        let property = Property { name: "value".into(), unit: "1".into(), level: None };
        DataSet { source: "made".into(), property, low: None, rows }
    }

    fn options(wish: Wish) -> Options {
        Options {
            wish,
            duplicates: DuplicatePolicy::default(),
            seed: 0,
            target: None,
            licence: None,
            conversion: Conversion::default(),
        }
    }

    fn rising(feature: &str, rising: bool) -> Vec<Monotone> {
        vec![Monotone { feature: feature.into(), rising }]
    }

    /// The largest rise and fall of predictions along a column.
    fn swing(model: &Model, data: &DataSet, column: usize) -> (f64, f64) {
        let structures: Vec<Structure> =
            data.rows.iter().step_by(7).map(|row| row.structure.clone()).collect();
        let AnyTable::Dense(table) = model.card().representation.describe(&structures).unwrap() else {
            panic!("formulas have a row each");
        };
        let (mut rise, mut fall) = (0.0_f64, 0.0_f64);
        for row in table.values().chunks(table.columns()) {
            let grid: Vec<f64> = (0..41)
                .flat_map(|step| {
                    let mut row = row.to_vec();
                    row[column] = -4.0 + 0.2 * f64::from(step);
                    row
                })
                .collect();
            let grid = AnyTable::Trees(TreeRows::new(&grid, table.columns()).unwrap());
            let seen = model.fitted.learner.predict(&grid).unwrap().mean;
            for pair in seen.windows(2) {
                rise = rise.max(pair[1] - pair[0]);
                fall = fall.max(pair[0] - pair[1]);
            }
        }
        (rise, fall)
    }

    #[test]
    fn predictions_never_fall_or_never_rise() {
        let data = data();
        let feature = "mean Electronegativity";
        let free = Wish { kind: Some(Kind::Boosted), ..Wish::default() };
        let free = train(data.clone(), &options(free), &mut Quiet).unwrap();
        let (names, _) = free.card().representation.names().unwrap();
        let column = names.iter().position(|name| name == feature).unwrap();
        let (rise, fall) = swing(&free, &data, column);
        assert!(rise > 0.0 && fall > 0.0, "{rise} {fall}");
        for kind in [None, Some(Kind::Forest)] {
            let wish = Wish { kind, monotone: rising(feature, true), ..Wish::default() };
            let model = train(data.clone(), &options(wish), &mut Quiet).unwrap();
            let (rise, fall) = swing(&model, &data, column);
            assert!(rise > 0.0 && fall <= 1e-12, "{kind:?} {rise} {fall}");
            assert_eq!(model.card().monotone, rising(feature, true));
        }
        let wish = Wish { monotone: rising("MEAN electronegativity", false), ..Wish::default() };
        let model = train(data.clone(), &options(wish), &mut Quiet).unwrap();
        assert!(swing(&model, &data, column).0 <= 1e-12);
        // The file keeps it.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        model.save(&path).unwrap();
        let read = Model::load(&path).unwrap();
        assert_eq!(read.card(), model.card());
        assert!(swing(&read, &data, column).0 <= 1e-12);
        let structures: Vec<Structure> = data.rows.iter().map(|row| row.structure.clone()).collect();
        assert_eq!(read.predict(&structures, None), model.predict(&structures, None));
    }

    #[test]
    fn classes_keep_constraints_too() {
        let mut data = data();
        data.rows.iter_mut().for_each(|row| row.label = f64::from(u8::from(row.label > 1.5)));
        let monotone = rising("mean Electronegativity", true);
        let model =
            train(data.clone(), &options(Wish { classify: true, monotone, ..Wish::default() }), &mut Quiet)
                .unwrap();
        let (names, _) = model.card().representation.names().unwrap();
        let column = names.iter().position(|name| name == "mean Electronegativity").unwrap();
        let (rise, fall) = swing(&model, &data, column);
        assert!(rise > 0.0 && fall <= 1e-12, "{rise} {fall}");
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        let refused = |wish: Wish| train(data(), &options(wish), &mut Quiet).unwrap_err().to_string();
        let monotone = || rising("mean Electronegativity", true);
        let text = refused(Wish { kind: Some(Kind::Gp), monotone: monotone(), ..Wish::default() });
        assert!(text.contains("`gp`") && text.contains("only trees"), "{text}");
        let text = refused(Wish { extensive: Some(true), monotone: monotone(), ..Wish::default() });
        assert!(text.contains("extensive"), "{text}");
        let text = refused(Wish { monotone: rising("electronegativity", true), ..Wish::default() });
        assert!(text.contains("`mean Electronegativity`") && text.contains("no feature"), "{text}");
        let text = refused(Wish { monotone: rising("maen Row", true), ..Wish::default() });
        assert!(text.contains("`mean Row`"), "{text}");
        let both = [rising("mean Row", true), rising("mean Row", false)].concat();
        let text = refused(Wish { monotone: both, ..Wish::default() });
        assert!(text.contains("both increasing and decreasing"), "{text}");
        let morgan = Representation::morgan();
        let text = signs(&morgan, &monotone()).unwrap_err().to_string();
        assert!(text.contains("morgan-descriptors"), "{text}");
        let names = Representation::morgan_descriptors();
        assert_eq!(signs(&names, &rising("MolLogP", false)).unwrap().iter().sum::<i8>(), -1);
    }
}
