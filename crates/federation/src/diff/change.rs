//! One difference between two schemas.

use apollo_compiler::Name;
use apollo_compiler::coordinate::SchemaCoordinate;

use super::ChangeKind;

/// What a change does to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// An operation that worked may fail, or its answer has another shape.
    Breaking,
    /// Every operation still works, but a client may meet what it was not written for.
    Dangerous,
    /// Nobody notices who does not look for it.
    Safe,
}

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of difference.
    pub kind: ChangeKind,
    /// Where: `Order.total`, `Query.product(id:)`, `@live`.
    pub coordinate: SchemaCoordinate,
    /// What happened, in one sentence or two.
    pub explanation: String,
    /// The other type, where two take part: a union's member, an implemented interface.
    pub(super) related: Option<Name>,
}

impl Change {
    /// What it does to clients.
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }
}

/// The changes found so far.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn add(
        &mut self,
        kind: ChangeKind,
        coordinate: impl Into<SchemaCoordinate>,
        explanation: String,
    ) {
        self.0.push(Change {
            kind,
            coordinate: coordinate.into(),
            explanation,
            related: None,
        });
    }

    pub(super) fn add_between(
        &mut self,
        kind: ChangeKind,
        coordinate: impl Into<SchemaCoordinate>,
        related: &Name,
        explanation: String,
    ) {
        self.add(kind, coordinate, explanation);
        if let Some(change) = self.0.last_mut() {
            change.related = Some(related.clone());
        }
    }

    /// The worst first, then by coordinate.
    pub(super) fn sorted(mut self) -> Vec<Change> {
        self.0.sort_by_cached_key(|change| {
            (
                change.severity(),
                change.coordinate.to_string(),
                change.kind.code(),
                change.related.clone(),
            )
        });
        self.0
    }
}
