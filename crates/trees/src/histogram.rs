//! Sums of derivatives by bin.

use crate::bins::Binned;
use crate::sample::{Sample, WIDTH};
use rayon::prelude::*;

/// Bins of a dense column, the last one of missing values.
pub(crate) type Cells = [i64; 256];

/// Below so many additions, one thread is as fast as many.
const PARALLEL: usize = 1 << 19;

/// Sums for each bin of each column of a sample, over the rows of a node.
#[derive(Debug, Default)]
pub(crate) struct Histogram {
    pub(crate) dense: Vec<Cells>,
    pub(crate) sparse: Vec<i64>,
}

impl Histogram {
    /// Sums over `rows` (counted in the sample).
    pub(crate) fn fill(&mut self, table: &Binned, sample: &Sample, rows: &[u32], packed: &[i64]) {
        self.dense.clear();
        self.dense.resize(sample.blocks.len() * WIDTH, [0; 256]);
        self.sparse.clear();
        self.sparse.resize(if sample.sparse.is_empty() { 0 } else { table.slots }, 0);
        let block = |(cells, bins): (&mut [Cells], &Vec<[u8; WIDTH]>)| add(cells, bins, rows, packed);
        if rows.len() * sample.dense.len() > PARALLEL {
            self.dense.par_chunks_mut(WIDTH).zip(&sample.blocks).for_each(block);
        } else {
            self.dense.chunks_mut(WIDTH).zip(&sample.blocks).for_each(block);
        }
        if !sample.sparse.is_empty() {
            for &row in rows {
                let derivatives = packed[row as usize];
                sample.sparse_row(row).iter().for_each(|&slot| self.sparse[slot as usize] += derivatives);
            }
        }
    }

    /// Takes away the rows of `other`.
    pub(crate) fn subtract(&mut self, other: &Self) {
        for (cells, others) in self.dense.iter_mut().zip(&other.dense) {
            cells.iter_mut().zip(others).for_each(|(a, b)| *a -= b);
        }
        self.sparse.iter_mut().zip(&other.sparse).for_each(|(a, b)| *a -= b);
    }
}

fn add(cells: &mut [Cells], bins: &[[u8; WIDTH]], rows: &[u32], packed: &[i64]) {
    let Ok(cells) = <&mut [Cells; WIDTH]>::try_from(cells) else { return };
    for &row in rows {
        let derivatives = packed[row as usize];
        let bins = &bins[row as usize];
        for (cells, &bin) in cells.iter_mut().zip(bins) {
            cells[usize::from(bin)] += derivatives;
        }
    }
}
