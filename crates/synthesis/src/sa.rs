//! The synthetic accessibility score: P. Ertl and A. Schuffenhauer, J. Cheminf. 1, 8 (2009).

use crate::error::SynthesisError;
use crate::fragments::Fragments;
use matter::Graph;

/// The parts of the SA score of a molecule.
///
/// Contribution and penalties are those of the paper, with the changes of RDKit's implementation: the penalties
/// of spiro and bridgehead atoms are taken apart, a macrocycle counts the same however many there are, and
/// molecules that repeat their fragments (symmetric ones) get a bonus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SaScore {
    /// Mean contribution of the fragments (Morgan environments of radius 0 to 2); about -4 (all rare) to 2.5 (all
    /// common).
    pub fragments: f64,
    /// n^1.005 - n for n atoms.
    pub size_penalty: f64,
    /// log10(stereo centres + 1).
    pub stereo_penalty: f64,
    /// log10(spiro atoms + 1).
    pub spiro_penalty: f64,
    /// log10(bridgehead atoms + 1).
    pub bridge_penalty: f64,
    /// log10(2) if there is a ring of more than 8 atoms.
    pub macrocycle_penalty: f64,
    /// ln(atoms / distinct fragments) / 2 if there are more atoms than distinct fragments.
    pub symmetry_bonus: f64,
}

/// Contribution of fragments that are not in the table.
const UNKNOWN_FRAGMENT: f64 = -4.0;
/// Raw scores from the hardest to the easiest, which become 10 and 1.
const RAW: (f64, f64) = (-4.0, 2.5);
/// Rings with more atoms are macrocycles.
const LARGEST_COMMON_RING: usize = 8;

/// The SA score of a molecule.
///
/// # Errors
/// [`SynthesisError::Graph`] for graphs without rings or fragments as RDKit sees them (unusual bonds).
pub fn sa_score(graph: &Graph) -> Result<SaScore, SynthesisError> {
    let table = Fragments::get()?;
    let counts = graph.morgan_counts(2)?;
    let topology = graph.topology()?;
    let total: f64 = counts.iter().map(|(_, n)| f64::from(*n)).sum();
    let sum: f64 =
        counts.iter().map(|(id, n)| table.score(*id).unwrap_or(UNKNOWN_FRAGMENT) * f64::from(*n)).sum();
    let atoms = topology.atoms as f64;
    let distinct = counts.len() as f64;
    let log_of_one_more = |n: usize| (n as f64 + 1.0).log10();
    Ok(SaScore {
        fragments: if total > 0.0 { sum / total } else { 0.0 },
        size_penalty: atoms.powf(1.005) - atoms,
        stereo_penalty: log_of_one_more(topology.stereo_centres),
        spiro_penalty: log_of_one_more(topology.spiro_atoms),
        bridge_penalty: log_of_one_more(topology.bridgehead_atoms),
        macrocycle_penalty: log_of_one_more(usize::from(topology.largest_ring > LARGEST_COMMON_RING)),
        symmetry_bonus: if atoms > distinct { 0.5 * (atoms / distinct).ln() } else { 0.0 },
    })
}

impl SaScore {
    /// The sum of all parts; higher is easier.
    pub fn raw(&self) -> f64 {
        let penalties = self.size_penalty
            + self.stereo_penalty
            + self.spiro_penalty
            + self.bridge_penalty
            + self.macrocycle_penalty;
        self.fragments - penalties + self.symmetry_bonus
    }

    /// The score, from 1 (easy to make) to 10 (very hard).
    pub fn value(&self) -> f64 {
        let (hardest, easiest) = RAW;
        let scaled = 11.0 - 9.0 * (self.raw() - hardest + 1.0) / (easiest - hardest);
        // The scale is bent above 8 so that it ends smoothly at 10. RDKit's bend is not continuous: what would
        // be between 8 and 9 gets less than 8 (8.1 becomes 5.7). Kept, for scores that can be compared with
        // published ones.
        let bent = if scaled > 8.0 { 8.0 + (scaled - 8.0).ln() } else { scaled };
        bent.clamp(1.0, 10.0)
    }
}
