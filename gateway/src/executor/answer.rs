//! The errors of a subgraph's answer, read without trust.

use serde_json::{Map, Value};

use super::MAX_ERRORS;
use super::read::invalid;
use crate::json::Scanner;
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

    /// Keeps what is short of an error that is large.
    fn shorten(&mut self) {
        if let Some((end, _)) = self.message.char_indices().nth(SHOWN) {
            self.message.truncate(end);
            self.message.push('…');
        }
        let is_short =
            |path: &Vec<PathElement>| serde_json::to_vec(path).is_ok_and(|text| text.len() < SHOWN);
        self.path = self.path.take().filter(is_short);
        self.extensions.retain(|key, value| {
            key == "code" && value.as_str().is_some_and(|code| code.len() < SHOWN)
        });
    }
}

/// More bytes of one error than anybody reads; it may be shown at many places.
const MAX_BYTES: usize = 16 * 1024;

/// Characters that are shown of the message of such an error.
const SHOWN: usize = 1000;

/// Reads the list of errors, as far as they are worth it. It was found to be JSON.
pub(super) fn errors(text: &str) -> Result<Vec<SubgraphError>, TransportError> {
    let unreadable = |error: &dyn std::fmt::Display| {
        let message = format!("`errors` cannot be read: {error}");
        invalid(&message)
    };
    let mut scanner = Scanner::new(text);
    let mut errors = Vec::new();
    scanner
        .expect(b'[', "a list is missing")
        .map_err(|error| unreadable(&error))?;
    if scanner.take(b']') {
        return Ok(errors);
    }
    while errors.len() < MAX_ERRORS {
        scanner.peek();
        let start = scanner.at;
        scanner.value(0).map_err(|error| unreadable(&error))?;
        let element = scanner.since(start);
        let error: Value = serde_json::from_str(element).map_err(|error| unreadable(&error))?;
        let mut error = read_error(error);
        if element.len() > MAX_BYTES {
            error.shorten();
        }
        errors.push(error);
        let more = scanner.next_element(b']');
        if !more.map_err(|error| unreadable(&error))? {
            break;
        }
    }
    Ok(errors)
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
    fn large_errors_and_many_errors_are_cut() {
        let read = errors(&format!("[{}{{}}]", "{},".repeat(100_000))).unwrap();
        assert_eq!(read.len(), MAX_ERRORS);

        let long = "é".repeat(100_000);
        let read = errors(&format!(
            "[{{\"message\":\"{long}\",\"path\":[\"{long}\"],\"extensions\":{{\"code\":\"X\",\"a\":\"{long}\"}}}}]"
        ))
        .unwrap();
        assert_eq!(read[0].message.chars().count(), SHOWN + 1);
        assert_eq!((read[0].path.as_ref(), read[0].extensions.len()), (None, 1));
        assert!(read[0].is_public());
    }

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
