//! Optimisations on surfaces whose minima are known.

mod surfaces;

use matter::Element;
use matter::units::Hartree;
use method::{Failure, FailureKind, OptimisationLevel, Surface};
use relax::RelaxError;
use relax::optimise::{OptimiseOptions, Path, optimise};
use surfaces::{Vec3, lennard_jones, morse, noise, springs, surface};

const ARGON: u32 = 18;

fn of(number: u32) -> Element {
    Element::from_number(number).unwrap()
}

fn tight(level: OptimisationLevel) -> OptimiseOptions {
    OptimiseOptions { level, ..OptimiseOptions::default() }
}

fn run(surface: &mut dyn Surface, elements: &[Element], x: &[Vec3]) -> Result<Path, RelaxError> {
    optimise(surface, elements, x, &tight(OptimisationLevel::Extreme), &mut |_| Ok(()))
}

fn distance(x: &[Vec3], i: usize, j: usize) -> f64 {
    (0..3).map(|c| (x[i][c] - x[j][c]).powi(2)).sum::<f64>().sqrt()
}

/// Two atoms, force constant and rest length of a spring.
type Spring = (usize, usize, f64, f64);

fn water() -> (Vec<Element>, Vec<Spring>) {
    let h = 2.0 * 1.81 * (52.25_f64).to_radians().sin();
    (vec![Element::O, Element::H, Element::H], vec![(0, 1, 0.5, 1.81), (0, 2, 0.5, 1.81), (1, 2, 0.12, h)])
}

#[test]
fn an_atom_is_where_it_is() {
    let mut atom = surface(1, |_: &[Vec3], _: &mut [Vec3]| -0.5);
    let path = run(&mut atom, &[Element::H], &[[1.0, 2.0, 3.0]]).unwrap();
    assert_eq!((path.gradients, path.last().unwrap().energy), (1, Hartree(-0.5)));
}

#[test]
fn a_diatomic_finds_its_distance_along_an_axis() {
    for start in [1.0, 1.3, 2.2, 3.0] {
        let mut surface = surface(2, morse(0.17, 1.03, 1.4));
        let path = run(&mut surface, &[Element::H, Element::H], &[[0.0; 3], [0.0, 0.0, start]]).unwrap();
        let last = path.last().unwrap();
        assert!((distance(&last.positions, 0, 1) - 1.4).abs() < 2e-4, "from {start}");
        assert!(path.gradients <= 12, "{} gradients from {start}", path.gradients);
    }
}

#[test]
fn water_finds_its_shape_also_from_a_straight_start() {
    let (elements, list) = water();
    for x in [
        [[0.0; 3], [1.7, 0.0, 0.0], [-0.2, 2.1, 0.0]],
        [[0.0; 3], [1.9, 0.0, 0.0], [-1.9, 0.05, 0.0]],
        [[0.0; 3], [1.2, 0.3, 0.0], [0.9, -0.9, 0.4]],
    ] {
        let mut surface = surface(3, springs(list.clone()));
        let path = run(&mut surface, &elements, &x).unwrap();
        let last = path.last().unwrap();
        assert!(last.energy.0 < 1e-7 && path.gradients <= 25, "{} {}", last.energy.0, path.gradients);
        assert!((distance(&last.positions, 0, 1) - 1.81).abs() < 1e-3);
    }
}

#[test]
fn lennard_jones_clusters_reach_their_known_minima() {
    // D. J. Wales, J. P. K. Doye, J. Phys. Chem. A 1997, 101, 5111: depths of the global minima of 2 to 13 atoms.
    let known = [(2, -1.0), (3, -3.0), (4, -6.0), (13, -44.326801)];
    for (atoms, expected) in known {
        let depth = 4.5e-4;
        let mut next = noise(atoms as u64);
        let golden = (1.0 + 5.0_f64.sqrt()) / 2.0;
        let mut x: Vec<Vec3> = if atoms == 13 {
            let mut x = vec![[0.0; 3]];
            for (a, b) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
                x.extend([[0.0, a, b * golden], [a, b * golden, 0.0], [b * golden, 0.0, a]]);
            }
            x
        } else {
            vec![[0.0; 3], [2.0, 0.0, 0.0], [1.0, 1.7, 0.0], [1.0, 0.6, 1.6]][..atoms].to_vec()
        };
        x.iter_mut().flatten().for_each(|c| *c = *c * 3.7 + 0.4 * next());
        let mut surface = surface(atoms, lennard_jones(depth, 7.1));
        let elements = vec![of(ARGON); atoms];
        let level = tight(OptimisationLevel::Extreme);
        let path = optimise(&mut surface, &elements, &x, &level, &mut |_| Ok(())).unwrap();
        let energy = path.last().unwrap().energy.0 / depth;
        assert!(
            (energy - expected).abs() < 2e-4 * expected.abs(),
            "{atoms} atoms: {energy} in {}",
            path.gradients
        );
        assert!(path.gradients < 60, "{atoms} atoms: {} gradients", path.gradients);
    }
}

