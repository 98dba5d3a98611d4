//! The steps in order.

use apollo_compiler::introspection;
use federation::{OperationKind, Supergraph};

use super::program::Program;
use super::projection::Projection;
use super::{CompiledOperation, measure, parse, plan, validate};
use crate::config::Config;
use crate::error::{ClientError, GatewayError, InternalError};

/// Compiles one operation of a document.
pub(crate) fn compile(
    supergraph: &Supergraph,
    config: &Config,
    text: &str,
    operation_name: Option<&str>,
) -> Result<CompiledOperation, GatewayError> {
    let schema = supergraph.api_schema();

    let syntax = parse::parse(text, &config.limits)?;
    measure::check(&syntax, &config.limits)?;
    let document = validate::validate(&syntax, schema)?;

    // Which operation of the document is meant.
    let operation = document
        .operations
        .get(operation_name)
        .map_err(|error| ClientError::OperationNotFound {
            message: error.message().to_string(),
        })?
        .clone();
    let kind = match operation.operation_type {
        apollo_compiler::ast::OperationType::Query => OperationKind::Query,
        apollo_compiler::ast::OperationType::Mutation => OperationKind::Mutation,
        apollo_compiler::ast::OperationType::Subscription => OperationKind::Subscription,
    };

    // Introspection is answered here, but its lists can multiply.
    let introspects = operation
        .root_fields(&document)
        .any(|field| matches!(field.name.as_str(), "__schema" | "__type"));
    if introspects {
        if !config.introspection {
            return Err(ClientError::IntrospectionDisabled.into());
        }
        introspection::check_max_depth(&document, &operation).map_err(|_| {
            ClientError::TooDeep {
                limit: config.limits.depth,
            }
        })?;
    }

    let plan = plan::plan(supergraph, &document, &operation, &config.timeouts)?;
    let projection = Projection::new(supergraph, &document, &operation);
    let variables: Vec<&str> = operation
        .variables
        .iter()
        .map(|variable| variable.name.as_str())
        .collect();
    let program =
        Program::new(supergraph, &plan, &projection, &variables).map_err(InternalError::from)?;
    Ok(CompiledOperation {
        document,
        operation,
        kind,
        program,
        introspects,
        #[cfg(test)]
        plan,
        #[cfg(test)]
        projection,
    })
}
