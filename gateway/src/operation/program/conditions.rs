//! `@skip` and `@include`: each condition once, evaluated once per request.

use federation::Condition;

/// A condition's number within an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ConditionId(u32);

/// The conditions of an operation.
#[derive(Debug, Default)]
pub(crate) struct Conditions(Vec<Condition>);

/// Which of them hold, for one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Holds(Vec<bool>);

/// When a selection applies.
#[derive(Debug, Clone)]
pub(crate) enum Applies {
    /// In any case; with its position.
    Always(usize),
    /// If all conditions of one of these hold; with the position of that occurrence.
    AnyOf(Vec<(usize, Vec<ConditionId>)>),
}

impl Conditions {
    pub(super) fn id(&mut self, condition: &Condition) -> ConditionId {
        let index = self
            .0
            .iter()
            .position(|known| known == condition)
            .unwrap_or_else(|| {
                self.0.push(condition.clone());
                self.0.len() - 1
            });
        ConditionId(u32::try_from(index).expect("operations are limited"))
    }

    /// Evaluates all conditions, given the Boolean variables.
    pub(crate) fn evaluate(&self, value: impl Fn(&str) -> Option<bool>) -> Holds {
        Holds(
            self.0
                .iter()
                .map(|condition| value(&condition.variable) == Some(condition.expected))
                .collect(),
        )
    }
}

impl Holds {
    pub(crate) fn all(&self, conditions: &[ConditionId]) -> bool {
        conditions
            .iter()
            .all(|id| self.0.get(id.0 as usize).copied().unwrap_or_default())
    }
}

impl Applies {
    pub(super) fn any(occurrences: impl Iterator<Item = (usize, Vec<ConditionId>)>) -> Self {
        let mut ways = Vec::new();
        for (position, conditions) in occurrences {
            let always = conditions.is_empty();
            // The first occurrence that applies gives the place; after one that always does,
            // others change nothing.
            if always && ways.is_empty() {
                return Self::Always(position);
            }
            ways.push((position, conditions));
            if always {
                break;
            }
        }
        Self::AnyOf(ways)
    }

    /// Where the first occurrence that applies is; `None` if there is none.
    pub(crate) fn position(&self, holds: &Holds) -> Option<usize> {
        match self {
            Self::Always(position) => Some(*position),
            Self::AnyOf(ways) => ways
                .iter()
                .find(|(_, conditions)| holds.all(conditions))
                .map(|(position, _)| *position),
        }
    }

    pub(crate) fn holds(&self, holds: &Holds) -> bool {
        match self {
            Self::Always(_) => true,
            Self::AnyOf(_) => self.position(holds).is_some(),
        }
    }
}
