//! HTTP → GraphQL request.

use axum::body::Body;
use axum::http::request::Parts;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use http_body_util::BodyExt as _;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::respond::Format;
use crate::error::ClientError;
use crate::executor::RequestContext;
use crate::gateway::Gateway;

/// The header that identifies a request in logs and errors, here and in subgraphs.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers whose presence proves that a page of another origin did not send the request.
const PREFLIGHT_HEADERS: [&str; 3] = [
    "graphql-require-preflight",
    "apollo-require-preflight",
    "x-apollo-operation-name",
];

/// A GraphQL request, however it came.
#[derive(Debug, Clone)]
pub(crate) struct GraphqlRequest {
    pub(crate) query: String,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Map<String, Value>,
    /// Sent by GET, which must not change anything.
    pub(crate) read_only: bool,
}

/// Reads a request of `/graphql`.
pub(crate) async fn run(
    gateway: &Gateway,
    parts: &Parts,
    body: Body,
) -> Result<GraphqlRequest, ClientError> {
    match parts.method {
        Method::GET => {
            refuse_cross_site(&parts.headers)?;
            read_query_string(parts.uri.query().unwrap_or_default(), gateway)
        }
        Method::POST => {
            require_json(&parts.headers)?;
            let body = read_body(body, gateway.config.limits.body_bytes).await?;
            let value = serde_json::from_slice(&body).map_err(|error| {
                malformed(format!("The request body is not valid JSON: {error}."))
            })?;
            from_json(value)
        }
        _ => Err(ClientError::MethodNotAllowed),
    }
}

/// The request id and the headers for subgraphs.
pub(crate) fn context(gateway: &Gateway, headers: &HeaderMap) -> RequestContext {
    // A client's id is taken over if it can do no harm in logs.
    let request_id = headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (1..=128).contains(&id.len())
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        })
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned);

    let mut forwarded = HeaderMap::new();
    for name in &gateway.forwarded_headers {
        for value in headers.get_all(name) {
            forwarded.append(name, value.clone());
        }
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        forwarded.insert(REQUEST_ID, value);
    }
    RequestContext {
        request_id,
        headers: forwarded,
    }
}

/// The members of a request in JSON; also the payload of a WebSocket's `subscribe`.
pub(crate) fn from_json(value: Value) -> Result<GraphqlRequest, ClientError> {
    let mut members = match value {
        Value::Object(members) => members,
        Value::Array(_) => return Err(ClientError::BatchingNotSupported),
        _ => return Err(malformed("The request must be a JSON object.")),
    };
    let is_hash_only = members
        .get("extensions")
        .and_then(|extensions| extensions.get("persistedQuery"))
        .is_some_and(Value::is_object);
    let query = match members.remove("query") {
        Some(Value::String(query)) => query,
        Some(Value::Null) | None if is_hash_only => {
            return Err(ClientError::PersistedQueryNotSupported);
        }
        Some(Value::Null) | None => return Err(malformed("`query` is missing.")),
        Some(_) => return Err(malformed("`query` must be a string.")),
    };
    let operation_name = match members.remove("operationName") {
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        Some(Value::Null) | None => None,
        Some(_) => return Err(malformed("`operationName` must be a string.")),
    };
    let variables = match members.remove("variables") {
        Some(Value::Object(variables)) => variables,
        Some(Value::Null) | None => Map::new(),
        Some(_) => return Err(malformed("`variables` must be an object.")),
    };
    match members.remove("extensions") {
        Some(Value::Object(_) | Value::Null) | None => {}
        Some(_) => return Err(malformed("`extensions` must be an object.")),
    }
    Ok(GraphqlRequest {
        query,
        operation_name,
        variables,
        read_only: false,
    })
}

fn read_query_string(query: &str, gateway: &Gateway) -> Result<GraphqlRequest, ClientError> {
    let limit = gateway.config.limits.body_bytes;
    if query.len() > limit {
        return Err(ClientError::BodyTooLarge { limit });
    }
    let mut members = Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "query" | "operationName" => {
                members.insert(name.into_owned(), Value::String(value.into_owned()));
            }
            "variables" | "extensions" if !value.is_empty() => {
                let json = serde_json::from_str(&value)
                    .map_err(|error| malformed(format!("`{name}` is not valid JSON: {error}.")))?;
                members.insert(name.into_owned(), json);
            }
            _ => {}
        }
    }
    let mut request = from_json(Value::Object(members))?;
    request.read_only = true;
    Ok(request)
}

async fn read_body(mut body: Body, limit: usize) -> Result<Bytes, ClientError> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| malformed("The request body broke off."))?;
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > limit {
                return Err(ClientError::BodyTooLarge { limit });
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes.freeze())
}

fn malformed(message: impl Into<String>) -> ClientError {
    ClientError::MalformedRequest {
        message: message.into(),
    }
}

/// JSON cannot be sent by a page of another origin without the browser asking first.
fn require_json(headers: &HeaderMap) -> Result<(), ClientError> {
    if is_json(headers) {
        Ok(())
    } else {
        Err(ClientError::UnsupportedMediaType)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let mut parts = content_type
        .split(';')
        .map(|part| part.trim().to_ascii_lowercase());
    let media_type = parts.next().unwrap_or_default();
    let is_utf8 = parts.all(|parameter| match parameter.strip_prefix("charset=") {
        Some(charset) => matches!(charset.trim_matches('"'), "utf-8" | "utf8"),
        None => true,
    });
    is_utf8
        && (media_type == "application/json"
            || (media_type.starts_with("application/") && media_type.ends_with("+json")))
}

/// Any page can cause a plain GET, by an image for one; clients of ours say what they accept.
fn refuse_cross_site(headers: &HeaderMap) -> Result<(), ClientError> {
    let deliberate = is_json(headers)
        || PREFLIGHT_HEADERS
            .iter()
            .any(|name| headers.contains_key(*name))
        || Format::is_named(headers);
    if deliberate {
        Ok(())
    } else {
        Err(ClientError::CrossSiteRequest)
    }
}
