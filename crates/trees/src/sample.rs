//! The rows and columns that one tree is grown from, close together in memory.

use crate::bins::Binned;

/// Dense columns whose bins of one row lie side by side; their histograms fit
/// into the fastest memory.
pub(crate) const WIDTH: usize = 16;

/// Some rows and columns of a [`Binned`].
#[derive(Debug, Default)]
pub(crate) struct Sample {
    /// Which rows of the table; rows of the sample are counted in this order.
    pub(crate) rows: Vec<u32>,
    /// Which dense columns; positions `WIDTH * b + k` are byte `k` of block `b`.
    pub(crate) dense: Vec<u32>,
    pub(crate) blocks: Vec<Vec<[u8; WIDTH]>>,
    /// Which sparse columns.
    pub(crate) sparse: Vec<u32>,
    starts: Vec<u32>,
    slots: Vec<u32>,
}

impl Sample {
    /// Takes other rows and columns. `columns` are positions among the dense
    /// columns, and after those the sparse ones, ascending.
    pub(crate) fn take(&mut self, table: &Binned, rows: Vec<u32>, columns: &[usize]) {
        let dense = table.dense.len();
        let split = columns.partition_point(|&c| c < dense);
        self.dense = columns[..split].iter().map(|&c| c as u32).collect();
        self.sparse = columns[split..].iter().map(|&c| (c - dense) as u32).collect();
        self.rows = rows;
        self.take_dense(table);
        self.take_sparse(table);
    }

    fn take_dense(&mut self, table: &Binned) {
        self.blocks.resize_with(self.dense.len().div_ceil(WIDTH), Vec::new);
        for (block, columns) in self.blocks.iter_mut().zip(self.dense.chunks(WIDTH)) {
            block.clear();
            // A full block has a fixed size that the compiler unrolls.
            if let Ok(columns) = <[u32; WIDTH]>::try_from(columns) {
                block.extend(self.rows.iter().map(|&row| {
                    let bins = table.dense_row(row as usize);
                    columns.map(|c| bins[c as usize])
                }));
            } else {
                block.extend(self.rows.iter().map(|&row| {
                    let bins = table.dense_row(row as usize);
                    let mut out = [0; WIDTH];
                    out.iter_mut().zip(columns).for_each(|(o, &c)| *o = bins[c as usize]);
                    out
                }));
            }
        }
    }

    fn take_sparse(&mut self, table: &Binned) {
        self.starts.clear();
        self.slots.clear();
        self.starts.push(0);
        if self.sparse.len() == table.sparse.len() {
            for &row in &self.rows {
                self.slots.extend_from_slice(table.sparse_row(row as usize));
                self.starts.push(self.slots.len() as u32);
            }
            return;
        }
        let mut chosen = vec![false; table.slots];
        for &s in &self.sparse {
            let column = &table.sparse[s as usize];
            chosen[column.first as usize..][..column.slots()].fill(true);
        }
        for &row in &self.rows {
            self.slots.extend(table.sparse_row(row as usize).iter().filter(|&&slot| chosen[slot as usize]));
            self.starts.push(self.slots.len() as u32);
        }
    }

    /// Slots of a row (counted in the sample), ascending.
    #[inline]
    pub(crate) fn sparse_row(&self, row: u32) -> &[u32] {
        &self.slots[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize]
    }
}
