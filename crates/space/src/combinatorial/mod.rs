//! Combinatorial libraries: cores times substituents.

mod assignments;
mod spec;

pub use spec::{CombinatorialSpec, CoreSpec, SubstituentSpec};

use crate::contract::{Candidate, Origin, Seen, Size, Space};
use crate::distinct::Distinct;
use crate::error::SpaceError;
use assignments::Assignments;
use matter::Molecule;
use matter::chem::{AttachmentError, Core, Substituent};

/// All molecules of a combinatorial library, few substituents first; within a number of substituents by core,
/// then by attachment points, then by substituent, each in the order of the specification.
///
/// Products that are one molecule (by the symmetry of a core, or because two cores overlap) come once, as
/// first met.
#[derive(Debug)]
pub struct CombinatorialSpace {
    cores: Vec<NamedCore>,
    substituents: Vec<(String, Substituent)>,
    /// Number of substituents and index of the core at work.
    at: (usize, usize),
    assignments: Assignments,
    finished: bool,
    distinct: Distinct,
}

#[derive(Debug)]
struct NamedCore {
    name: String,
    core: Core,
    points: Vec<u32>,
    most: usize,
}

impl CombinatorialSpace {
    /// Checks the specification and starts at the first candidate.
    pub fn new(spec: &CombinatorialSpec) -> Result<CombinatorialSpace, SpaceError> {
        let mut cores: Vec<NamedCore> = Vec::new();
        for entry in &spec.core {
            if cores.iter().any(|c| c.name == entry.name) {
                return Err(SpaceError::SameName { field: "core", name: entry.name.clone() });
            }
            let core = Core::parse(&entry.smiles).map_err(|e| attachment("core", &entry.name, e))?;
            let points = core.points();
            let most = points.len().min(entry.max_substitutions as usize);
            cores.push(NamedCore { name: entry.name.clone(), core, points, most });
        }
        let mut substituents: Vec<(String, Substituent)> = Vec::new();
        for entry in &spec.substituent {
            let group =
                Substituent::parse(&entry.smiles).map_err(|e| attachment("substituent", &entry.name, e))?;
            for (name, other) in &substituents {
                if *name == entry.name {
                    return Err(SpaceError::SameName { field: "substituent", name: entry.name.clone() });
                }
                if other.to_string() == group.to_string() {
                    return Err(SpaceError::SameSubstituent {
                        first: name.clone(),
                        second: entry.name.clone(),
                        smiles: group.to_string(),
                    });
                }
            }
            substituents.push((entry.name.clone(), group));
        }
        let Some(first) = cores.first() else {
            return Err(SpaceError::Empty { field: "core" });
        };
        if substituents.is_empty() {
            return Err(SpaceError::Empty { field: "substituent" });
        }
        let assignments = Assignments::new(first.points.len(), 0, substituents.len());
        Ok(CombinatorialSpace {
            cores,
            substituents,
            at: (0, 0),
            assignments,
            finished: false,
            distinct: Distinct::default(),
        })
    }

    /// Ways to place substituents, before equal molecules are removed; `None` if they do not fit 64 bits.
    fn placements(&self) -> Option<u64> {
        let kinds = self.substituents.len();
        self.cores
            .iter()
            .flat_map(|c| (0..=c.most).map(|size| (c.points.len(), size)))
            .try_fold(0_u64, |sum, (points, size)| sum.checked_add(Assignments::count(points, size, kinds)?))
    }

    /// The next placement, as index of the core with indices of points and substituents.
    fn next_placement(&mut self) -> Option<(usize, Vec<(usize, usize)>)> {
        while !self.finished {
            if let Some(assignment) = self.assignments.next() {
                return Some((self.at.1, assignment));
            }
            let (mut size, mut core) = self.at;
            loop {
                core += 1;
                if core == self.cores.len() {
                    (size, core) = (size + 1, 0);
                    if self.cores.iter().all(|c| c.most < size) {
                        self.finished = true;
                        return None;
                    }
                }
                if size <= self.cores[core].most {
                    break;
                }
            }
            self.at = (size, core);
            self.assignments = Assignments::new(self.cores[core].points.len(), size, self.substituents.len());
        }
        None
    }

    /// The molecule of a placement; `None` if it was met before.
    fn build(&mut self, core: usize, placement: &[(usize, usize)]) -> Result<Option<Candidate>, SpaceError> {
        let NamedCore { name, core, points, .. } = &self.cores[core];
        let groups: Vec<(u32, &Substituent)> =
            placement.iter().map(|&(point, kind)| (points[point], &self.substituents[kind].1)).collect();
        let origin = || Origin::Built {
            core: name.clone(),
            substituents: placement
                .iter()
                .map(|&(point, kind)| (points[point], self.substituents[kind].0.clone()))
                .collect(),
        };
        let graph = core
            .with(&groups)
            .map_err(|source| SpaceError::Product { parts: origin().to_string(), source })?;
        // Charge and spin follow from the graph, so its canonical SMILES is the whole identity.
        if !self.distinct.admit(graph.canonical_smiles().to_owned()) {
            return Ok(None);
        }
        let origin = origin();
        let molecule = Molecule::from_graph(graph)
            .map_err(|source| SpaceError::Molecule { origin: origin.to_string(), source })?;
        Ok(Some(Candidate { molecule, name: Some(origin.to_string()), origin }))
    }
}

impl Space for CombinatorialSpace {
    fn candidates(&mut self, want: usize) -> Result<Vec<Candidate>, SpaceError> {
        let mut found = Vec::new();
        while found.len() < want {
            let Some((core, placement)) = self.next_placement() else { break };
            found.extend(self.build(core, &placement)?);
        }
        Ok(found)
    }

    fn size(&self) -> Size {
        if self.finished {
            Size::Exactly(self.distinct.seen.candidates)
        } else {
            self.placements().map_or(Size::Unknown, Size::AtMost)
        }
    }

    fn seen(&self) -> &Seen {
        &self.distinct.seen
    }
}

fn attachment(field: &'static str, name: &str, source: AttachmentError) -> SpaceError {
    SpaceError::Attachment { field, name: name.to_owned(), source }
}
