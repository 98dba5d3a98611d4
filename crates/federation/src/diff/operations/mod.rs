//! The operations clients send, and which of them a change touches.

mod affected;
mod document;
mod fact;
mod walk;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;

use super::{ApiSchema, Change};
use document::Operation;
use fact::Facts;

pub use document::{OperationError, OperationFile};

/// By what an operation is touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Its text names what changed, or leaves out what is required now.
    Text,
    /// Its variables may hold what changed.
    Variables,
    /// Its answer may differ.
    Answer,
}

/// An operation that a change touches.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AffectedOperation {
    /// The file it stands in.
    pub file: String,
    /// Its name; empty if it has none.
    pub operation: String,
    /// By what it is touched.
    pub effect: Effect,
    /// Whether it is still valid; false if any change, not only this one, made it invalid.
    pub still_valid: bool,
}

/// The operations clients send.
#[derive(Debug, Clone, Default)]
pub struct Operations(Vec<Operation>);

impl Operations {
    /// Reads files of operations. A fragment is looked for in the operation's own file, then in the
    /// other files of its folder.
    ///
    /// # Errors
    /// If a file is not GraphQL, or a fragment does not exist.
    pub fn read(files: &[OperationFile]) -> Result<Self, OperationError> {
        Ok(Self(document::read(files)?))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What each operation uses of the old schema, and whether it fits the new one. Operations that
    /// were written for the new schema are left out.
    ///
    /// # Errors
    /// If an operation fits neither schema.
    pub(super) fn inspect(
        &self,
        old: &ApiSchema,
        new: &ApiSchema,
    ) -> Result<Vec<Inspected<'_>>, OperationError> {
        let mut inspected = Vec::with_capacity(self.0.len());
        for operation in &self.0 {
            let refusal = validate(operation, new).err();
            match (validate(operation, old), &refusal) {
                (Ok(document), _) => inspected.push(Inspected {
                    operation,
                    facts: walk::facts(old.schema(), &document),
                    refusal,
                }),
                (Err(_), None) => {}
                (Err(_), Some(message)) => {
                    return Err(OperationError::FitsNeither {
                        file: operation.file.clone(),
                        operation: operation.name.clone(),
                        message: message.clone(),
                    });
                }
            }
        }
        Ok(inspected)
    }
}

/// An operation of the old schema, seen from the new one.
pub(super) struct Inspected<'a> {
    pub(super) operation: &'a Operation,
    facts: Facts,
    /// Why it is not valid against the new schema.
    pub(super) refusal: Option<String>,
}

impl Inspected<'_> {
    /// How the change touches it.
    pub(super) fn affected_by(
        &self,
        change: &Change,
        old: &ApiSchema,
        new: &ApiSchema,
    ) -> Option<AffectedOperation> {
        let effect = affected::effect(change, &self.facts, old.schema(), new.schema())?;
        Some(AffectedOperation {
            file: self.operation.file.clone(),
            operation: self.operation.name.clone(),
            effect,
            still_valid: self.refusal.is_none(),
        })
    }
}

fn validate(operation: &Operation, api: &ApiSchema) -> Result<Valid<ExecutableDocument>, String> {
    ExecutableDocument::parse_and_validate(api.schema(), &operation.text, &operation.file).map_err(
        |found| {
            let messages: Vec<String> = found
                .errors
                .iter()
                .map(|diagnostic| diagnostic.error.to_string())
                .collect();
            messages.join("; ")
        },
    )
}
