//! Models of trees in files.

use super::{BoostedClassifier, BoostedTrees, RandomForest, StoredParts, TreeRows};
use crate::{Array, LearnError, Storable, Stored, Table};
use std::collections::BTreeMap;

const KIND: &str = "trees";
const VERSION: u64 = 1;

fn stored((settings, reals, wholes): StoredParts) -> Result<Stored, LearnError> {
    let mut stored = Stored::new(KIND, VERSION);
    stored.set("model", settings)?;
    stored.arrays.extend(reals.into_iter().map(|(name, list)| (name, Array::F64(list))));
    stored.arrays.extend(wholes.into_iter().map(|(name, list)| (name, Array::U32(list))));
    Ok(stored)
}

fn parts(stored: &Stored) -> Result<StoredParts, LearnError> {
    stored.expect(KIND, VERSION)?;
    let (mut reals, mut wholes) = (BTreeMap::new(), BTreeMap::new());
    for (name, array) in &stored.arrays {
        match array {
            Array::F64(list) => {
                reals.insert(name.clone(), list.clone());
            }
            Array::U32(list) => {
                wholes.insert(name.clone(), list.clone());
            }
            Array::U64(_) | Array::U8(_) => {
                let problem = "has numbers of a type that trees have not".to_owned();
                return Err(LearnError::BadStored { field: name.clone(), problem });
            }
        }
    }
    Ok((stored.get("model")?, reals, wholes))
}

/// Trees predict without their training structures: an empty table will do, and
/// then [`Surrogate::extend`](crate::Surrogate::extend) is an error.
macro_rules! storable {
    ($model:ident) => {
        impl Storable for $model {
            fn store(&self) -> Result<Stored, LearnError> {
                stored(self.to_stored_parts()?)
            }

            fn restore(&mut self, x: &TreeRows, from: &Stored) -> Result<(), LearnError> {
                let (settings, reals, wholes) = parts(from)?;
                let x = (!x.is_empty()).then_some(x);
                *self = Self::from_stored_parts(x, &settings, &reals, &wholes)?;
                Ok(())
            }
        }
    };
}

storable!(BoostedTrees);
storable!(RandomForest);
storable!(BoostedClassifier);
