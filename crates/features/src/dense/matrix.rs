use matter::{Element, Geometry};

/// Numbers in rows of equal length, row after row.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseMatrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl DenseMatrix {
    /// A matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The length of a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row `index`.
    ///
    /// # Panics
    /// If `index` is not below [`DenseMatrix::rows`], as slices do.
    pub fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.columns..(index + 1) * self.columns]
    }

    /// All numbers, row after row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// A new matrix of the rows `indices`, in that order; an index may repeat.
    ///
    /// # Panics
    /// If an index is not below [`DenseMatrix::rows`], as slices do.
    pub fn select(&self, indices: &[usize]) -> Self {
        let values = indices.iter().flat_map(|&index| self.row(index)).copied().collect();
        Self { rows: indices.len(), columns: self.columns, values }
    }

    /// Every row to write to, in order.
    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        self.values.chunks_exact_mut(self.columns.max(1))
    }
}

/// One row for each atom of many molecules, molecule after molecule, with the
/// element of each atom.
#[derive(Debug, Clone, PartialEq)]
pub struct AtomRows {
    matrix: DenseMatrix,
    elements: Vec<Element>,
    /// Where the atoms of each molecule start, and the number of all atoms.
    starts: Vec<usize>,
}

impl AtomRows {
    /// Zeros for all atoms of `geometries`.
    pub fn zeros(geometries: &[Geometry], columns: usize) -> Self {
        let elements: Vec<Element> = geometries.iter().flat_map(|g| g.elements()).copied().collect();
        let mut starts = vec![0];
        let mut atoms = 0;
        for geometry in geometries {
            atoms += geometry.len();
            starts.push(atoms);
        }
        Self { matrix: DenseMatrix::zeros(elements.len(), columns), elements, starts }
    }

    /// The number of molecules.
    pub fn molecules(&self) -> usize {
        self.starts.len() - 1
    }

    /// The rows of all atoms of all molecules.
    pub fn matrix(&self) -> &DenseMatrix {
        &self.matrix
    }

    /// The element of each row.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// Which rows belong to molecule `index`.
    ///
    /// # Panics
    /// If `index` is not below [`AtomRows::molecules`], as slices do.
    pub fn atoms(&self, index: usize) -> std::ops::Range<usize> {
        self.starts[index]..self.starts[index + 1]
    }

    /// The numbers of molecule `index`, row after row.
    ///
    /// # Panics
    /// If `index` is not below [`AtomRows::molecules`], as slices do.
    pub fn molecule(&self, index: usize) -> &[f64] {
        let atoms = self.atoms(index);
        &self.matrix.values[atoms.start * self.matrix.columns..atoms.end * self.matrix.columns]
    }

    /// The numbers of every molecule to write to, in order.
    pub(crate) fn molecules_mut(&mut self) -> Vec<&mut [f64]> {
        let mut rest = self.matrix.values.as_mut_slice();
        let mut parts = Vec::with_capacity(self.starts.len() - 1);
        for bounds in self.starts.windows(2) {
            let (part, tail) = rest.split_at_mut((bounds[1] - bounds[0]) * self.matrix.columns);
            parts.push(part);
            rest = tail;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_selected_in_the_order_asked_for() {
        let mut matrix = DenseMatrix::zeros(3, 2);
        for (number, row) in matrix.rows_mut().enumerate() {
            row.fill(number as f64);
        }
        assert_eq!(matrix.select(&[2, 0]).values(), [2.0, 2.0, 0.0, 0.0]);
        assert_eq!(matrix.select(&[]).rows(), 0);
    }

    #[test]
    fn atoms_of_a_molecule_are_its_rows() {
        let one = Geometry::new(vec![Element::O], vec![[0.0; 3]]).unwrap();
        let two = Geometry::new(vec![Element::C, Element::O], vec![[0.0; 3], [1.1, 0.0, 0.0]]).unwrap();
        let mut rows = AtomRows::zeros(&[one, two], 3);
        for (number, part) in rows.molecules_mut().into_iter().enumerate() {
            part.fill(number as f64);
        }
        assert_eq!((rows.molecules(), rows.atoms(1)), (2, 1..3));
        assert_eq!(rows.molecule(1), [1.0; 6]);
        assert_eq!(rows.elements(), [Element::O, Element::C, Element::O]);
    }
}
