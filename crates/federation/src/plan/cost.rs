//! What a choice costs: the requests it needs, by when they can be sent.
//!
//! Fetches of one subgraph that become ready together are one request, so a cost is a set of
//! (level, subgraph) pairs, and costs add up by union.

use std::rc::Rc;

use crate::supergraph::model::Graph;

/// The length of the chain of fetches up to one, itself included.
pub(super) type Level = u16;

/// A set of requests, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cost(Rc<[(Level, Graph)]>);

impl Cost {
    pub(super) fn one(level: Level, graph: Graph) -> Self {
        Self(Rc::new([(level, graph)]))
    }

    pub(super) fn requests(&self) -> usize {
        self.0.len()
    }

    /// The level of the last request.
    pub(super) fn depth(&self) -> Level {
        self.0.last().map_or(0, |last| last.0)
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        if other.0.is_empty() {
            return self.clone();
        }
        if self.0.is_empty() {
            return other.clone();
        }
        let mut merged = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) if a == b => {
                    right.next();
                    left.next()
                }
                (Some(a), Some(b)) if a < b => left.next(),
                (Some(_), None) => left.next(),
                (_, Some(_)) => right.next(),
                (None, None) => break,
            };
            merged.extend(next.copied());
        }
        Self(merged.into())
    }

    /// How many requests of `other` are not among these.
    pub(super) fn missing(&self, other: &Self) -> usize {
        other
            .0
            .iter()
            .filter(|request| self.0.binary_search(request).is_err())
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::Cost;

    #[test]
    fn shared_requests_count_once() {
        let left = Cost::one(1, 0).union(&Cost::one(2, 3));
        let right = Cost::one(2, 3)
            .union(&Cost::one(2, 1))
            .union(&Cost::default());
        let both = left.union(&right);
        assert_eq!((both.requests(), both.depth()), (3, 2));
        assert_eq!(left.missing(&right), 1);
        assert_eq!(both, right.union(&left));
    }
}
