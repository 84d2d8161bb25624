use super::{FoldedCounts, fold_into};
use crate::morgan::described;
use crate::{CountMatrix, FeatureError, FeatureId, Features, Radius, SparseCounts, tanimoto_from_shared};
use matter::chem::{FingerprintSize, Graph};
use rayon::prelude::*;

/// Bits of many molecules, 64 in a word, row after row; bit b of a molecule is
/// bit `b mod 64` of word `b / 64` of its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BitMatrix {
    /// A multiple of 64.
    columns: usize,
    words: Vec<u64>,
}

impl BitMatrix {
    /// The number of rows (molecules).
    pub fn len(&self) -> usize {
        self.words.len() / (self.columns / 64)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The number of bits of a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The words of row `index`.
    ///
    /// # Panics
    /// If `index` is not below [`BitMatrix::len`], as slices do.
    pub fn row(&self, index: usize) -> &[u64] {
        let words = self.columns / 64;
        &self.words[index * words..(index + 1) * words]
    }

    /// The bits that are set in row `index`, ascending.
    ///
    /// # Panics
    /// As [`BitMatrix::row`].
    pub fn ones(&self, index: usize) -> impl Iterator<Item = u32> + '_ {
        let of_word = |(place, &word): (usize, &u64)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(place as u32 * 64 + bit)
            })
        };
        self.row(index).iter().enumerate().flat_map(of_word)
    }

    /// The Tanimoto similarity of row `index` and row `place` of `other`, bits
    /// in common divided by bits in either; 1 if neither has one.
    ///
    /// # Panics
    /// As [`BitMatrix::row`].
    pub fn tanimoto(&self, index: usize, other: &BitMatrix, place: usize) -> f64 {
        let (a, b) = (self.row(index), other.row(place));
        let ones = |row: &[u64]| row.iter().map(|word| word.count_ones()).sum::<u32>();
        let shared = a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum();
        tanimoto_from_shared(shared, ones(a), ones(b))
    }

    /// A new matrix of the rows `indices`, in that order; an index may repeat.
    ///
    /// # Panics
    /// As [`BitMatrix::row`].
    pub fn select(&self, indices: &[usize]) -> Self {
        let words = indices.iter().flat_map(|&index| self.row(index)).copied().collect();
        Self { columns: self.columns, words }
    }

    /// A count of one for each bit that is set, for models of counts.
    ///
    /// # Errors
    /// None that these bits can cause; the error is that of
    /// [`SparseCounts::from_pairs`].
    pub fn to_counts(&self) -> Result<CountMatrix, FeatureError> {
        let mut matrix = CountMatrix::new();
        for index in 0..self.len() {
            matrix.push(SparseCounts::from_pairs(self.ones(index).map(|bit| (bit, 1)))?.view());
        }
        Ok(matrix)
    }

    /// A byte of 0 or 1 for each bit.
    pub fn to_folded(&self) -> FoldedCounts {
        let mut folded = FoldedCounts::zeros(self.len(), self.columns);
        for (index, row) in folded.rows_mut().enumerate() {
            fold_into(self.ones(index).map(|bit| (bit, 1)), row);
        }
        folded
    }
}

/// Morgan bit fingerprints: a bit is set if an environment of any radius from 0
/// up to the given one has that remainder (ECFP4 for two bonds).
///
/// The bits are those of RDKit's `GetMorganGenerator(radius=..., fpSize=...)`.
/// Rogers and Hahn, J. Chem. Inf. Model. 50, 742 (2010).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MorganBits {
    radius: Radius,
    size: FingerprintSize,
}

impl MorganBits {
    /// Environments up to `radius` in `size` bits.
    pub fn new(radius: Radius, size: FingerprintSize) -> Self {
        Self { radius, size }
    }
}

impl Features for MorganBits {
    type Matrix = BitMatrix;

    fn id(&self) -> FeatureId {
        FeatureId::new(format!("morgan-bits:r{}:{}", self.radius.bonds(), self.size.bits()))
    }

    fn compute(&self, molecules: &[Graph]) -> Result<BitMatrix, FeatureError> {
        let columns = self.size.bits();
        let mut words = vec![0; molecules.len() * (columns / 64)];
        let rows: Vec<&mut [u64]> = words.chunks_exact_mut(columns / 64).collect();
        let done: Vec<Result<(), FeatureError>> = rows
            .into_par_iter()
            .zip(molecules)
            .enumerate()
            .map(|(index, (row, molecule))| {
                molecule
                    .morgan_bits(self.radius.bonds(), self.size, row)
                    .map_err(|source| described(index, molecule, &self.id(), source))
            })
            .collect();
        done.into_iter().collect::<Result<(), FeatureError>>()?;
        Ok(BitMatrix { columns, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MorganCounts, conformance};

    fn molecules() -> Vec<Graph> {
        let texts = ["CCO", "CC(=O)Oc1ccccc1C(=O)O", "CCCCCCCCCC", "[Na+].[O-]C=O", "C"];
        texts.iter().map(|text| Graph::from_smiles(text).unwrap()).collect()
    }

    #[test]
    fn bits_conform() {
        conformance::check(&MorganBits::default(), BitMatrix::select).unwrap();
        conformance::check(&MorganBits::new(Radius::Three, FingerprintSize::B512), BitMatrix::select)
            .unwrap();
    }

    #[test]
    fn a_bit_is_set_where_a_folded_count_is_not_zero() {
        for size in [FingerprintSize::B128, FingerprintSize::B2048] {
            let bits = MorganBits::new(Radius::Three, size).compute(&molecules()).unwrap();
            let counts = MorganCounts::new(Radius::Three).compute(&molecules()).unwrap();
            let folded = FoldedCounts::fold(&counts, size.bits()).unwrap();
            for index in 0..bits.len() {
                let set: Vec<u32> = bits.ones(index).collect();
                let expected: Vec<u32> =
                    (0..size.bits() as u32).filter(|&bit| folded.row(index)[bit as usize] > 0).collect();
                assert_eq!(set, expected);
            }
            assert!(bits.to_folded().counts().iter().all(|&bit| bit <= 1));
        }
    }

    #[test]
    fn similarity_is_that_of_counts_of_one() {
        let bits = MorganBits::default().compute(&molecules()).unwrap();
        let counts = bits.to_counts().unwrap();
        for i in 0..bits.len() {
            for j in 0..bits.len() {
                assert_eq!(bits.tanimoto(i, &bits, j), counts.row(i).tanimoto(counts.row(j)));
            }
        }
    }
}
