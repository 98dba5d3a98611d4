//! Syntax tree → document that fits the API schema.

use apollo_compiler::ast::{Definition, Document, Selection};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Schema};

use crate::error::{ClientError, Diagnostic};
use crate::response::Location;

/// Validates a document against the API schema.
pub(super) fn validate(
    document: &Document,
    schema: &Valid<Schema>,
) -> Result<Valid<ExecutableDocument>, ClientError> {
    // `__typename: name` would put another value where types are read from.
    let selections = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(&operation.selection_set),
            Definition::FragmentDefinition(fragment) => Some(&fragment.selection_set),
            _ => None,
        });
    if let Some(alias) = selections
        .into_iter()
        .find_map(|selections| reserved_alias(selections))
    {
        let message = format!("The alias `{alias}` begins with `__`, which is reserved.");
        let errors = vec![Diagnostic {
            message,
            locations: Vec::new(),
        }];
        return Err(ClientError::ValidationFailed { errors });
    }

    document
        .to_executable_validate(schema)
        .map_err(|invalid| ClientError::ValidationFailed {
            errors: diagnostics(&invalid.errors),
        })
}

fn reserved_alias(selections: &[Selection]) -> Option<&str> {
    selections.iter().find_map(|selection| match selection {
        Selection::Field(field) => field
            .alias
            .as_ref()
            .filter(|alias| alias.starts_with("__") && **alias != field.name)
            .map(|alias| alias.as_str())
            .or_else(|| reserved_alias(&field.selection_set)),
        Selection::InlineFragment(fragment) => reserved_alias(&fragment.selection_set),
        Selection::FragmentSpread(_) => None,
    })
}

/// The compiler's findings, as clients are shown them.
pub(super) fn diagnostics(errors: &DiagnosticList) -> Vec<Diagnostic> {
    /// More would only make the answer large.
    const MAX: usize = 20;

    errors
        .iter()
        .take(MAX)
        .map(|error| {
            let json = error.unstable_to_json_compat();
            Diagnostic {
                message: json.message,
                locations: json
                    .locations
                    .iter()
                    .map(|at| Location {
                        line: at.line,
                        column: at.column,
                    })
                    .collect(),
            }
        })
        .collect()
}
