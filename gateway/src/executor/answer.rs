//! The errors of a subgraph's answer, read without trust.

use serde_json::{Map, Value};

use super::read::invalid;
use crate::response::PathElement;
use crate::transport::TransportError;

/// An entry of `errors`.
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

/// Reads the list of errors.
pub(super) fn errors(text: &str) -> Result<Vec<SubgraphError>, TransportError> {
    let errors: Vec<Value> = serde_json::from_str(text)
        .map_err(|error| invalid(&format!("`errors` cannot be read: {error}")))?;
    Ok(errors.into_iter().map(read_error).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_errors_are_read_as_far_as_they_go() {
        let errors = errors(r#"[3,{"message":4,"path":[{}],"extensions":[]},{"message":"m","path":["a",-1]},{"message":"m","path":["a",1],"extensions":{"code":"X","stacktrace":[]}}]"#).unwrap();
        let read: Vec<_> = errors
            .iter()
            .map(|error| {
                (
                    error.path.as_ref().map(Vec::len),
                    error.is_public(),
                    error.extensions.len(),
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                (None, false, 0),
                (None, false, 0),
                (None, false, 0),
                (Some(2), true, 1)
            ]
        );
    }
}
