//! A subgraph's answer: whatever it sent, read without trust.

use serde_json::{Map, Value};

use crate::response::PathElement;
use crate::transport::TransportError;

/// A GraphQL response of a subgraph.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) data: Option<Map<String, Value>>,
    pub(super) errors: Vec<SubgraphError>,
}

/// An entry of its `errors`.
#[derive(Debug)]
pub(super) struct SubgraphError {
    pub(super) message: String,
    pub(super) path: Option<Vec<PathElement>>,
    pub(super) extensions: Map<String, Value>,
}

/// Extensions that tell about the subgraph's inside.
const PRIVATE_EXTENSIONS: &[&str] = &["debug", "exception", "stacktrace"];

impl SubgraphError {
    /// Errors with a code of their own were meant for clients.
    pub(super) fn is_public(&self) -> bool {
        self.extensions
            .get("code")
            .and_then(Value::as_str)
            .is_some_and(|code| !code.is_empty() && code != "INTERNAL_SERVER_ERROR")
    }
}

/// Reads an answer.
pub(super) fn parse(bytes: &[u8]) -> Result<Answer, TransportError> {
    let invalid = |message: String| TransportError::InvalidAnswer { message };

    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| invalid(format!("not JSON: {error}")))?;
    let Value::Object(mut response) = value else {
        return Err(invalid("not a JSON object".to_owned()));
    };
    let data = match response.shift_remove("data") {
        Some(Value::Object(data)) => Some(data),
        Some(Value::Null) | None => None,
        Some(_) => return Err(invalid("`data` is not an object".to_owned())),
    };
    let errors = match response.shift_remove("errors") {
        Some(Value::Array(errors)) => errors.into_iter().map(read_error).collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(_) => return Err(invalid("`errors` is not a list".to_owned())),
    };
    Ok(Answer { data, errors })
}

fn read_error(error: Value) -> SubgraphError {
    let Value::Object(mut error) = error else {
        return SubgraphError {
            message: "an error that is not an object".to_owned(),
            path: None,
            extensions: Map::new(),
        };
    };
    let message = match error.shift_remove("message") {
        Some(Value::String(message)) => message,
        _ => "an error without a message".to_owned(),
    };
    let path = match error.shift_remove("path") {
        Some(Value::Array(path)) => path
            .into_iter()
            .map(|element| match element {
                Value::String(key) => Some(PathElement::Key(key)),
                Value::Number(index) => index
                    .as_u64()
                    .and_then(|index| usize::try_from(index).ok())
                    .map(PathElement::Index),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()
            .filter(|path| !path.is_empty()),
        _ => None,
    };
    let mut extensions = match error.shift_remove("extensions") {
        Some(Value::Object(extensions)) => extensions,
        _ => Map::new(),
    };
    extensions.retain(|key, _| !PRIVATE_EXTENSIONS.contains(&key.as_str()));
    SubgraphError {
        message,
        path,
        extensions,
    }
}
