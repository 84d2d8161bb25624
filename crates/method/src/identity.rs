//! Identities of methods and calculations.

use crate::contract::Task;
use matter::StructureId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Name of a method with everything about it that changes its numbers, e.g. `gfn2@xtb-6.5.1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MethodId(String);

impl MethodId {
    /// A method's name.
    pub fn new(id: impl Into<String>) -> MethodId {
        MethodId(id.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MethodId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Identity of a calculation: SHA-256 over structure, method and task. What has this identity is the same
/// calculation and is never paid for twice.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CalculationId([u8; 32]);

impl CalculationId {
    /// The identity of one task of one method on one structure.
    pub fn new(structure: StructureId, method: &MethodId, task: &Task) -> CalculationId {
        CalculationId::from_parts(structure, method.as_str(), &task.to_string())
    }

    /// The identity of a named piece of work, such as a recipe with its settings.
    pub fn from_parts(structure: StructureId, method: &str, task: &str) -> CalculationId {
        let mut hash = Sha256::new();
        hash.update(b"joulery calculation 1\n");
        hash.update(structure.as_bytes());
        for part in [method, task] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        CalculationId(hash.finalize().into())
    }

    /// The hash's bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for CalculationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for CalculationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CalculationId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::OptimisationLevel;
    use matter::Molecule;

    #[test]
    fn method_task_and_structure_all_count() {
        let a = Molecule::from_smiles("CC").unwrap().id();
        let b = Molecule::from_smiles("CO").unwrap().id();
        let gfn2 = MethodId::new("gfn2@xtb-6.5.1");
        let other = MethodId::new("gfn1@xtb-6.5.1");
        let single = Task::SinglePoint;
        let relax = Task::Optimise(OptimisationLevel::Normal);
        let id = CalculationId::new(a, &gfn2, &single);
        assert_eq!(id, CalculationId::new(a, &gfn2, &single));
        assert_ne!(id, CalculationId::new(b, &gfn2, &single));
        assert_ne!(id, CalculationId::new(a, &other, &single));
        assert_ne!(id, CalculationId::new(a, &gfn2, &relax));
    }
}
