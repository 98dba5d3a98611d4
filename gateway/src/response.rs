//! GraphQL responses and errors, as they are sent.

use serde::Serialize;
use serde_json::{Map, Value};

/// A response; `data` is absent when the operation was not executed.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct GraphqlResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<GraphqlError>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) extensions: Map<String, Value>,
}

impl GraphqlResponse {
    /// A response without `data`.
    pub(crate) fn refused(errors: Vec<GraphqlError>) -> Self {
        Self {
            errors,
            ..Self::default()
        }
    }

    /// The response as JSON.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a tree of JSON values with string keys is JSON")
    }
}

/// One entry of `errors`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct GraphqlError {
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) locations: Vec<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<Vec<PathElement>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) extensions: Map<String, Value>,
}

impl GraphqlError {
    /// An error of the gateway's own while executing.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            locations: Vec::new(),
            path: None,
            extensions: Map::from_iter([("code".to_owned(), Value::from(code))]),
        }
    }

    /// What a client sees of an internal error.
    pub(crate) fn masked(request_id: &str) -> Self {
        let mut error = Self::new("INTERNAL_SERVER_ERROR", "Internal server error");
        error
            .extensions
            .insert("requestId".to_owned(), Value::from(request_id));
        error
    }

    /// The error at a place of the response.
    pub(crate) fn at(mut self, path: Vec<PathElement>) -> Self {
        self.path = Some(path);
        self
    }
}

/// A place in the client's document, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Location {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A step from the response's root to a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub(crate) enum PathElement {
    /// A member of an object.
    Key(String),
    /// An element of a list.
    Index(usize),
}
