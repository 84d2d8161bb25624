use super::*;
use proptest::prelude::*;

/// Uniform numbers in (0, 1), the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64 + 1e-17
    }

    /// Standard normal (Box and Muller).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }
}

/// Work ~ size^2.4 with scatter 0.25; core-seconds with a noise of 8 % on top of 0.02 per work.
fn calculation(dice: &mut Dice, scatter: impl Fn(&mut Dice) -> f64) -> (f64, Cost) {
    let size = 50.0 + 150.0 * dice.uniform();
    let work = 3.0 * (size / 100.0f64).powf(2.4) * scatter(dice).exp();
    let core_seconds = CoreSeconds(0.02 * work * (0.08 * dice.normal()).exp());
    (size, Cost { work, core_seconds, ..Cost::ZERO })
}

fn trained(n: usize, seed: u64, scatter: impl Fn(&mut Dice) -> f64 + Copy) -> (CostModel, Dice) {
    let mut dice = Dice(seed);
    let mut model = CostModel::new(CostPrior::default());
    for _ in 0..n {
        let (size, cost) = calculation(&mut dice, scatter);
        model.observe(size, &cost);
    }
    (model, dice)
}

fn gaussian(dice: &mut Dice) -> f64 {
    0.25 * dice.normal()
}

/// Most calculations are alike; one in twelve needs about three times as long.
fn long_tail(dice: &mut Dice) -> f64 {
    0.1 * dice.normal() + if dice.uniform() < 1.0 / 12.0 { 1.1 } else { 0.0 }
}

/// Share of new calculations that stay below their upper forecast.
fn coverage(n: usize, scatter: impl Fn(&mut Dice) -> f64 + Copy) -> f64 {
    let (mut below, mut all) = (0.0, 0.0);
    for seed in 0..200 {
        let (model, mut dice) = trained(n, 1000 * seed + 17, scatter);
        let fitted = model.fit(0.95);
        for _ in 0..50 {
            let (size, cost) = calculation(&mut dice, scatter);
            below += f64::from(cost.core_seconds <= fitted.forecast(size).upper);
            all += 1.0;
        }
    }
    below / all
}

#[test]
fn a_power_law_is_recovered() {
    let (model, _) = trained(400, 5, gaussian);
    let fitted = model.fit(0.95);
    assert!((fitted.exponent() - 2.4).abs() < 0.1, "{}", fitted.exponent());
    assert!((fitted.scatter() - 0.25).abs() < 0.03, "{}", fitted.scatter());
    assert!((fitted.rate() - 0.02).abs() < 5e-4, "{}", fitted.rate());
    let expected = 3.0 * 1.5f64.powf(2.4) * (0.5f64 * 0.25 * 0.25).exp();
    assert!((fitted.forecast(150.0).work / expected - 1.0).abs() < 0.05);
}

#[test]
fn the_upper_forecast_covers_what_it_promises() {
    for n in [1, 2, 3, 5, 10, 30, 100] {
        let share = coverage(n, gaussian);
        assert!(share > 0.94, "{n} observations cover {share}");
        let share = coverage(n, long_tail);
        // Before a long tail has been seen it can only be covered by the prior's scatter.
        assert!(share > if n < 30 { 0.90 } else { 0.935 }, "{n} observations of a long tail cover {share}");
    }
    let share = coverage(300, gaussian);
    assert!((0.94..0.97).contains(&share), "many observations cover {share}: no more than asked for");
}

#[test]
fn the_prior_speaks_until_something_is_seen() {
    let prior =
        CostPrior { size: 80.0, core_seconds: CoreSeconds(20.0), exponent: 3.0, ..CostPrior::default() };
    let model = CostModel::new(prior);
    let fitted = model.fit(0.95);
    let forecast = fitted.forecast(80.0);
    assert!(forecast.mean > CoreSeconds(20.0) && forecast.mean < CoreSeconds(25.0));
    assert!(forecast.upper > CoreSeconds(20.0 * 3.0 * 2.0));
    assert!((fitted.forecast(160.0).work / forecast.work - 8.0).abs() < 1e-9);
    assert_eq!(forecast.upper_charge(&Conversion::default()).core_seconds, forecast.upper);
}

#[test]
fn one_observation_sets_the_level_and_two_narrow_it() {
    let mut model = CostModel::new(CostPrior::default());
    let cost = |work: f64| Cost { work, core_seconds: CoreSeconds(2.0 * work), ..Cost::ZERO };
    let unseen = model.fit(0.95).forecast(100.0);
    model.observe(100.0, &cost(50.0));
    let one = model.fit(0.95).forecast(100.0);
    assert!((one.work / 50.0 - 1.0).abs() < 0.1);
    assert!((one.mean.value() / 2.0 - one.work).abs() < 1e-9);
    model.observe(100.0, &cost(52.0));
    let two = model.fit(0.95).forecast(100.0);
    let relative = |f: CostForecast| f.upper / f.mean;
    assert!(relative(two) < relative(one) && relative(one) < relative(unseen));
}

#[test]
fn noisy_timings_do_not_change_the_ranking() {
    let mut models = [CostModel::new(CostPrior::default()), CostModel::new(CostPrior::default())];
    for (i, model) in models.iter_mut().enumerate() {
        let mut dice = Dice(3);
        let mut noise = Dice(100 + i as u64);
        for _ in 0..40 {
            let (size, cost) = calculation(&mut dice, gaussian);
            let core_seconds = cost.core_seconds * (0.3 * noise.normal()).exp();
            model.observe(size, &Cost { core_seconds, ..cost });
        }
    }
    for size in [40.0, 77.0, 190.0] {
        let [a, b] = [0, 1].map(|i| models[i].fit(0.95).forecast(size));
        assert_eq!(a.work, b.work);
        assert_ne!(a.mean, b.mean);
    }
}

#[test]
fn without_work_core_seconds_are_learnt() {
    let mut model = CostModel::new(CostPrior::default());
    for size in [50.0, 100.0, 200.0] {
        let core_seconds = CoreSeconds(1e-3 * size * size);
        model.observe(size, &Cost { core_seconds, work: if size > 150.0 { 0.0 } else { 7.0 }, ..Cost::ZERO });
    }
    let fitted = model.fit(0.95);
    assert_eq!(fitted.rate(), 1.0);
    assert!((fitted.exponent() - 2.0).abs() < 0.02);
    model.observe(f64::NAN, &Cost::ZERO);
    assert_eq!(model.observations(), 3);
}

proptest! {
    /// The order in which calculations finish does not matter, to the last bit.
    #[test]
    fn order_does_not_matter(
        seen in prop::collection::vec((1.0f64..500.0, 1e-3f64..1e3, 1e-3f64..1e3), 0..30),
        size in 1.0f64..500.0,
    ) {
        let model = |order: &mut dyn Iterator<Item = &(f64, f64, f64)>| {
            let mut model = CostModel::new(CostPrior::default());
            for &(size, work, time) in order {
                model.observe(size, &Cost { work, core_seconds: CoreSeconds(time), ..Cost::ZERO });
            }
            model.fit(0.95).forecast(size)
        };
        let forecast = model(&mut seen.iter());
        prop_assert_eq!(forecast, model(&mut seen.iter().rev()));
        prop_assert!(forecast.work > 0.0 && forecast.mean.value().is_finite());
        prop_assert!(forecast.upper >= forecast.mean);
    }
}
