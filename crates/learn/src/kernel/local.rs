use super::distance::{Rows, manhattan, norms, squared};
use super::{Kernel, Shape, hash, positive_median, write_columns};
use crate::{LearnError, LocalRows, Table};
use faer::Mat;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// Structures of one block of columns.
const BLOCK: usize = 16;

/// Atoms compared together: a block of distances stays in the cache.
const HEIGHT: usize = 256;

/// Entries of a [`Metric`]: 256 MiB.
const MOST_ENTRIES: usize = 1 << 25;

/// A sum over pairs of atoms of equal element:
///
/// ```text
/// k(A, B) = sum_(i in A, j in B) [Z_i = Z_j] f(|a_i - b_j|)
/// ```
///
/// with `f` a [`Shape`] (Christensen, Bratholm, Faber and von Lilienfeld,
/// J. Chem. Phys. 152, 044107, 2020, eq. 3). It grows with the number of atoms,
/// as extensive properties do; labels must not have a constant mean
/// subtracted, but an [`ElementBaseline`](crate::ElementBaseline).
///
/// Distances of all pairs of atoms of one element come from one batched matrix
/// product over the features that the element has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalKernel {
    /// How the similarity of two atoms falls with distance.
    pub shape: Shape,
}

/// The atoms of each element.
#[derive(Debug, Clone)]
pub struct Prepared {
    structures: usize,
    columns: usize,
    stacks: Vec<Stack>,
}

/// The atoms of one element in all structures.
#[derive(Debug, Clone)]
struct Stack {
    element: u8,
    /// Features that are not zero for all atoms.
    live: Vec<usize>,
    /// Means of these, subtracted from `values`.
    centre: Vec<f64>,
    /// One row of live features for each atom.
    values: Vec<f64>,
    norms: Vec<f64>,
    /// Atoms of structure `i`: `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
}

/// Metric values: for each block of structures, for each element, those of its
/// atoms (columns) and all atoms of structures from the block on (rows).
#[derive(Debug)]
pub struct Metric {
    blocks: Vec<Vec<Vec<f64>>>,
    /// For each element where each structure's atoms start.
    starts: Vec<Vec<usize>>,
    structures: usize,
}

impl Stack {
    fn new(x: &LocalRows, element: u8, atoms: &[(usize, usize)]) -> Self {
        let row = |&(structure, atom): &(usize, usize)| {
            &x.rows(structure)[atom * x.columns()..(atom + 1) * x.columns()]
        };
        let mut sums = vec![(false, 0.0); x.columns()];
        for atom in atoms {
            for (sum, &value) in sums.iter_mut().zip(row(atom)) {
                *sum = (sum.0 || value != 0.0, sum.1 + value / atoms.len() as f64);
            }
        }
        let live: Vec<usize> = (0..x.columns()).filter(|&c| sums[c].0).collect();
        let centre: Vec<f64> = live.iter().map(|&c| sums[c].1).collect();
        let mut values = Vec::with_capacity(atoms.len() * live.len());
        let mut starts = vec![0; x.len() + 1];
        for atom in atoms {
            let row = row(atom);
            values.extend(live.iter().zip(&centre).map(|(&c, mean)| row[c] - mean));
            starts[atom.0 + 1] += 1;
        }
        for i in 0..x.len() {
            starts[i + 1] += starts[i];
        }
        let norms = if live.is_empty() { vec![0.0; atoms.len()] } else { norms(&values, live.len()) };
        Self { element, live, centre, values, norms, starts }
    }

