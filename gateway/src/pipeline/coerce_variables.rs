//! The client's variables → values of the declared types, with defaults filled in.

use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::{JsonMap, JsonValue};
use serde_json::{Map, Value};

use crate::error::ClientError;
use crate::gateway::Gateway;
use crate::operation::CompiledOperation;

/// Coerces variables; those the operation does not declare are dropped.
pub(crate) fn run(
    gateway: &Gateway,
    operation: &CompiledOperation,
    variables: Map<String, Value>,
) -> Result<Map<String, Value>, ClientError> {
    let values = to_compiler(variables);
    let coerced = coerce_variable_values(
        gateway.supergraph.api_schema(),
        &operation.operation,
        &values,
    )
    .map_err(|error| ClientError::BadVariables {
        message: error.message().to_string(),
    })?;
    Ok(from_compiler(coerced.into_inner()))
}

pub(super) fn to_compiler(values: Map<String, Value>) -> JsonMap {
    match JsonValue::from(Value::Object(values)) {
        JsonValue::Object(values) => values,
        _ => JsonMap::new(),
    }
}

pub(super) fn from_compiler(values: JsonMap) -> Map<String, Value> {
    match serde_json::to_value(JsonValue::Object(values)) {
        Ok(Value::Object(values)) => values,
        _ => Map::new(),
    }
}
