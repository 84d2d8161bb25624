//! Labels less what is known of them beforehand, in units of their spread.

use super::rungs::Rungs;
use super::settings::{CoKrigingSettings, RungMean};
use crate::{Composition, ElementBaseline, LearnError};
use std::collections::BTreeMap;

/// Spreads below this share of the size of the labels are rounding.
const ROUNDING: f64 = 1e-12;
const LEAST_SPREAD: f64 = 1e-100;

/// Labels on a rung below which its spread says nothing.
const FEW: usize = 4;

#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// Constants of the rungs ([`RungMean::Constant`]).
    offsets: Vec<f64>,
    /// Energies of elements, and the factor of each rung for them.
    energies: BTreeMap<u8, f64>,
    factors: Vec<f64>,
    /// The unit of each rung.
    pub(super) scales: Vec<f64>,
}

impl Frame {
    pub(super) fn new<X>(settings: &CoKrigingSettings, x: &Rungs<X>, y: &[f64]) -> Result<Self, LearnError> {
        let rungs = settings.rungs;
        let mut frame = Self {
            offsets: vec![0.0; rungs],
            energies: BTreeMap::new(),
            factors: vec![1.0; rungs],
            scales: vec![1.0; rungs],
        };
        let of = |rung: usize| (0..y.len()).filter(move |&i| x.rung[i] == rung);
        match settings.mean {
            RungMean::Zero => {}
            RungMean::Constant => {
                for rung in 0..rungs {
                    let count = of(rung).count() as f64;
                    frame.offsets[rung] = of(rung).map(|i| y[i] / count).sum();
                }
            }
            RungMean::Elements => frame.elements(settings, x, y)?,
        }
        let mut below = None;
        for rung in 0..rungs {
            let squares: f64 = of(rung).map(|i| (y[i] - frame.offset(x, i, rung)).powi(2)).sum();
            let size: f64 = of(rung).map(|i| y[i].abs()).fold(0.0, f64::max);
            let count = of(rung).count();
            let spread = (squares / count as f64).sqrt();
            let telling = spread > ROUNDING * size && spread > LEAST_SPREAD;
            frame.scales[rung] = match below {
                Some(below) if !telling || (settings.same_unit && count < FEW) => below,
                _ if telling => spread,
                _ if size > LEAST_SPREAD => size,
                _ => 1.0,
            };
            below = Some(frame.scales[rung]);
        }
        Ok(frame)
    }

    fn elements<X>(
        &mut self,
        settings: &CoKrigingSettings,
        x: &Rungs<X>,
        y: &[f64],
    ) -> Result<(), LearnError> {
        let Some(elements) = &x.elements else { return Err(LearnError::NoElements) };
        let rows: Vec<usize> = (0..y.len()).filter(|&i| x.rung[i] == 0).collect();
        let atoms = |i: &usize| -> Vec<u8> {
            elements[*i].iter().flat_map(|(&z, &n)| std::iter::repeat_n(z, n as usize)).collect()
        };
        let atoms: Vec<Vec<u8>> = rows.iter().map(atoms).collect();
        let labels: Vec<f64> = rows.iter().map(|&i| y[i]).collect();
        let composition = Composition::new(atoms.iter().map(Vec::as_slice));
        self.energies = ElementBaseline::fit(&composition, &labels)?.energies;
        // Elements that the lowest rung lacks are left to the model.
        elements.iter().flat_map(BTreeMap::keys).for_each(|&z| {
            self.energies.entry(z).or_insert(0.0);
        });
        if settings.same_unit {
            return Ok(());
        }
        for rung in 1..settings.rungs {
            let pairs = (0..y.len()).filter(|&i| x.rung[i] == rung).map(|i| (self.sum(x, i), y[i]));
            let (products, squares) = pairs.fold((0.0, 0.0), |(p, s), (b, y)| (p + b * y, s + b * b));
            self.factors[rung] = if squares > 0.0 { products / squares } else { 1.0 };
        }
        Ok(())
    }

    fn sum<X>(&self, x: &Rungs<X>, i: usize) -> f64 {
        let counts = x.elements.as_ref().map(|rows| &rows[i]);
        let terms = counts.into_iter().flatten();
        terms.map(|(z, &n)| f64::from(n) * self.energies.get(z).copied().unwrap_or(0.0)).sum()
    }

    /// What row `i` would have on `rung` beforehand.
    pub(super) fn offset<X>(&self, x: &Rungs<X>, i: usize, rung: usize) -> f64 {
        let elements = if self.energies.is_empty() { 0.0 } else { self.factors[rung] * self.sum(x, i) };
        self.offsets[rung] + elements
    }

    /// The constant of a rung.
    pub(super) fn constant(&self, rung: usize) -> f64 {
        self.offsets[rung]
    }

    /// Labels of the rows' own rungs.
    pub(super) fn standard<X>(&self, x: &Rungs<X>, y: &[f64]) -> Vec<f64> {
        let rows = y.iter().zip(&x.rung).enumerate();
        rows.map(|(i, (y, &rung))| (y - self.offset(x, i, rung)) / self.scales[rung]).collect()
    }

    /// Refuses elements that no training structure has.
    pub(super) fn check<X>(&self, settings: &CoKrigingSettings, x: &Rungs<X>) -> Result<(), LearnError> {
        if settings.mean != RungMean::Elements {
            return Ok(());
        }
        let rows = x.elements.as_ref().ok_or(LearnError::NoElements)?;
        for (row, counts) in rows.iter().enumerate() {
            if let Some(&element) = counts.keys().find(|z| !self.energies.contains_key(z)) {
                return Err(LearnError::UnknownElement { row, element });
            }
        }
        Ok(())
    }
}