    fn rows(&self) -> Rows<'_> {
        Rows { values: &self.values, norms: &self.norms, columns: self.live.len() }
    }

    /// Rows of other structures' atoms of this element, in terms of this
    /// stack's features; what only they have goes into the second list: its
    /// distance from zero is common to all pairs of the atom.
    fn describe(&self, z: &LocalRows, shape: Shape, range: Range<usize>) -> (Vec<f64>, Vec<f64>, Vec<usize>) {
        let (mut values, mut rest, mut starts) = (Vec::new(), Vec::new(), vec![0]);
        let mut dead = vec![true; z.columns()];
        self.live.iter().for_each(|&c| dead[c] = false);
        for structure in range {
            for (row, &element) in z.rows(structure).chunks_exact(z.columns()).zip(z.elements(structure)) {
                if element == self.element {
                    values.extend(self.live.iter().zip(&self.centre).map(|(&c, mean)| row[c] - mean));
                    let other = row.iter().zip(&dead).filter(|(_, dead)| **dead).map(|(value, _)| value);
                    rest.push(if shape.manhattan() {
                        other.map(|v| v.abs()).sum::<f64>()
                    } else {
                        other.map(|v| v * v).sum()
                    });
                }
            }
            starts.push(rest.len());
        }
        (values, rest, starts)
    }
}

impl LocalKernel {
    fn compare(self, a: Rows<'_>, b: Rows<'_>, rest: Option<&[f64]>, out: &mut [f64]) {
        if !self.shape.manhattan() {
            return squared(a, b, out);
        }
        manhattan(a, b, out);
        for (column, rest) in out.chunks_exact_mut(a.norms.len().max(1)).zip(rest.unwrap_or_default()) {
            column.iter_mut().for_each(|value| *value += rest);
        }
    }

    /// Gives `visit` the metric values of atoms of structures from block
    /// `number` on with atoms of structures of the block, in pieces: the first
    /// atom (row), the first atom of the other side (column), the rows of the
    /// piece, and the values column after column.
    fn pieces(self, stack: &Stack, number: usize, mut visit: impl FnMut(usize, usize, usize, &mut [f64])) {
        let structures = stack.starts.len() - 1;
        let (first, last) = (number * BLOCK, (number * BLOCK + BLOCK).min(structures));
        let (from, to, end) = (stack.starts[first], stack.starts[last], stack.starts[structures]);
        let mut part = vec![0.0; HEIGHT.min(end - from) * (to - from)];
        for start in (from..end).step_by(HEIGHT) {
            let stop = (start + HEIGHT).min(end);
            let part = &mut part[..(stop - start) * (to - from)];
            self.compare(stack.rows().range(start, stop), stack.rows().range(from, to), None, part);
            visit(start, from, stop - start, part);
        }
    }

    fn metric_block(self, prepared: &Prepared, number: usize) -> Vec<Vec<f64>> {
        let first = number * BLOCK;
        prepared
            .stacks
            .iter()
            .map(|stack| {
                let height = stack.starts[prepared.structures] - stack.starts[first];
                let width = stack.starts[(first + BLOCK).min(prepared.structures)] - stack.starts[first];
                let mut all = vec![0.0; height * width];
                self.pieces(stack, number, |start, from, rows, part| {
                    for (j, column) in part.chunks_exact(rows).enumerate() {
                        let at = j * height + start - from;
                        all[at..at + rows].copy_from_slice(column);
                    }
                });
                all
            })
            .collect()
    }
}

impl Metric {
    /// For each block of structures: sums of `values` over pairs of atoms, for
    /// all structures from the block on (rows) with those of the block.
    fn block_sums(&self, number: usize, values: impl Fn(&mut [f64])) -> Vec<f64> {
        let first = number * BLOCK;
        let height = self.structures - first;
        let mut sums = vec![0.0; height * BLOCK.min(height)];
        for (metric, starts) in self.blocks[number].iter().zip(&self.starts) {
            let mut metric = metric.clone();
            values(&mut metric);
            let atoms = starts[self.structures] - starts[first];
            let from = starts[first];
            add_pairs(
                &metric,
                atoms,
                starts,
                from,
                first,
                columns_of(starts, from, first, height),
                &mut sums,
            );
        }
        sums
    }
}

