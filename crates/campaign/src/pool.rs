//! The candidates a campaign chooses from.

use crate::error::CampaignError;
use crate::spec::Loaded;
use decide::{Tally, Verdict};
use features::{CountMatrix, Features, MorganCounts, Radius};
use matter::units::CoreSeconds;
use matter::{Graph, Molecule, StructureId};
use rayon::prelude::*;
use space::{Seen, SpaceError};
use std::collections::HashMap;

/// Candidates taken from the space at a time, at the most.
const CHUNK: usize = 4096;
/// Candidates taken from it at first; then twice as many each time.
const FIRST: usize = 64;

/// The candidates that pass the constraints, in the order of the space, with what the surrogate sees of them.
#[derive(Debug)]
pub struct Pool {
    /// The molecules.
    pub molecules: Vec<Molecule>,
    /// Their identities.
    pub ids: Vec<StructureId>,
    /// Their features, a row each.
    pub features: CountMatrix,
    /// Their numbers of electrons: the size that costs are forecast from.
    pub electrons: Vec<f64>,
    /// Position of each structure.
    pub index: HashMap<StructureId, usize>,
    /// How many passed and failed which constraint.
    pub tally: Tally,
    /// What the space met.
    pub seen: Seen,
}

/// Upper bound of the processor time of listing, filtering and describing one candidate (measured: 0.3 ms for quinones,
/// twice that on a busy machine).
const EACH: CoreSeconds = CoreSeconds(1e-3);

impl Pool {
    /// Enumerates the space, filters it and computes features. The same file gives the same pool.
    ///
    /// # Errors
    /// What is wrong with the space, or that no candidate is left.
    pub fn load(loaded: &Loaded) -> Result<Pool, CampaignError> {
        Pool::load_while(loaded, |_| Ok(()))
    }

    /// The same, as long as `go_on` does not object. It is asked before each part of the space, with the most that the
    /// part may take.
    ///
    /// # Errors
    /// Those of [`Pool::load`] and of `go_on`.
    pub fn load_while(
        loaded: &Loaded,
        go_on: impl Fn(CoreSeconds) -> Result<(), CampaignError>,
    ) -> Result<Pool, CampaignError> {
        let filter = loaded.spec.constraints.compile()?;
        let space = loaded.spec.space.clone().relative_to(&loaded.folder()).open();
        let mut space = space.map_err(|error| match error {
            SpaceError::Open { .. } => loaded.wrong_at(&["space", "file"], error.to_string()),
            other => other.into(),
        })?;
        let radius = if loaded.spec.search.morgan_radius == 3 { Radius::Three } else { Radius::Two };
        let morgan = MorganCounts::new(radius);
        let mut pool = Pool {
            molecules: Vec::new(),
            ids: Vec::new(),
            features: CountMatrix::new(),
            electrons: Vec::new(),
            index: HashMap::new(),
            tally: Tally::default(),
            seen: Seen::default(),
        };
        let mut part = FIRST;
        loop {
            go_on(EACH * part as f64)?;
            let chunk = space.candidates(part)?;
            let last = chunk.len() < part;
            let verdicts: Vec<Option<Verdict>> = chunk
                .par_iter()
                .map(|candidate| candidate.molecule.graph().map(|graph| filter.check(graph)))
                .collect();
            let mut passed: Vec<Molecule> = Vec::new();
            for (candidate, verdict) in chunk.into_iter().zip(verdicts) {
                // Every space gives graphs; one without would have nothing to be described by.
                let Some(verdict) = verdict else { continue };
                pool.tally.count(&verdict);
                if verdict == Verdict::Passes {
                    passed.push(candidate.molecule);
                }
            }
            let graphs: Vec<Graph> = passed.iter().filter_map(|m| m.graph().cloned()).collect();
            pool.features.append(&morgan.compute(&graphs)?);
            let described: Vec<(StructureId, f64)> = passed
                .par_iter()
                .map(|m| (m.id(), m.formula().map_or(1.0, |f| f64::from(f.electrons()))))
                .collect();
            for (molecule, (id, electrons)) in passed.into_iter().zip(described) {
                pool.index.insert(id, pool.ids.len());
                pool.ids.push(id);
                pool.electrons.push(electrons);
                pool.molecules.push(molecule);
            }
            if last {
                break;
            }
            part = (part * 2).min(CHUNK);
        }
        pool.seen = space.seen().clone();
        if pool.ids.is_empty() {
            let failed = &pool.tally.failed;
            let reasons: Vec<String> = failed.iter().map(|(rule, n)| format!("{rule}: {n}")).collect();
            return Err(CampaignError::EmptySpace {
                enumerated: pool.seen.candidates,
                filtered: failed.values().sum(),
                reasons: if reasons.is_empty() { "none".into() } else { reasons.join(", ") },
            });
        }
        Ok(pool)
    }

    /// Number of candidates.
    pub fn len(&self) -> usize {
        self.ids.len()
    }
}
