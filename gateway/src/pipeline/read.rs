//! HTTP → GraphQL request.

use axum::body::Body;
use axum::http::request::Parts;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::respond::Format;
use crate::error::ClientError;
use crate::executor::RequestContext;
use crate::gateway::Gateway;
use crate::json::{Scanner, quoted, unescape};

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
    /// The document's text, as a JSON string.
    pub(crate) document: Bytes,
    pub(crate) operation_name: Option<String>,
    /// A JSON object.
    variables: Option<Bytes>,
    /// Sent by GET, which must not change anything.
    pub(crate) read_only: bool,
}

impl GraphqlRequest {
    /// The variables as they were sent, a JSON object.
    pub(crate) fn variables(&self) -> Option<&str> {
        std::str::from_utf8(self.variables.as_deref()?).ok()
    }
}

/// The members of a request that count. A member that comes twice is refused.
#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow)]
    query: Option<&'a RawValue>,
    #[serde(borrow, rename = "operationName")]
    operation_name: Option<&'a RawValue>,
    #[serde(borrow)]
    variables: Option<&'a RawValue>,
    #[serde(borrow)]
    extensions: Option<&'a RawValue>,
}

/// Reads a request of `/graphql`.
pub(crate) async fn run(
    gateway: &Gateway,
    parts: &Parts,
    body: Body,
) -> Result<GraphqlRequest, ClientError> {
    match parts.method {
        Method::GET => {
            refuse_cross_site(gateway, &parts.headers)?;
            read_query_string(parts.uri.query().unwrap_or_default(), gateway)
        }
        Method::POST => {
            require_json(&parts.headers)?;
            // A client that sends its body drop by drop must not be waited for.
            let body = read_body(body, gateway.config.limits.body_bytes);
            let body = tokio::time::timeout(gateway.config.timeouts.body, body)
                .await
                .map_err(|_| ClientError::BodyTimeout)??;
            from_json(&body)
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

/// A request in JSON; also the payload of a WebSocket's `subscribe`.
pub(crate) fn from_json(body: &Bytes) -> Result<GraphqlRequest, ClientError> {
    let invalid = |error: &dyn std::fmt::Display| {
        malformed(format!("The request body is not valid JSON: {error}."))
    };
    let text = std::str::from_utf8(body).map_err(|error| invalid(&error))?;
    // Structs can be read from arrays too.
    if !text.trim_start().starts_with('{') {
        let value = Scanner::new(text).value(0);
        value.map_err(|error| invalid(&error))?;
        return Err(if text.trim_start().starts_with('[') {
            ClientError::BatchingNotSupported
        } else {
            malformed("The request must be a JSON object.")
        });
    }
    let members: Members<'_> = serde_json::from_str(text).map_err(|error| invalid(&error))?;

    // Values that nobody has looked into yet may hold half a character.
    for token in [members.query, members.operation_name]
        .into_iter()
        .flatten()
    {
        if token.get().starts_with('"') {
            let string = Scanner::new(token.get()).value(0);
            string.map_err(|error| invalid(&error))?;
        }
    }

    let part = |raw: &RawValue| body.slice_ref(raw.get().as_bytes());
    let kind = |raw: Option<&RawValue>| raw.and_then(|raw| raw.get().bytes().next());
    let document = match (members.query, kind(members.query)) {
        (Some(query), Some(b'"')) => part(query),
        (_, None | Some(b'n')) if is_hash_only(members.extensions) => {
            return Err(ClientError::PersistedQueryNotSupported);
        }
        (_, None | Some(b'n')) => return Err(malformed("`query` is missing.")),
        _ => return Err(malformed("`query` must be a string.")),
    };
    let operation_name = match (members.operation_name, kind(members.operation_name)) {
        (Some(name), Some(b'"')) => {
            Some(unescape(name.get()).into_owned()).filter(|name| !name.is_empty())
        }
        (_, None | Some(b'n')) => None,
        _ => return Err(malformed("`operationName` must be a string.")),
    };
    let variables = match (members.variables, kind(members.variables)) {
        (Some(variables), Some(b'{')) => Some(part(variables)),
        (_, None | Some(b'n')) => None,
        _ => return Err(malformed("`variables` must be an object.")),
    };
    match kind(members.extensions) {
        Some(b'{' | b'n') | None => {}
        Some(_) => return Err(malformed("`extensions` must be an object.")),
    }
    Ok(GraphqlRequest {
        document,
        operation_name,
        variables,
        read_only: false,
    })
}

fn is_hash_only(extensions: Option<&RawValue>) -> bool {
    extensions
        .and_then(|extensions| serde_json::from_str::<Value>(extensions.get()).ok())
        .and_then(|extensions| extensions.get("persistedQuery").map(Value::is_object))
        .unwrap_or_default()
}

fn read_query_string(query: &str, gateway: &Gateway) -> Result<GraphqlRequest, ClientError> {
    let limit = gateway.config.limits.body_bytes;
    if query.len() > limit {
        return Err(ClientError::BodyTooLarge { limit });
    }
    // Written as JSON, so that everything is read in one way.
    let mut members: Vec<(&str, String)> = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "query" => members.push(("query", quoted(&value))),
            "operationName" => members.push(("operationName", quoted(&value))),
            "variables" | "extensions" if !value.is_empty() => {
                serde_json::from_str::<&RawValue>(&value)
                    .map_err(|error| malformed(format!("`{name}` is not valid JSON: {error}.")))?;
                let name = if name == "variables" {
                    "variables"
                } else {
                    "extensions"
                };
                members.push((name, value.into_owned()));
            }
            _ => {}
        }
    }
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    let mut request = from_json(&format!("{{{}}}", members.join(",")).into())?;
    request.read_only = true;
    Ok(request)
}

async fn read_body(mut body: Body, limit: usize) -> Result<Bytes, ClientError> {
    if hyper::body::Body::size_hint(&body).lower() > limit as u64 {
        discard(body).await;
        return Err(ClientError::BodyTooLarge { limit });
    }
    // Most bodies come in one piece, which needs no copy.
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| malformed("The request body broke off."))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if first.len() + all.len() + data.len() > limit {
            drop((first, all, data));
            discard(body).await;
            return Err(ClientError::BodyTooLarge { limit });
        }
        if first.is_empty() && all.is_empty() {
            first = data;
        } else {
            all.extend_from_slice(&std::mem::take(&mut first));
            all.extend_from_slice(&data);
        }
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

/// Takes the rest of a body that is too large, within reason: many a client does not look at the
/// answer before it has sent everything, and would only see a broken connection.
async fn discard(mut body: Body) {
    const MAX: usize = 32 * 1024 * 1024;

    let mut taken = 0;
    while taken < MAX
        && let Some(Ok(frame)) = body.frame().await
    {
        taken += frame.data_ref().map_or(0, Bytes::len);
    }
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
///
/// A page's script can say so too, without the browser asking first. That is no proof if the
/// browser tells that the page is a foreign one, or has put in credentials on its own.
fn refuse_cross_site(gateway: &Gateway, headers: &HeaderMap) -> Result<(), ClientError> {
    let is_proven = is_json(headers)
        || PREFLIGHT_HEADERS
            .iter()
            .any(|name| headers.contains_key(*name));
    let has_ambient_credentials = gateway
        .forwarded_headers
        .iter()
        .any(|name| is_ambient(name, headers));
    if is_proven
        || (Format::is_named(headers) && !is_cross_site(headers) && !has_ambient_credentials)
    {
        Ok(())
    } else {
        Err(ClientError::CrossSiteRequest)
    }
}

/// Whether a browser tells that a page of another origin sends this request.
pub(crate) fn is_cross_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, Some("same-origin" | "none"));
    }
    match text("origin") {
        None => false,
        Some(origin) => {
            let host = origin
                .and_then(|origin| origin.split_once("://"))
                .map(|(_, host)| host);
            host.is_none() || host != text("host").flatten()
        }
    }
}

/// Whether a browser puts this header into requests of foreign pages too: a cookie, or the name
/// and password of its own dialog. Tokens it does not know.
pub(crate) fn is_ambient(name: &HeaderName, headers: &HeaderMap) -> bool {
    match *name {
        header::COOKIE => headers.contains_key(name),
        header::AUTHORIZATION => headers.get_all(name).iter().any(|value| {
            let scheme = value.as_bytes().get(..7).unwrap_or_default();
            !scheme.eq_ignore_ascii_case(b"bearer ")
        }),
        _ => false,
    }
}