/// Adds up values of pairs of atoms to pairs of structures. Columns of
/// `values` have `rows` entries, of which the first is atom `from` by `starts`.
/// `target` has for each column its sums for structures from `first` on.
fn add_pairs(
    values: &[f64],
    rows: usize,
    starts: &[usize],
    from: usize,
    first: usize,
    mut target: impl FnMut(usize) -> Range<usize>,
    sums: &mut [f64],
) {
    if rows == 0 {
        return;
    }
    let begin = starts.partition_point(|&s| s <= from) - 1;
    for (j, column) in values.chunks_exact(rows).enumerate() {
        let sums = &mut sums[target(j)];
        let (mut structure, mut done) = (begin, 0);
        while done < rows {
            let end = (starts[structure + 1] - from).min(rows);
            if end > done {
                sums[structure - first] += column[done..end].iter().sum::<f64>();
                done = end;
            }
            structure += 1;
        }
    }
}

/// For atoms counted from `from`, the columns of length `height` of their
/// structures, of which the first is `first`.
fn columns_of(
    starts: &[usize],
    from: usize,
    first: usize,
    height: usize,
) -> impl FnMut(usize) -> Range<usize> + '_ {
    move |atom| {
        let column = starts.partition_point(|&s| s <= from + atom) - 1 - first;
        column * height..(column + 1) * height
    }
}

impl Kernel for LocalKernel {
    type Input = LocalRows;
    type Prepared = Prepared;
    type Metric = Metric;

    fn describe(&self) -> serde_json::Value {
        serde_json::json!({"kernel": "local", "shape": self.shape})
    }

    fn prepare(&self, x: &LocalRows) -> Prepared {
        let mut atoms: BTreeMap<u8, Vec<(usize, usize)>> = BTreeMap::new();
        for structure in 0..x.len() {
            for (atom, &element) in x.elements(structure).iter().enumerate() {
                atoms.entry(element).or_default().push((structure, atom));
            }
        }
        let stacks = atoms.iter().map(|(&element, atoms)| Stack::new(x, element, atoms)).collect();
        Prepared { structures: x.len(), columns: x.columns(), stacks }
    }

    fn check(&self, prepared: &Prepared, x: &LocalRows) -> Result<(), LearnError> {
        let (expected, found) = (prepared.columns, x.columns());
        if expected == found { Ok(()) } else { Err(LearnError::ColumnMismatch { expected, found }) }
    }

    fn metric(&self, prepared: &Prepared) -> Metric {
        let blocks = (0..prepared.structures.div_ceil(BLOCK))
            .into_par_iter()
            .map(|number| self.metric_block(prepared, number))
            .collect();
        let starts = prepared.stacks.iter().map(|stack| stack.starts.clone()).collect();
        Metric { blocks, starts, structures: prepared.structures }
    }

    fn affordable(&self, x: &LocalRows, rows: usize) -> usize {
        let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
        for structure in 0..x.len() {
            for &element in x.elements(structure) {
                *counts.entry(element).or_default() += 1;
            }
        }
        let n = x.len().max(1) as f64;
        let pairs: f64 = counts.values().map(|&c| (c as f64 / n).powi(2)).sum();
        rows.min((2.0 * MOST_ENTRIES as f64 / pairs.max(1e-3)).sqrt() as usize)
    }

    fn typical_length(&self, metric: &Metric) -> f64 {
        // A share of the blocks is enough, and keeps the copy small.
        let step = metric.blocks.len().div_ceil(8).max(1);
        let values = metric.blocks.iter().step_by(step).flatten().flatten().copied();
        positive_median(values).map_or(1.0, |middle| self.shape.distance(middle))
    }

