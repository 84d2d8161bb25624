use crate::{FeatureError, Unfit};
use matter::{Element, Geometry};
use std::collections::BTreeMap;

/// No molecule needs more than three atoms of an element in one term.
const TERM: usize = 3;

/// Which many-body terms a data set has: of one, two and three atoms, by
/// element.
///
/// A term of three atoms is there if, for each element, some molecule of the
/// set has as many atoms of it as the term; pairs are there for any two
/// elements. These are the types of qmllib's `get_slatm_mbtypes`, but always in
/// the order of the atomic numbers; qmllib's order depends on a hash table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManyBodyTypes {
    elements: Vec<Element>,
    /// The most atoms of each element, not counted beyond [`TERM`].
    most: Vec<usize>,
    pairs: Vec<[usize; 2]>,
    triples: Vec<[usize; 3]>,
    /// The number of pairs and triples, if some were left out.
    met: Option<usize>,
}

impl ManyBodyTypes {
    /// The terms of a data set.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if it is empty.
    pub fn of(geometries: &[Geometry]) -> Result<Self, FeatureError> {
        let mut most = BTreeMap::new();
        for geometry in geometries {
            let mut counts = BTreeMap::new();
            geometry.elements().iter().for_each(|&element| *counts.entry(element).or_insert(0) += 1);
            for (element, count) in counts {
                let seen = most.entry(element).or_insert(0);
                *seen = count.max(*seen);
            }
        }
        Self::from_counts(most)
    }

    /// All terms that molecules of these elements can have.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if there is no element.
    pub fn all(elements: &[Element]) -> Result<Self, FeatureError> {
        Self::from_counts(elements.iter().map(|&element| (element, TERM)).collect())
    }

    /// The terms of molecules with up to this many atoms of each element.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if there is no element.
    pub fn from_counts(most: BTreeMap<Element, usize>) -> Result<Self, FeatureError> {
        let (elements, most): (Vec<Element>, Vec<usize>) =
            most.into_iter().filter(|(_, count)| *count > 0).map(|(e, count)| (e, count.min(TERM))).unzip();
        if elements.is_empty() {
            return Err(FeatureError::Setting {
                name: "many-body types",
                value: "an empty list".to_owned(),
                expected: "those of at least one molecule",
            });
        }
        let count = elements.len();
        let unequal = (0..count).flat_map(|a| (a + 1..count).map(move |b| [a, b]));
        let pairs: Vec<[usize; 2]> = (0..count).map(|a| [a, a]).chain(unequal).collect();
        let mut triples: Vec<[usize; 3]> = Vec::new();
        for a in 0..count {
            for &[b, c] in &pairs {
                for [x, y, z] in [[a, b, c], [a, c, b], [b, a, c]] {
                    let known = triples.contains(&[x, y, z]) || triples.contains(&[z, y, x]);
                    let enough = |e: &usize| [x, y, z].iter().filter(|other| *other == e).count() <= most[*e];
                    if !known && [x, y, z].iter().all(enough) {
                        triples.push([x, y, z]);
                    }
                }
            }
        }
        Ok(Self { elements, most, pairs, triples, met: None })
    }

    /// Without the terms whose elements are never together in one of these sets of elements. Rows of molecules of the
    /// sets lose nothing but zeros, and with many elements most of their length; other molecules are described without
    /// the terms left out.
    pub fn met_in(mut self, sets: &[Vec<Element>]) -> Self {
        let elements = self.elements.clone();
        let met = |term: &[usize]| sets.iter().any(|set| term.iter().all(|&e| set.contains(&elements[e])));
        self.pairs.retain(|pair| met(pair));
        self.triples.retain(|triple| met(triple));
        self.met = Some(self.pairs.len() + self.triples.len());
        self
    }

    /// The elements, by atomic number. Terms name them by their place here.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// The terms of two atoms, in the order of the columns.
    pub fn pairs(&self) -> &[[usize; 2]] {
        &self.pairs
    }

    /// The terms of three atoms, the middle one at the angle, in the order of
    /// the columns.
    pub fn triples(&self) -> &[[usize; 3]] {
        &self.triples
    }

    /// The number of terms of any size.
    pub fn len(&self) -> usize {
        self.elements.len() + self.pairs.len() + self.triples.len()
    }

    /// Whether there is no term (never true for constructed types).
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// The place of each atom's element, if all terms of the geometry are here.
    pub(super) fn places(&self, geometry: &Geometry) -> Result<Vec<usize>, Unfit> {
        let mut counts = vec![0; self.elements.len()];
        let mut places = Vec::with_capacity(geometry.len());
        for (atom, &element) in geometry.elements().iter().enumerate() {
            let place = self.elements.binary_search(&element).map_err(|_| {
                let covered = self.elements.iter().map(|e| e.symbol()).collect::<Vec<_>>().join(",");
                Unfit::Element { atom: atom + 1, element, covered }
            })?;
            counts[place] += 1;
            places.push(place);
        }
        for (place, &count) in counts.iter().enumerate() {
            let most = self.most[place];
            if most < TERM && count > most {
                return Err(Unfit::Count { element: self.elements[place], count, most });
            }
        }
        Ok(places)
    }
}

/// Elements with the most atoms of each, such as `H3C3O1`; 3 means any number. After that
/// the number of terms, if some were left out.
impl std::fmt::Display for ManyBodyTypes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.elements.iter().zip(&self.most).try_for_each(|(element, most)| write!(f, "{element}{most}"))?;
        self.met.map_or(Ok(()), |met| write!(f, ":met{met}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_those_a_set_can_have() {
        let types = ManyBodyTypes::from_counts(BTreeMap::from([(Element::H, 4), (Element::O, 1)])).unwrap();
        // H-H-H, H-H-O, H-O-H: one O cannot be twice in a term.
        assert_eq!(types.triples(), [[0, 0, 0], [0, 0, 1], [0, 1, 0]]);
        assert_eq!((types.pairs(), types.len()), (&[[0, 0], [1, 1], [0, 1]][..], 8));
        assert_eq!(types.to_string(), "H3O1");
    }

    #[test]
    fn all_terms_of_five_elements() {
        let elements = [1, 6, 7, 8, 9].map(|z| Element::from_number(z).unwrap());
        // n elements: n, n (n + 1) / 2 and n^2 (n + 1) / 2.
        assert_eq!(ManyBodyTypes::all(&elements).unwrap().len(), 5 + 15 + 75);
        assert!(ManyBodyTypes::all(&[]).is_err());
    }
}
