use super::*;

/// Random numbers in [-1, 1) (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

struct Sample {
    numbers: Vec<u8>,
    positions: Vec<[f64; 3]>,
    moments: Moments,
}

impl Sample {
    /// Atoms on a distorted cubic lattice of 3 bohr, with random charges.
    fn new(numbers: &[u8], seed: u64) -> Sample {
        let mut random = Random(seed);
        let side = (numbers.len() as f64).cbrt().ceil() as usize;
        let place = |i: usize| [i % side, i / side % side, i / side / side];
        let mut moments = Moments::zero(0, numbers.len());
        moments.atom.iter_mut().for_each(|q| *q = random.next());
        Sample {
            numbers: numbers.to_vec(),
            positions: (0..numbers.len())
                .map(|i| place(i).map(|k| 3.0 * k as f64 + 0.6 * random.next()))
                .collect(),
            moments,
        }
    }

    /// Samples of one to twenty-seven atoms, light and heavy, and two far apart.
    fn all() -> Vec<Sample> {
        let lists: [&[u8]; 7] = [
            &[8],
            &[1, 1],
            &[8, 1, 26],
            &[6, 79, 35, 53, 1, 1, 3],
            &[86, 57, 74, 17, 22, 16, 50, 82, 1],
            &[6, 6, 7, 8, 6, 1, 1, 1, 1, 16, 6, 7, 8, 6, 1, 1, 1, 1, 17, 15, 6, 6, 8, 1, 9, 5, 14],
            &[8, 7],
        ];
        let mut samples: Vec<Sample> =
            lists.iter().enumerate().map(|(seed, numbers)| Sample::new(numbers, seed as u64)).collect();
        samples.last_mut().unwrap().positions[1][2] += 40.0;
        samples
    }

    fn at(&self) -> Placement<'_> {
        Placement { positions: &self.positions, cn: &[] }
    }

    fn energy(&self, alpb: &mut Alpb) -> f64 {
        alpb.place(self.at());
        let mut energy = vec![0.0; self.numbers.len()];
        alpb.add_energy(&self.moments, &mut energy);
        energy.iter().sum()
    }

    fn gradient(&self, alpb: &mut Alpb) -> Vec<[f64; 3]> {
        alpb.place(self.at());
        let mut gradient = vec![[1.0; 3]; self.numbers.len()];
        alpb.add_gradient(self.at(), &self.moments, &mut gradient, &mut []);
        gradient.iter_mut().flatten().for_each(|g| *g -= 1.0);
        gradient
    }
}

fn solvents() -> impl Iterator<Item = Solvent> {
    ["water", "dmso", "hexane"].into_iter().map(|name| Solvent::parse(name).unwrap())
}

/// Five-point derivative at displacement zero.
fn derivative(step: f64, mut energy: impl FnMut(f64) -> f64) -> f64 {
    let near = energy(step) - energy(-step);
    let far = energy(2.0 * step) - energy(-2.0 * step);
    (8.0 * near - far) / (12.0 * step)
}

#[test]
fn potential_is_the_derivative_of_the_energy() {
    let solvent = Solvent::parse("water").unwrap(); // a strong one
    for mut sample in Sample::all() {
        let mut alpb = Alpb::new(&sample.numbers, solvent);
        alpb.place(sample.at());
        let mut potential = Moments::zero(0, sample.numbers.len());
        potential.atom.fill(1.0);
        alpb.add_potential(&sample.moments, &mut potential);
        for (i, v) in potential.atom.iter().enumerate() {
            let q = sample.moments.atom[i];
            let numeric = derivative(1e-2, |step| {
                sample.moments.atom[i] = q + step;
                sample.energy(&mut alpb)
            });
            sample.moments.atom[i] = q;
            assert!((v - 1.0 - numeric).abs() < 1e-11, "{i}: {} {numeric}", v - 1.0);
        }
    }
}