    fn gram(&self, metric: &Metric, length: f64) -> Mat<f64> {
        let mut matrix = Mat::zeros(metric.structures, metric.structures);
        matrix.as_mut().par_col_chunks_mut(BLOCK).enumerate().for_each(|(number, columns)| {
            let sums = metric.block_sums(number, |values| self.shape.values(length, values));
            write_columns(columns, number * BLOCK, &sums);
        });
        matrix
    }

    fn contract(&self, metric: &Metric, length: f64, weights: &Mat<f64>) -> f64 {
        let sums: Vec<f64> = (0..metric.blocks.len())
            .into_par_iter()
            .map(|number| {
                let sums = metric.block_sums(number, |values| self.shape.slopes(length, values));
                let first = number * BLOCK;
                let columns = sums.chunks_exact(metric.structures - first).enumerate();
                columns
                    .map(|(j, column)| {
                        let weights = weights.col(first + j).subrows(first, column.len());
                        let share = |i: usize| if i == j { 1.0 } else { 2.0 };
                        let terms = weights.iter().zip(column).enumerate().skip(j);
                        terms.map(|(i, (w, s))| share(i) * w * s).sum::<f64>()
                    })
                    .sum()
            })
            .collect();
        sums.iter().sum()
    }

    fn matrix(&self, prepared: &Prepared, length: f64) -> Mat<f64> {
        let n = prepared.structures;
        let mut matrix = Mat::zeros(n, n);
        matrix.as_mut().par_col_chunks_mut(BLOCK).enumerate().for_each(|(number, columns)| {
            let first = number * BLOCK;
            let height = n - first;
            let mut sums = vec![0.0; height * columns.ncols()];
            for stack in &prepared.stacks {
                self.pieces(stack, number, |start, from, rows, part| {
                    self.shape.values(length, part);
                    let target = columns_of(&stack.starts, from, first, height);
                    add_pairs(part, rows, &stack.starts, start, first, target, &mut sums);
                });
            }
            write_columns(columns, first, &sums);
        });
        matrix
    }

    fn cross(&self, prepared: &Prepared, z: &LocalRows, range: Range<usize>, length: f64, out: &mut [f64]) {
        out.fill(0.0);
        let n = prepared.structures;
        for stack in &prepared.stacks {
            let (values, rest, starts) = stack.describe(z, self.shape, range.clone());
            let mut own =
                if stack.live.is_empty() { vec![0.0; rest.len()] } else { norms(&values, stack.live.len()) };
            own.iter_mut().zip(&rest).for_each(|(norm, rest)| *norm += rest);
            let right = Rows { values: &values, norms: &own, columns: stack.live.len() };
            let atoms = stack.norms.len();
            let mut part = vec![0.0; HEIGHT.min(atoms) * rest.len()];
            for start in (0..atoms).step_by(HEIGHT) {
                let stop = (start + HEIGHT).min(atoms);
                let rows = stop - start;
                let part = &mut part[..rows * rest.len()];
                self.compare(stack.rows().range(start, stop), right, Some(&rest), part);
                self.shape.values(length, part);
                add_pairs(part, rows, &stack.starts, start, 0, columns_of(&starts, 0, 0, n), out);
            }
        }
    }

    fn diagonal(&self, z: &LocalRows, range: Range<usize>, length: f64) -> Vec<f64> {
        range
            .map(|structure| {
                let one = self.prepare(&z.select(&[structure]));
                self.matrix(&one, length)[(0, 0)]
            })
            .collect()
    }

