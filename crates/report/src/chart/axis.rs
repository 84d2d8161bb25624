//! An axis: its range and where its ticks are.

use crate::text::fixed;

/// A linear axis.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// What is shown, with its unit.
    pub title: String,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Where ticks are.
    pub ticks: Vec<f64>,
    /// Decimals of the tick labels.
    pub decimals: usize,
}

/// Ticks aimed at.
const TICKS: f64 = 5.0;

impl Axis {
    /// An axis around the finite ones of the values, its ends on ticks of 1, 2 or 5 times a power of ten
    /// (Heckbert, Nice numbers for graph labels, in Graphics Gems, 1990).
    pub fn around(title: String, values: impl IntoIterator<Item = f64>) -> Axis {
        // Beyond this, differences overflow.
        let finite = values.into_iter().filter(|v| v.abs() < 1e200);
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
        // A range that the values' precision cannot resolve is widened.
        let smallest = (low.abs().max(high.abs()) * 1e-9).max(1e-12);
        let (low, high) = if high - low < smallest {
            let half = (low.abs() * 0.1).max(0.5);
            (low - half, high + half)
        } else {
            (low, high)
        };
        let step = nice_step((high - low) / TICKS);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let n = (last - first).round().clamp(1.0, 20.0) as usize;
        let ticks = (0..=n).map(|i| (first + i as f64) * step).collect();
        let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
        Axis { title, low: first * step, high: (first + n as f64) * step, ticks, decimals }
    }

    /// The same axis ending where the values do, ticks beyond left out.
    pub fn ending_at(mut self, high: f64) -> Axis {
        if high > self.low && high < self.high {
            self.high = high;
            self.ticks.retain(|t| *t <= high);
        }
        self
    }

    /// An axis of whole numbers, ticks only on them.
    pub fn of_counts(title: String, low: f64, high: f64) -> Axis {
        let step = nice_step((high - low) / TICKS).max(1.0).round();
        let ticks = (0..=20)
            .map(|i| ((low / step).ceil() + f64::from(i)) * step)
            .take_while(|t| *t <= high)
            .collect();
        Axis { title, low: low - 0.5, high: high + 0.5, ticks, decimals: 0 }
    }

    /// Where a value lies, 0 at the lower end, 1 at the upper; outside for values outside.
    pub fn fraction(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    /// Label of a tick.
    pub fn tick_label(&self, tick: f64) -> String {
        fixed(tick, self.decimals)
    }
}

fn nice_step(raw: f64) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    let mantissa = raw / power;
    let nice = match mantissa {
        m if m < 1.5 => 1.0,
        m if m < 3.0 => 2.0,
        m if m < 7.0 => 5.0,
        _ => 10.0,
    };
    nice * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round_numbers() {
        let labels = |low, high| -> Vec<String> {
            let axis = Axis::around(String::new(), [low, high]);
            axis.ticks.iter().map(|t| axis.tick_label(*t)).collect()
        };
        assert_eq!(labels(0.0, 54.0), ["0", "10", "20", "30", "40", "50", "60"]);
        assert_eq!(labels(-1.93, -1.41), ["−2.0", "−1.9", "−1.8", "−1.7", "−1.6", "−1.5", "−1.4"]);
        assert_eq!(labels(0.0, 0.0), ["−0.6", "−0.4", "−0.2", "0.0", "0.2", "0.4", "0.6"]);
        assert_eq!(Axis::of_counts(String::new(), 0.0, 4.0).ticks, [0.0, 1.0, 2.0, 3.0, 4.0]);
    }

    proptest! {
        #[test]
        fn every_value_lies_on_its_axis(values in prop::collection::vec(-1e9f64..1e9, 1..20)) {
            let axis = Axis::around(String::new(), values.iter().copied());
            prop_assert!(axis.ticks.len() >= 2 && axis.ticks.len() <= 12, "{:?}", axis.ticks);
            for value in values {
                let at = axis.fraction(value);
                prop_assert!((-1e-6..=1.0 + 1e-6).contains(&at), "{value} at {at} of {axis:?}");
            }
        }

        #[test]
        fn any_number_gives_an_axis(values in prop::collection::vec(any::<f64>(), 0..5)) {
            let axis = Axis::around(String::new(), values);
            prop_assert!(axis.low < axis.high && axis.low.is_finite() && axis.high.is_finite());
        }
    }
}