#[test]
fn a_path_is_the_same_every_time_and_turns_with_the_molecule() {
    let (elements, list) = water();
    let x = [[0.0; 3], [1.7, 0.1, 0.0], [-0.2, 2.1, 0.3]];
    let turned = x.map(|p| [-p[1], p[0], p[2] + 4.0]);
    let go = |x: &[Vec3]| run(&mut surface(3, springs(list.clone())), &elements, x).unwrap();
    let (first, again, other) = (go(&x), go(&x), go(&turned));
    assert_eq!(first, again);
    assert_eq!(first.gradients, other.gradients);
    for (a, b) in first.steps.iter().zip(&other.steps) {
        assert!((a.energy.0 - b.energy.0).abs() < 1e-10);
    }
}

#[test]
fn a_broken_bond_is_told() {
    // A purely repulsive pair: it falls apart until the gradient is small.
    let mut repulsive = surface(2, |x: &[Vec3], g: &mut [Vec3]| {
        surfaces::pair(x, g, 0, 1, |r| ((-2.0 * r).exp(), -2.0 * (-2.0 * r).exp()))
    });
    let path = optimise(
        &mut repulsive,
        &[Element::H; 2],
        &[[0.0; 3], [1.2, 0.0, 0.0]],
        &OptimiseOptions::default(),
        &mut |_| Ok(()),
    )
    .unwrap();
    assert_eq!(path.connectivity.broken, vec![(0, 1)]);
    assert!(!path.connectivity.kept());
}

#[test]
fn bad_arguments_are_named() {
    let (elements, list) = water();
    let mut s = surface(3, springs(list));
    let x = [[0.0; 3], [1.7, 0.1, 0.0], [-0.2, 2.1, 0.3]];
    let short = run(&mut s, &elements[..2], &x).unwrap_err();
    assert!(short.to_string().contains("number of elements: 2"), "{short}");
    let nan = run(&mut s, &elements, &[x[0], [f64::NAN, 0.0, 0.0], x[2]]).unwrap_err();
    assert!(nan.to_string().contains("atom 2"), "{nan}");
    let close = run(&mut s, &elements, &[x[0], x[1], [1e-3, 0.0, 0.0]]).unwrap_err();
    assert!(matches!(close, RelaxError::Coincident { first: 1, second: 3, .. }));
}

#[test]
fn a_surface_that_fails_keeps_its_history() {
    #[derive(Clone)]
    struct Fails {
        after: usize,
        kind: FailureKind,
    }
    impl Surface for Fails {
        fn atoms(&self) -> usize {
            2
        }
        fn evaluate(
            &mut self,
            x: &[Vec3],
            g: &mut [Vec3],
            allowed: &mut dyn FnMut() -> Result<(), Failure>,
        ) -> Result<Hartree, Failure> {
            allowed()?;
            if self.after == 0 {
                return Err(Failure::new(self.kind, "no more"));
            }
            self.after -= 1;
            g.fill([0.0; 3]);
            Ok(Hartree(morse(0.17, 1.03, 1.4)(x, g)))
        }
        fn fork(&self) -> Box<dyn Surface> {
            Box::new(self.clone())
        }
    }
    let x = [[0.0; 3], [0.0, 0.0, 2.2]];
    let go = |after, kind| run(&mut Fails { after, kind }, &[Element::H; 2], &x).unwrap_err();
    let limit = go(2, FailureKind::LimitReached);
    assert!(matches!(limit, RelaxError::Stopped { .. }), "{limit}");
    assert_eq!(limit.path().unwrap().steps.len(), 2);
    let dead = go(2, FailureKind::NotConverged);
    assert!(matches!(dead, RelaxError::Surface { .. }), "{dead}");
    assert!(matches!(go(0, FailureKind::NotConverged), RelaxError::Surface { step: 0, .. }));
}

#[test]
fn numbers_that_are_none_are_stepped_back_from() {
    // NaN beyond 1.5 bohr: a start inside must still find the minimum at 1.4.
    let mut wall = surface(2, |x: &[Vec3], g: &mut [Vec3]| {
        let energy = morse(0.17, 1.03, 1.4)(x, g);
        if distance(x, 0, 1) > 1.45 { f64::NAN } else { energy }
    });
    let path = run(&mut wall, &[Element::H; 2], &[[0.0; 3], [0.0, 0.0, 1.0]]).unwrap();
    assert!((distance(&path.last().unwrap().positions, 0, 1) - 1.4).abs() < 2e-4);
}

#[test]
fn the_caller_can_stop_and_limit() {
    let (elements, list) = water();
    let x = [[0.0; 3], [1.7, 0.1, 0.0], [-0.2, 2.9, 0.3]];
    let mut s = surface(3, springs(list));
    let stopped = optimise(&mut s, &elements, &x, &OptimiseOptions::default(), &mut |step| {
        if step.is_some_and(|s| s.index == 1) {
            Err(Failure::new(FailureKind::Cancelled, "enough"))
        } else {
            Ok(())
        }
    });
    assert!(matches!(stopped, Err(RelaxError::Stopped { ref path, .. }) if path.steps.len() == 2));
    let few = OptimiseOptions { max_gradients: Some(2), ..OptimiseOptions::default() };
    let ended = optimise(&mut s, &elements, &x, &few, &mut |_| Ok(()));
    assert!(matches!(ended, Err(RelaxError::NotConverged { ref path, .. }) if path.gradients == 2));
}
