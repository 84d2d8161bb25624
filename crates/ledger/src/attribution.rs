//! Splitting a counted energy over the work it was counted for.

use matter::units::{CoreSeconds, Joules};

/// Splits an energy over pieces of work in proportion to their processor time.
///
/// A counter of the processor counts everything: idle power, and other programs too. All of it goes to the pieces
/// of work here, so the shares are upper bounds on a machine that others use as well. Where no work took any
/// processor time the pieces share equally. The shares add up to `counted` up to rounding; no work gives no
/// shares.
///
/// ```
/// use ledger::attribute;
/// use matter::units::{CoreSeconds, Joules};
/// let shares = attribute(Joules(90.0), &[CoreSeconds(1.0), CoreSeconds(2.0)]);
/// assert_eq!(shares, [Joules(30.0), Joules(60.0)]);
/// ```
pub fn attribute(counted: Joules, work: &[CoreSeconds]) -> Vec<Joules> {
    let total: CoreSeconds = work.iter().copied().sum();
    let share = |piece: &CoreSeconds| {
        if total > CoreSeconds::ZERO { counted * (*piece / total) } else { counted / work.len() as f64 }
    };
    work.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn idle_work_shares_equally() {
        assert_eq!(attribute(Joules(3.0), &[CoreSeconds::ZERO; 2]), [Joules(1.5); 2]);
        assert!(attribute(Joules(3.0), &[]).is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_lost(counted in 0.0f64..1e9, work in prop::collection::vec(0.0f64..1e6, 1..20)) {
            let work: Vec<CoreSeconds> = work.into_iter().map(CoreSeconds).collect();
            let sum: Joules = attribute(Joules(counted), &work).into_iter().sum();
            prop_assert!((sum - Joules(counted)).value().abs() <= 1e-9 * counted);
        }
    }
}
