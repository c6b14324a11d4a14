//! The states of cases and runs, and which may follow which.

use crate::codes::codes;

codes! {
    /// Where a case stands.
    pub enum CaseState: "case state" {
        /// The order is entered.
        Ordered = "ordered",
        /// The sample's files are here.
        Received = "received",
        /// The pipeline runs.
        Running = "running",
        /// The pipeline ended: ready for review.
        Called = "called",
        /// Somebody reviews it.
        Review = "review",
        /// A draft report exists.
        ReportDrafted = "report_drafted",
        /// The pipeline failed.
        Failed = "failed",
    }
}

impl CaseState {
    /// The states that may follow.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Ordered => &[Self::Received],
            // Imported variants need no pipeline of ours, but they too pass through a run.
            Self::Received => &[Self::Running],
            Self::Running => &[Self::Called, Self::Failed, Self::Received],
            // A draft may be made of what the rules propose, before anybody has decided.
            Self::Called => &[Self::Review, Self::ReportDrafted, Self::Running],
            // The last decision may be withdrawn.
            Self::Review => &[Self::ReportDrafted, Self::Running, Self::Called],
            Self::ReportDrafted => &[Self::Review, Self::Running],
            Self::Failed => &[Self::Running, Self::Received],
        }
    }
    /// Whether `to` may follow.
    pub fn can_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }
}

codes! {
    /// Where a run stands.
    pub enum RunState: "run state" {
        /// Waits its turn.
        Queued = "queued",
        /// Runs.
        Running = "running",
        /// Ended well.
        Done = "done",
        /// Ended with an error.
        Failed = "failed",
        /// Stopped by a person.
        Cancelled = "cancelled",
        /// The program ended while it ran.
        Interrupted = "interrupted",
    }
}

impl RunState {
    /// The states that may follow.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Queued => &[Self::Running, Self::Cancelled],
            Self::Running => &[Self::Done, Self::Failed, Self::Cancelled, Self::Interrupted],
            Self::Failed | Self::Cancelled | Self::Interrupted => &[Self::Running, Self::Queued],
            Self::Done => &[],
        }
    }
    /// Whether `to` may follow.
    pub fn can_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row: from; column: to; both in the order of `ALL`.
    const CASES: [&str; 7] = [
        //ORUCVDF (ordered, received, running, called, review, drafted, failed)
        ".x.....", // ordered
        "..x....", // received
        ".x.x..x", // running
        "..x.xx.", // called
        "..xx.x.", // review
        "..x.x..", // report drafted
        ".xx....", // failed
    ];
    const RUNS: [&str; 6] = [
        //QRDFCI
        ".x..x.", // queued
        "..xxxx", // running
        "......", // done
        "xx....", // failed
        "xx....", // cancelled
        "xx....", // interrupted
    ];

    #[test]
    fn every_pair_of_states_is_decided() {
        for (from, row) in CaseState::ALL.iter().zip(CASES) {
            for (to, mark) in CaseState::ALL.iter().zip(row.chars()) {
                assert_eq!(from.can_become(*to), mark == 'x', "{from:?} -> {to:?}");
            }
        }
        for (from, row) in RunState::ALL.iter().zip(RUNS) {
            for (to, mark) in RunState::ALL.iter().zip(row.chars()) {
                assert_eq!(from.can_become(*to), mark == 'x', "{from:?} -> {to:?}");
            }
        }
        for state in CaseState::ALL {
            assert_eq!(state.code().parse::<CaseState>().as_ref(), Ok(state));
        }
    }
}