    fn hashes(&self, x: &LocalRows) -> Vec<u64> {
        (0..x.len())
            .map(|structure| {
                // Added up, because the order of the atoms does not matter.
                let rows = x.rows(structure).chunks_exact(x.columns());
                let atoms = rows.zip(x.elements(structure));
                atoms.map(|(row, &element)| hash(u64::from(element), row)).fold(0, u64::wrapping_add)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random_atoms;

    fn direct(shape: Shape, a: (&[u8], &[f64]), b: (&[u8], &[f64]), columns: usize, length: f64) -> f64 {
        let mut sum = 0.0;
        for (z, row) in a.0.iter().zip(a.1.chunks_exact(columns)) {
            for (other, column) in b.0.iter().zip(b.1.chunks_exact(columns)) {
                if z == other {
                    let pairs = || row.iter().zip(column).map(|(x, y)| x - y);
                    let d: f64 = if shape.manhattan() {
                        pairs().map(f64::abs).sum()
                    } else {
                        pairs().map(|d| d * d).sum()
                    };
                    let mut value = [d];
                    shape.values(length, &mut value);
                    sum += value[0];
                }
            }
        }
        sum
    }

    #[test]
    fn all_ways_to_the_matrix_equal_the_direct_sum() {
        let (x, length) = (random_atoms(45, 30, 1), 2.0);
        for shape in [Shape::Gaussian, Shape::Laplacian, Shape::Matern52] {
            let kernel = LocalKernel { shape };
            // Features and elements that only the others have must count.
            let part = kernel.prepare(&x.select(&(0..20).collect::<Vec<_>>()));
            let whole = kernel.prepare(&x);
            let metric = kernel.metric(&whole);
            let (one, two) = (kernel.gram(&metric, length), kernel.matrix(&whole, length));
            let mut cross = vec![0.0; 20 * 25];
            kernel.cross(&part, &x, 20..45, length, &mut cross);
            let diagonal = kernel.diagonal(&x, 0..45, length);
            for j in 0..45 {
                for i in j..45 {
                    let (a, b) = ((x.elements(i), x.rows(i)), (x.elements(j), x.rows(j)));
                    let sum = direct(shape, a, b, 30, length);
                    let near = |value: f64| (value - sum).abs() <= 1e-11 * (1.0 + sum);
                    assert!(near(one[(i, j)]) && near(two[(i, j)]), "{} {sum}", one[(i, j)]);
                    assert!(i != j || near(diagonal[i]));
                    if j < 20 && i >= 20 {
                        assert!(near(cross[(i - 20) * 20 + j]), "{} {sum}", cross[(i - 20) * 20 + j]);
                    }
                }
            }
        }
    }

    #[test]
    fn the_contraction_equals_finite_differences() {
        let x = random_atoms(40, 12, 2);
        let weights = Mat::from_fn(40, 40, |i, j| ((i * j) as f64).sin() + ((i + j) as f64).cos());
        let kernel = LocalKernel { shape: Shape::Gaussian };
        let metric = kernel.metric(&kernel.prepare(&x));
        let sum = |length: f64| -> f64 {
            let gram = kernel.gram(&metric, length);
            let term = |i: usize, j: usize| gram[(i.max(j), i.min(j))] * weights[(i.max(j), i.min(j))];
            (0..40).flat_map(|j| (0..40).map(move |i| term(i, j))).sum()
        };
        let h = 1e-4_f64;
        let expected = (sum(1.7 * h.exp()) - sum(1.7 * (-h).exp())) / (2.0 * h);
        let found = kernel.contract(&metric, 1.7, &weights);
        assert!((found - expected).abs() < 1e-6 * (1.0 + expected.abs()), "{found} {expected}");
    }

    #[test]
    fn the_order_of_the_atoms_does_not_matter() {
        let mut x = random_atoms(1, 6, 3);
        let elements: Vec<u8> = x.elements(0).iter().rev().copied().collect();
        let rows: Vec<f64> = x.rows(0).chunks_exact(6).rev().flatten().copied().collect();
        x.push(&elements, &rows).unwrap();
        let kernel = LocalKernel { shape: Shape::Gaussian };
        let matrix = kernel.matrix(&kernel.prepare(&x), 1.0);
        assert!((matrix[(1, 0)] - matrix[(0, 0)]).abs() < 1e-12 * matrix[(0, 0)]);
        assert_eq!(kernel.hashes(&x)[0], kernel.hashes(&x)[1]);
    }
}
