//! Whether a failure concerns one delivery or all of them. A failure tells as much as it can by itself
//! (`FailureScope`); here it is compared with what happens to other deliveries:
//!
//! - What looks like a refusal of all, although others were delivered since, concerns one.
//! - What may be a refusal of one, but meets several different receivers in a row, concerns all.
//! - What names the receiver concerns one, however many are refused: anybody may register addresses that do not
//!   exist.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use crate::mail::FailureScope;
use crate::types::Timestamp;

/// So many different receivers that are refused alike in a row mean that all are refused.
const ALIKE: usize = 3;

/// Refusals in a row that are remembered.
const MAX_STREAK: usize = 200;

/// An attempt that takes longer makes its system rest.
const SLOW: Duration = Duration::from_secs(5);

/// Systems that may rest at the same time.
const MAX_RESTING: usize = 1000;

/// What a failure means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// No delivery is possible, whatever its receiver is.
    Unreachable,
    /// Deliveries are refused, as it seems all of them. Those with these ids were refused before and thought to be
    /// the only one.
    Refused(Vec<i64>),
    /// This delivery failed, and whether for good.
    One {
        /// Whether no later attempt can succeed.
        is_permanent: bool,
    },
}

/// A failed delivery.
pub(super) struct Failed<'a> {
    /// Its row.
    pub id: i64,
    /// Its receiver.
    pub receiver: &'a str,
    /// Whether it was refused before, and others were delivered since.
    pub is_proven_alone: bool,
    /// What the failure concerns, as far as it tells by itself.
    pub scope: FailureScope,
    /// Whether no later attempt can succeed, if it concerns this delivery only.
    pub is_permanent: bool,
    /// Equal for failures with the same cause; empty if the cause is not the receiver.
    pub likeness: &'a str,
}

/// What this worker has seen since the last delivery.
#[derive(Debug, Default)]
pub(super) struct Diagnosis {
    likeness: String,
    /// The receivers that were refused alike in a row.
    streak: BTreeSet<String>,
    /// The rows of the streak whose attempt was counted.
    counted: Vec<i64>,
    resting: HashMap<String, Timestamp>,
}

impl Diagnosis {
    /// Records a delivery: the receiver refuses not all.
    pub(super) fn record_success(&mut self) {
        self.begin_streak("");
    }

    fn begin_streak(&mut self, likeness: &str) {
        self.streak.clear();
        self.counted.clear();
        likeness.clone_into(&mut self.likeness);
    }

    /// Records a failure, and answers what it means.
    pub(super) fn record_failure(&mut self, failed: &Failed<'_>) -> Meaning {
        match failed.scope {
            FailureScope::Everything => Meaning::Unreachable,
            // It might be about all after all, such as a quota that lets some through: never for good.
            FailureScope::ProbablyEverything if failed.is_proven_alone => {
                Meaning::One { is_permanent: false }
            }
            FailureScope::ProbablyEverything => Meaning::Refused(Vec::new()),
            FailureScope::This => Meaning::One { is_permanent: failed.is_permanent },
            FailureScope::ProbablyThis => {
                let is_comparable = !failed.is_proven_alone && !failed.likeness.is_empty();
                if is_comparable && self.is_alike(failed) {
                    return Meaning::Refused(std::mem::take(&mut self.counted));
                }
                if is_comparable && self.counted.len() < MAX_STREAK {
                    self.counted.push(failed.id);
                }
                Meaning::One { is_permanent: failed.is_permanent }
            }
        }
    }

    /// Adds a refusal to the row, and answers whether it is long enough.
    fn is_alike(&mut self, failed: &Failed<'_>) -> bool {
        if self.likeness != failed.likeness {
            self.begin_streak(failed.likeness);
        }
        if self.streak.len() < ALIKE {
            self.streak.insert(failed.receiver.to_owned());
        }
        self.streak.len() >= ALIKE
    }

    /// Records how long an attempt took. A slow system rests as long as it took, so that it takes at most half
    /// of the time, and others get the rest.
    pub(super) fn record_duration(&mut self, system: &str, took: Duration, now: Timestamp) {
        self.resting.retain(|_, until| *until > now);
        if took >= SLOW && self.resting.len() < MAX_RESTING {
            self.resting.insert(system.to_owned(), now.plus(took));
        }
    }

