//! Bounds on time and memory, checked as planning goes on.

use std::time::{Duration, Instant};

use super::PlanError;

/// Choices that may be looked at, and selections that may be built.
const MAX_WORK: usize = 2_000_000;
/// Selection sets in all subgraph operations of a plan.
const MAX_SELECTIONS: usize = 100_000;
/// Looking at the clock costs more than a step of planning.
const STEPS_PER_LOOK: usize = 64;

/// What is left to spend on one plan.
#[derive(Debug)]
pub(super) struct Budget {
    limit: Duration,
    deadline: Option<Instant>,
    spent: usize,
    is_late: bool,
}

impl Budget {
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            limit,
            deadline: Instant::now().checked_add(limit),
            spent: 0,
            is_late: limit.is_zero(),
        }
    }

    /// For work that has no client waiting for it.
    pub(super) fn endless() -> Self {
        Self {
            limit: Duration::MAX,
            deadline: None,
            spent: 0,
            is_late: false,
        }
    }

    /// Begins anew.
    pub(super) fn refill(&mut self) {
        self.spent = 0;
    }

    /// Pays for a step; false once there is nothing left.
    pub(super) fn spend(&mut self) -> bool {
        self.spent += 1;
        if self.spent.is_multiple_of(STEPS_PER_LOOK) {
            self.is_late |= self.deadline.is_some_and(|at| Instant::now() >= at);
        }
        !self.is_late && self.spent <= MAX_WORK
    }

    /// Whether a plan of so many selection sets is small enough.
    pub(super) fn admits(&mut self, selections: usize) -> bool {
        if selections > MAX_SELECTIONS {
            self.spent = MAX_WORK + 1;
        }
        selections <= MAX_SELECTIONS
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.is_late || self.spent > MAX_WORK
    }

    pub(super) fn error(&self) -> PlanError {
        if self.is_late {
            PlanError::Timeout { limit: self.limit }
        } else {
            PlanError::TooComplex
        }
    }
}
