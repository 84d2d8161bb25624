//! Input that cannot be calculated gives an error that names what is wrong, never a number and never a panic.

use quantum::{Gfn2, Options, QuantumError, System};

fn water() -> System {
    System {
        numbers: vec![8, 1, 1],
        positions: vec![[0.0, 0.0, 0.0], [0.0, 1.43, 1.11], [0.0, -1.43, 1.11]],
        charge: 0,
        unpaired: 0,
    }
}

/// The error of a system that must not give an energy.
fn error(system: &System) -> QuantumError {
    let result = Gfn2::new(system, &Options::default()).and_then(|mut gfn2| gfn2.solve(&system.positions));
    result.expect_err("this system has no energy")
}

#[test]
fn unknown_elements_are_named_with_their_atom() {
    for number in [0, 87, 255] {
        let system = System { numbers: vec![8, number, 1], ..water() };
        let error = error(&system);
        assert_eq!(error, QuantumError::Element { atom: 2, number });
        assert!(error.to_string().contains(&format!("atom 2 has atomic number {number}")), "{error}");
    }
}

#[test]
fn coordinates_that_are_no_numbers_are_named() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut system = water();
        system.positions[2][1] = value;
        let error = error(&system);
        assert!(matches!(error, QuantumError::Coordinate { atom: 3, .. }), "{error:?}");
        assert!(error.to_string().contains("atom 3"), "{error}");
    }
}

#[test]
fn two_atoms_at_one_place_are_named() {
    let mut system = water();
    system.positions[2] = system.positions[1];
    let error = error(&system);
    assert!(matches!(error, QuantumError::Coincident { first: 2, second: 3, .. }), "{error:?}");
    assert!(error.to_string().contains("atoms 2 and 3"), "{error}");
}

#[test]
fn lists_of_different_length_and_empty_systems_are_errors() {
    let system = System { numbers: vec![8, 1], ..water() };
    assert_eq!(error(&system), QuantumError::Lengths { numbers: 2, positions: 3 });
    let system = System { numbers: Vec::new(), positions: Vec::new(), ..water() };
    assert_eq!(error(&system), QuantumError::NoAtoms);
}

#[test]
fn impossible_electron_counts_are_errors() {
    let hydrogen = System { numbers: vec![1], positions: vec![[0.0; 3]], charge: 0, unpaired: 1 };
    let impossible = [
        System { unpaired: 1, ..water() },
        System { charge: 1, ..water() },
        // More unpaired electrons than there are.
        System { unpaired: 10, ..water() },
        // More electrons than there is room for.
        System { charge: -6, ..water() },
        // Fewer than none.
        System { charge: 10, ..water() },
        System { charge: 2, unpaired: 1, ..hydrogen.clone() },
        System { charge: -3, unpaired: 0, ..hydrogen.clone() },
        System { unpaired: 0, ..hydrogen },
        System { charge: i32::MIN, ..water() },
        System { charge: i32::MAX, ..water() },
        System { unpaired: u32::MAX, ..water() },
    ];
    for system in impossible {
        let error = error(&system);
        assert!(matches!(error, QuantumError::Electrons { .. }), "{system:?}: {error:?}");
        assert!(error.to_string().contains("unpaired electrons"), "{error}");
    }
}

#[test]
fn a_bad_geometry_in_the_middle_leaves_the_calculator_usable() {
    let system = water();
    let mut gfn2 = Gfn2::new(&system, &Options::default()).expect("water is a good system");
    let before = gfn2.solve(&system.positions).expect("water converges");
    let mut broken = system.positions.clone();
    broken[0][0] = f64::NAN;
    assert!(matches!(gfn2.solve(&broken), Err(QuantumError::Coordinate { atom: 1, .. })));
    let mut collapsed = system.positions.clone();
    collapsed[1] = collapsed[0];
    assert!(matches!(gfn2.solve(&collapsed), Err(QuantumError::Coincident { .. })));
    assert!(matches!(gfn2.solve(&system.positions[..2]), Err(QuantumError::Lengths { .. })));
    let after = gfn2.solve(&system.positions).expect("water still converges");
    assert!((before - after).abs() < 1e-6, "{before} and {after}");
}

#[test]
fn too_few_cycles_are_an_error_with_the_history() {
    let options = Options { max_cycles: 2, ..Options::default() };
    let system = water();
    let mut gfn2 = Gfn2::new(&system, &options).expect("water is a good system");
    match gfn2.solve(&system.positions) {
        Err(error @ QuantumError::NotConverged { .. }) => {
            assert!(error.to_string().contains("did not converge"), "{error}");
        }
        other => panic!("two cycles cannot be enough: {other:?}"),
    }
}

#[test]
fn unpaired_f_electrons_of_lanthanides_are_in_the_core() {
    // GdCl3: seven unpaired f electrons, 24 valence electrons in pairs, whichever way it is asked for.
    let positions = vec![[0.0, 0.0, 0.0], [4.6, 0.0, 0.0], [-2.3, 3.984, 0.0], [-2.3, -3.984, 0.0]];
    let energy = |unpaired| {
        let system =
            System { numbers: vec![64, 17, 17, 17], positions: positions.clone(), charge: 0, unpaired };
        Gfn2::new(&system, &Options::default()).unwrap().solve(&system.positions).unwrap()
    };
    assert_eq!(energy(7), energy(0));
    // Two more unpaired electrons are valence electrons.
    assert!(energy(9) > energy(7) + 0.01);
}