#[test]
fn gradient_is_the_derivative_of_the_energy() {
    for mut sample in Sample::all() {
        for solvent in solvents() {
            let mut alpb = Alpb::new(&sample.numbers, solvent);
            let gradient = sample.gradient(&mut alpb);
            for (i, exact) in gradient.iter().enumerate() {
                for (axis, exact) in exact.iter().enumerate() {
                    let x = sample.positions[i][axis];
                    let numeric = derivative(1e-4, |step| {
                        sample.positions[i][axis] = x + step;
                        sample.energy(&mut alpb)
                    });
                    sample.positions[i][axis] = x;
                    assert!((exact - numeric).abs() < 1e-8, "{solvent} {i} {axis}: {exact} {numeric}");
                }
            }
        }
    }
}

#[test]
fn no_force_on_the_whole() {
    for sample in Sample::all() {
        let gradient = sample.gradient(&mut Alpb::new(&sample.numbers, Solvent::parse("water").unwrap()));
        for axis in 0..3 {
            let sum: f64 = gradient.iter().map(|g| g[axis]).sum();
            assert!(sum.abs() < 1e-13, "{sum}");
        }
    }
}

/// An ion alone: the Born energy of its charge, its hydrogen bond, its surface tension and the shift.
#[test]
fn energy_of_an_ion() {
    let solvent = Solvent::parse("water").unwrap();
    let p = solvent.parameters();
    let mut sample = Sample::new(&[17], 0);
    sample.moments.atom[0] = -1.0;
    let (radius, w) = (1.5523 * ANGSTROM, 0.3 * ANGSTROM);
    let sphere = radius + p.probe_radius * ANGSTROM;
    let area = 4.0 * PI * (sphere * sphere + 0.2 * w * w);
    let beta = 1.0 / p.dielectric_constant;
    let kappa = (beta - 1.0) / (1.0 + ALPHA * beta);
    let born = 0.5 * kappa * (1.0 / (p.born_scale * radius) + ALPHA * beta / radius);
    let bond = -KCAL * p.hydrogen_bond[16].powi(2) * area / (4.0 * PI * sphere * sphere);
    let expected = born + bond + 1e-5 * p.surface_tension[16] * area + KCAL * p.shift;
    let energy = sample.energy(&mut Alpb::new(&sample.numbers, solvent));
    assert!((energy - expected).abs() < 1e-14, "{energy} {expected}");
}

/// tblite ignores points of the surface of which less than 1e-6 is open. The energy cannot tell, but at such a point
/// its gradient lacks up to 1e-7 hartree/bohr times the square of the charge, which is 64 at most here.
#[test]
fn energies_and_gradients_are_those_of_tblite() {
    let data: serde_json::Value = serde_json::from_str(include_str!("reference.json")).unwrap();
    for case in data["cases"].as_array().unwrap() {
        let charges: Vec<f64> = serde_json::from_value(case["charges"].clone()).unwrap();
        let mut sample = Sample {
            numbers: serde_json::from_value(case["numbers"].clone()).unwrap(),
            positions: serde_json::from_value(case["positions"].clone()).unwrap(),
            moments: Moments::zero(0, charges.len()),
        };
        sample.moments.atom = charges;
        for result in case["results"].as_array().unwrap() {
            let name = result["solvent"].as_str().unwrap();
            let mut alpb = Alpb::new(&sample.numbers, Solvent::parse(name).unwrap());
            let (energy, expected) = (sample.energy(&mut alpb), result["energy"].as_f64().unwrap());
            // what is stored is the difference of two energies that have rounding errors of their own
            assert!((energy - expected).abs() < 1e-8, "{:?} {name}: {energy} {expected}", sample.numbers);
            let gradient: Vec<[f64; 3]> = serde_json::from_value(result["gradient"].clone()).unwrap();
            for (a, b) in sample.gradient(&mut alpb).iter().flatten().zip(gradient.iter().flatten()) {
                assert!((a - b).abs() < 5e-6, "{:?} {name}: {a} {b}", sample.numbers);
            }
        }
    }
}
