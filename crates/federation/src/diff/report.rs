//! The changes, with the operations they touch.

use serde::Serialize;

use super::text;
use super::{AffectedOperation, ApiSchema, Change, OperationError, Operations, Severity, compare};

/// The changes between two schemas and the operations they touch, for people and as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The changes, the worst first.
    pub changes: Vec<ReportedChange>,
    /// Operations that were valid and are not any more.
    pub no_longer_valid: Vec<InvalidOperation>,
    /// How many operations were looked at.
    pub operations: usize,
}

/// A change and the operations it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedChange {
    /// The change.
    pub change: Change,
    /// The operations it touches; not looked for if the change is safe.
    pub operations: Vec<AffectedOperation>,
}

/// An operation that was valid and is not any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidOperation {
    /// The file it stands in.
    pub file: String,
    /// Its name; empty if it has none.
    pub operation: String,
    /// What the new schema has against it.
    pub message: String,
}

impl Report {
    /// Compares two schemas, and finds the operations that the changes touch.
    ///
    /// # Errors
    /// If an operation fits neither schema.
    pub fn new(
        old: &ApiSchema,
        new: &ApiSchema,
        operations: &Operations,
    ) -> Result<Self, OperationError> {
        let inspected = operations.inspect(old, new)?;
        let changes = compare(old, new)
            .into_iter()
            .map(|change| {
                let operations = match change.severity() {
                    Severity::Safe => Vec::new(),
                    Severity::Breaking | Severity::Dangerous => inspected
                        .iter()
                        .filter_map(|operation| operation.affected_by(&change, old, new))
                        .collect(),
                };
                ReportedChange { change, operations }
            })
            .collect();
        let no_longer_valid = inspected
            .iter()
            .filter_map(|inspected| {
                Some(InvalidOperation {
                    file: inspected.operation.file.clone(),
                    operation: inspected.operation.name.clone(),
                    message: inspected.refusal.clone()?,
                })
            })
            .collect();
        Ok(Self {
            changes,
            no_longer_valid,
            operations: operations.len(),
        })
    }

    /// How many changes are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        let changes = self.changes.iter();
        changes
            .filter(|reported| reported.change.severity() == severity)
            .count()
    }

    /// The changes alone.
    pub fn changes(&self) -> Vec<Change> {
        let changes = self.changes.iter();
        changes.map(|reported| reported.change.clone()).collect()
    }

    /// The report for people.
    pub fn text(&self) -> String {
        text::render(self)
    }
}

impl Serialize for ReportedChange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let change = &self.change;
        let mut out = serializer.serialize_struct("Change", 6)?;
        out.serialize_field("severity", &change.severity())?;
        out.serialize_field("code", change.kind.code())?;
        out.serialize_field("coordinate", &change.coordinate.to_string())?;
        out.serialize_field("explanation", &change.explanation)?;
        out.serialize_field("advice", &change.kind.advice())?;
        out.serialize_field("operations", &self.operations)?;
        out.end()
    }
}
