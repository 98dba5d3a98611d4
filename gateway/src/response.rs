//! GraphQL responses and errors, as they are sent.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

/// A response.
#[derive(Debug, Default)]
pub(crate) struct GraphqlResponse {
    pub(crate) data: Data,
    pub(crate) errors: Vec<GraphqlError>,
    pub(crate) extensions: Map<String, Value>,
}

/// The data of a response, in JSON.
#[derive(Debug, Default)]
pub(crate) enum Data {
    /// The operation was not executed.
    #[default]
    Absent,
    /// What was written, after [`Data::BEGINNING`].
    Written(Vec<u8>),
    /// A part of a subgraph's answer.
    Passed(Bytes),
    /// A subgraph's answer that is the whole response.
    Whole(Bytes),
}

impl Data {
    /// How a response with data begins.
    pub(crate) const BEGINNING: &[u8] = b"{\"data\":";
}

/// What follows the data.
#[derive(Serialize)]
struct Rest<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [GraphqlError],
    #[serde(skip_serializing_if = "Map::is_empty")]
    extensions: &'a Map<String, Value>,
}

impl GraphqlResponse {
    /// A response without `data`.
    pub(crate) fn refused(errors: Vec<GraphqlError>) -> Self {
        Self {
            errors,
            ..Self::default()
        }
    }

    /// Whether there is `data`, be it null.
    pub(crate) fn was_executed(&self) -> bool {
        !matches!(self.data, Data::Absent)
    }

    /// The response as JSON, in one to three pieces.
    pub(crate) fn into_pieces(self) -> Vec<Bytes> {
        let has_more = !self.errors.is_empty() || !self.extensions.is_empty();
        let rest = || {
            let rest = Rest {
                errors: &self.errors,
                extensions: &self.extensions,
            };
            serde_json::to_vec(&rest).expect("a tree of JSON values with string keys is JSON")
        };
        // What follows data goes on after a comma, in the same object.
        let ending = || {
            let mut rest = rest();
            match rest.first_mut() {
                Some(first) if has_more => {
                    *first = b',';
                    rest
                }
                _ => b"}".to_vec(),
            }
        };
        match self.data {
            Data::Absent => vec![rest().into()],
            Data::Written(mut text) => {
                if has_more {
                    text.extend_from_slice(&ending());
                } else {
                    text.push(b'}');
                }
                vec![text.into()]
            }
            Data::Whole(answer) if !has_more => vec![answer],
            // Only answers without anything else are passed on as a whole.
            Data::Whole(answer) => {
                let data = answer.slice(Data::BEGINNING.len()..answer.len() - 1);
                vec![Bytes::from_static(Data::BEGINNING), data, ending().into()]
            }
            Data::Passed(data) => {
                vec![Bytes::from_static(Data::BEGINNING), data, ending().into()]
            }
        }
    }

    /// The response as JSON, in one line.
    pub(crate) fn into_text(self) -> String {
        let mut text = Vec::new();
        for piece in self.into_pieces() {
            text.extend_from_slice(&piece);
        }
        // A line break can only be white space between values.
        for byte in &mut text {
            if matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        String::from_utf8(text).expect("all that is written or passed on is UTF-8")
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
