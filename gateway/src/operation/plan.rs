//! Validated operation → plan.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;
use federation::{Plan, Supergraph};

use crate::config::Timeouts;
use crate::error::InternalError;

/// Plans an operation.
pub(super) fn plan(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    timeouts: &Timeouts,
) -> Result<Plan, InternalError> {
    Ok(federation::plan(
        supergraph,
        document,
        operation,
        timeouts.planning,
    )?)
}