    /// Until when a system rests.
    pub(super) fn rests_until(&self, system: &str, now: Timestamp) -> Option<Timestamp> {
        self.resting.get(system).copied().filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed<'a>(id: i64, receiver: &'a str, scope: FailureScope) -> Failed<'a> {
        Failed { id, receiver, is_proven_alone: false, scope, is_permanent: true, likeness: "550 rejected" }
    }

    const DEAD: Meaning = Meaning::One { is_permanent: true };

    #[test]
    fn three_receivers_that_are_refused_alike_in_a_row_mean_all() {
        let mut diagnosis = Diagnosis::default();
        let mut fail = |id, name| diagnosis.record_failure(&failed(id, name, FailureScope::ProbablyThis));
        assert_eq!((fail(1, "x@a"), fail(2, "y@a")), (DEAD, DEAD));
        assert_eq!(fail(3, "z@a"), Meaning::Refused(vec![1, 2]));
        assert_eq!(fail(4, "w@a"), Meaning::Refused(vec![]), "the earlier ones wait already");
    }

    #[test]
    fn one_receiver_with_many_mails_does_not_mean_all() {
        let mut diagnosis = Diagnosis::default();
        for id in 0..20 {
            let meaning = diagnosis.record_failure(&failed(id, "x@a", FailureScope::ProbablyThis));
            assert_eq!(meaning, DEAD);
        }
    }

    #[test]
    fn refusals_that_name_the_receiver_never_mean_all() {
        let mut diagnosis = Diagnosis::default();
        for (id, name) in [(1, "x@a"), (2, "y@b"), (3, "z@c"), (4, "w@d")] {
            assert_eq!(diagnosis.record_failure(&failed(id, name, FailureScope::This)), DEAD);
        }
    }

    #[test]
    fn a_delivery_or_another_cause_in_between_begins_the_row_anew() {
        let mut diagnosis = Diagnosis::default();
        let refuse = |diagnosis: &mut Diagnosis, id, name, likeness| {
            let failed = Failed { likeness, ..failed(id, name, FailureScope::ProbablyThis) };
            diagnosis.record_failure(&failed)
        };
        for round in 0..3 {
            assert_eq!(refuse(&mut diagnosis, round * 2, "x@a", "one"), DEAD);
            assert_eq!(refuse(&mut diagnosis, round * 2 + 1, "y@a", "one"), DEAD);
            match round {
                0 => diagnosis.record_success(),
                _ => assert_eq!(refuse(&mut diagnosis, 100 + round, "z@a", "two"), DEAD),
            }
        }
    }

    #[test]
    fn a_refusal_of_all_concerns_one_once_others_were_delivered_and_is_never_final() {
        let mut diagnosis = Diagnosis::default();
        let refusal = failed(1, "x@a", FailureScope::ProbablyEverything);
        assert_eq!(diagnosis.record_failure(&refusal), Meaning::Refused(Vec::new()));
        let again = Failed { is_proven_alone: true, ..refusal };
        assert_eq!(diagnosis.record_failure(&again), Meaning::One { is_permanent: false });
    }

    #[test]
    fn refusals_of_mails_that_stay_refused_while_others_are_delivered_never_mean_all() {
        let mut diagnosis = Diagnosis::default();
        for (id, name) in [(1, "x@a"), (2, "y@b"), (3, "z@c"), (4, "w@d")] {
            let failed = Failed { is_proven_alone: true, ..failed(id, name, FailureScope::ProbablyThis) };
            assert_eq!(diagnosis.record_failure(&failed), DEAD);
        }
    }

    #[test]
    fn failures_before_the_receiver_was_asked_never_mean_all() {
        let mut diagnosis = Diagnosis::default();
        for (id, name) in [(1, "x@a"), (2, "y@b"), (3, "z@c"), (4, "w@d")] {
            let failed = Failed { likeness: "", ..failed(id, name, FailureScope::This) };
            assert_eq!(diagnosis.record_failure(&failed), DEAD);
        }
    }

    #[test]
    fn a_slow_system_rests_as_long_as_it_took() {
        let (mut diagnosis, now) = (Diagnosis::default(), Timestamp::from_seconds(1000));
        diagnosis.record_duration("quick", Duration::from_secs(1), now);
        diagnosis.record_duration("slow", Duration::from_secs(60), now);
        assert_eq!(diagnosis.rests_until("quick", now), None);
        assert_eq!(diagnosis.rests_until("slow", now), Some(now.plus(Duration::from_secs(60))));
        assert_eq!(diagnosis.rests_until("slow", now.plus(Duration::from_secs(60))), None);
    }
}
