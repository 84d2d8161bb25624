//! Representations against those of qmllib 1.2.0 and dscribe 2.1.2, made by
//! `reference/make.py`.

use features::{
    AveragedSoap, CoulombEigenvalues, CoulombMatrix, EigenvalueOrder, Fchl19, GlobalFeatures, LocalFeatures,
    LocalGradients, ManyBodyTypes, Packing, Slatm, Soap, SoapAverage, SoapSettings,
};
use matter::{Element, Geometry};
use serde_json::Value;
use std::path::Path;

/// Largest relative difference of a number above [`MATTERS`].
const RELATIVE: f64 = 1e-8;
/// Numbers below this share of the molecule's largest are compared with that
/// one instead.
const MATTERS: f64 = 1e-6;

struct Reference(Value);

impl Reference {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/reference.json.gz");
        Self(serde_json::from_reader(matter::files::open(&path).unwrap()).unwrap())
    }

    fn elements(&self) -> Vec<Element> {
        elements(&self.0["elements"])
    }

    fn size(&self) -> usize {
        self.0["size"].as_u64().unwrap() as usize
    }

    fn soap(&self) -> Soap {
        let number = |name: &str| self.0["soap"][name].as_f64().unwrap();
        let settings = SoapSettings {
            r_cut: number("r_cut"),
            n_max: number("n_max") as usize,
            l_max: number("l_max") as usize,
            sigma: number("sigma"),
        };
        Soap::with(&self.elements(), settings).unwrap()
    }

    /// Calls `check` with the geometry of each molecule that has `key`, and
    /// what the reference is.
    fn each(&self, key: &str, check: impl Fn(&Geometry) -> Vec<f64>) {
        let mut seen = 0;
        for molecule in self.0["molecules"].as_array().unwrap() {
            let Some(expected) = molecule[key].as_array() else { continue };
            let expected: Vec<f64> = expected.iter().map(|x| x.as_f64().unwrap()).collect();
            let axes = |p: &Value| [0, 1, 2].map(|axis| p[axis].as_f64().unwrap());
            let positions = molecule["positions"].as_array().unwrap().iter().map(axes).collect();
            let geometry = Geometry::new(elements(&molecule["numbers"]), positions).unwrap();
            let values = check(&geometry);
            assert_eq!(values.len(), expected.len(), "{key} of {}", molecule["name"]);
            let largest = expected.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
            for (place, (value, expected)) in values.iter().zip(&expected).enumerate() {
                let allowed = RELATIVE * expected.abs().max(MATTERS * largest);
                assert!(
                    (value - expected).abs() <= allowed,
                    "{key} of {}, {place}: {value:e}, not {expected:e}",
                    molecule["name"]
                );
            }
            seen += 1;
        }
        assert!(seen > 0, "no molecule has {key}");
    }

    fn each_row(&self, key: &str, features: &dyn GlobalFeatures) {
        self.each(key, |geometry| {
            features.compute(std::slice::from_ref(geometry)).unwrap().values().to_vec()
        });
    }

    fn each_atom(&self, key: &str, features: &dyn LocalFeatures) {
        self.each(key, |geometry| {
            features.compute(std::slice::from_ref(geometry)).unwrap().molecule(0).to_vec()
        });
    }
}

fn elements(numbers: &Value) -> Vec<Element> {
    let element = |number: &Value| Element::from_number(number.as_u64().unwrap() as u32).unwrap();
    numbers.as_array().unwrap().iter().map(element).collect()
}

#[test]
fn coulomb_matrices_are_those_of_both_programs() {
    let reference = Reference::read();
    for (key, packing) in [("coulomb-triangle", Packing::Triangle), ("coulomb-square", Packing::Square)] {
        reference.each_row(key, &CoulombMatrix::new(reference.size(), packing).unwrap());
    }
}

#[test]
fn eigenvalues_are_those_of_both_programs() {
    let reference = Reference::read();
    for (key, order) in
        [("eigenvalues-value", EigenvalueOrder::Value), ("eigenvalues-magnitude", EigenvalueOrder::Magnitude)]
    {
        reference.each_row(key, &CoulombEigenvalues::new(reference.size(), order).unwrap());
    }
}

#[test]
fn slatm_is_that_of_qmllib() {
    let reference = Reference::read();
    reference.each_row("slatm", &Slatm::new(ManyBodyTypes::all(&reference.elements()).unwrap()).unwrap());
}

#[test]
fn fchl19_is_that_of_qmllib() {
    let reference = Reference::read();
    let fchl19 = Fchl19::new(&reference.elements()).unwrap();
    reference.each_atom("fchl19", &fchl19);
    reference.each("fchl19-gradients", |geometry| {
        let size = geometry.len() * fchl19.columns();
        let (mut rows, mut gradients) = (vec![0.0; size], vec![0.0; size * geometry.len() * 3]);
        fchl19.fill_with_gradients(geometry, &mut rows, &mut gradients).unwrap();
        gradients
    });
}

#[test]
fn soap_is_that_of_dscribe() {
    let reference = Reference::read();
    reference.each_atom("soap-off", &reference.soap());
    for (key, average) in [("soap-outer", SoapAverage::Outer), ("soap-inner", SoapAverage::Inner)] {
        reference.each_row(key, &AveragedSoap::new(reference.soap(), average));
    }
}
