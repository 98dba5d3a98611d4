//! Response → HTTP: media type, status, headers.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use hyper::body::{Frame, SizeHint};

use super::read::REQUEST_ID;
use super::{Events, Outcome, Stopping};
use crate::error::{ClientError, GatewayError};
use crate::response::GraphqlResponse;

/// How often a silent event stream shows that it is alive.
const KEEP_ALIVE: std::time::Duration = std::time::Duration::from_secs(12);

const AVAILABLE: &str = "application/graphql-response+json, application/json, text/event-stream";

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// `application/graphql-response+json`: the status tells what happened.
    GraphqlResponse,
    /// `application/json`, asked for by name: 200 whenever the GraphQL could be looked at.
    LegacyJson,
    /// `application/json`, since the client accepts anything.
    Json,
    /// `text/event-stream`.
    EventStream,
}

impl Format {
    /// Picks the format the client prefers.
    pub(crate) fn negotiate(headers: &HeaderMap) -> Result<Self, ClientError> {
        if !headers.contains_key(header::ACCEPT) {
            return Ok(Self::Json);
        }
        accepted(headers)
            .iter()
            .filter_map(|(range, quality)| Some((Self::matching(range)?, *quality)))
            // The first of the best: `max_by` would take the last.
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(format, _)| format)
            .ok_or(ClientError::NotAcceptable {
                available: AVAILABLE,
            })
    }

    /// Whether the client asks for one of our media types by name.
    pub(crate) fn is_named(headers: &HeaderMap) -> bool {
        accepted(headers)
            .iter()
            .any(|(range, _)| Self::matching(range).is_some_and(|format| format != Self::Json))
    }

    fn matching(range: &str) -> Option<Self> {
        match range {
            "application/graphql-response+json" => Some(Self::GraphqlResponse),
            "application/json" => Some(Self::LegacyJson),
            "*/*" | "application/*" => Some(Self::Json),
            "text/event-stream" => Some(Self::EventStream),
            _ => None,
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::LegacyJson | Self::Json => "application/json; charset=utf-8",
            Self::EventStream => "text/event-stream",
        }
    }
}

/// Media ranges and their quality, in the client's order; those with quality 0 left out.
fn accepted(headers: &HeaderMap) -> Vec<(String, f32)> {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media_range = parts.next()?.to_ascii_lowercase();
            let quality = parts
                .find_map(|parameter| parameter.strip_prefix(['q', 'Q'])?.strip_prefix('='))
                .map_or(1.0, |quality| quality.parse().unwrap_or(1.0));
            (!media_range.is_empty() && quality > 0.0).then_some((media_range, quality))
        })
        .collect()
}

/// Makes the HTTP response.
pub(crate) fn run(
    format: Format,
    outcome: Result<Outcome, GatewayError>,
    request_id: &str,
) -> Response<Body> {
    let mut response = match (format, outcome) {
        (Format::EventStream, Ok(Outcome::Events(events))) => event_stream(events),
        (Format::EventStream, Ok(Outcome::Response(response))) => {
            event_stream(stream::iter([Ok(response)]).boxed())
        }
        // On an accepted stream, a refusal is an event too.
        (Format::EventStream, Err(GatewayError::Client(error))) if error.is_graphql_error() => {
            let refused =
                GraphqlResponse::refused(GatewayError::Client(error).to_errors(request_id));
            event_stream(stream::iter([Ok(refused)]).boxed())
        }
        (_, Ok(Outcome::Response(response))) => {
            // Without data nothing was executed: a subscription that could not start.
            let status = if response.was_executed() {
                StatusCode::OK
            } else {
                StatusCode::BAD_GATEWAY
            };
            json(format, status, response)
        }
        (_, Ok(Outcome::Events(_))) => {
            let error = GatewayError::Client(ClientError::NotAcceptable {
                available: "text/event-stream",
            });
            refusal(format, &error, request_id)
        }
        (_, Err(error)) => refusal(format, &error, request_id),
    };

    let response_status = response.status();
    let headers = response.headers_mut();
    // What is left of the body may still come, and must not be taken for a request.
    if response_status == StatusCode::REQUEST_TIMEOUT {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn refusal(format: Format, error: &GatewayError, request_id: &str) -> Response<Body> {
    let status = match error {
        GatewayError::Client(client)
            if format == Format::LegacyJson && client.is_graphql_error() =>
        {
            StatusCode::OK
        }
        other => other.status(),
    };
    let format = if format == Format::EventStream {
        Format::Json
    } else {
        format
    };
    let mut response = json(
        format,
        status,
        GraphqlResponse::refused(error.to_errors(request_id)),
    );
    let allow = match error {
        GatewayError::Client(ClientError::MethodNotAllowed) => Some("GET, POST"),
        GatewayError::Client(ClientError::OnlyQueriesByGet) => Some("POST"),
        _ => None,
    };
    if let Some(allow) = allow {
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    response
}

fn json(format: Format, status: StatusCode, body: GraphqlResponse) -> Response<Body> {
    let mut pieces = body.into_pieces();
    let body = match (pieces.pop(), pieces.is_empty()) {
        (Some(only), true) => Body::from(only),
        (last, _) => {
            pieces.extend(last);
            Body::new(Pieces(pieces.into()))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.content_type()),
    );
    response
}

/// A body of known length in several pieces, so that none of them has to be copied.
struct Pieces(VecDeque<Bytes>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|piece| piece.len() as u64).sum())
    }
}

fn event_stream(events: Events) -> Response<Body> {
    let messages = with_keep_alive(events).map(Ok::<_, Infallible>);
    let mut response = Response::new(Body::from_stream(messages));
    let headers = response.headers_mut();
    let content_type = Format::EventStream.content_type();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// `next` per response, `complete` at the end unless the gateway stops, and a comment whenever nothing happens for long.
fn with_keep_alive(events: Events) -> impl Stream<Item = String> + Send + 'static {
    // The comment at the start makes proxies and clients see the stream at once.
    let opening = stream::iter([":\n\n".to_owned()]);
    let messages = stream::unfold(Some(events), |events| async move {
        let mut events = events?;
        match tokio::time::timeout(KEEP_ALIVE, events.next()).await {
            Ok(Some(Ok(response))) => Some((
                format!("event: next\ndata: {}\n\n", response.into_text()),
                Some(events),
            )),
            // Without `complete` clients come back.
            Ok(Some(Err(Stopping))) => None,
            Ok(None) => Some(("event: complete\ndata: \n\n".to_owned(), None)),
            Err(_) => Some((":\n\n".to_owned(), Some(events))),
        }
    });
    opening.chain(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_format_is_picked() {
        let negotiate = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            Format::negotiate(&headers).ok()
        };
        for (accept, format) in [
            (
                "application/graphql-response+json",
                Some(Format::GraphqlResponse),
            ),
            ("application/json", Some(Format::LegacyJson)),
            ("application/json; charset=utf-8", Some(Format::LegacyJson)),
            ("*/*", Some(Format::Json)),
            (
                "application/graphql-response+json, application/json;q=0.9",
                Some(Format::GraphqlResponse),
            ),
            (
                "application/json;q=0.5, application/graphql-response+json",
                Some(Format::GraphqlResponse),
            ),
            (
                "application/json, application/graphql-response+json",
                Some(Format::LegacyJson),
            ),
            ("text/event-stream", Some(Format::EventStream)),
            ("text/html", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(negotiate(accept), format, "{accept}");
        }
        assert_eq!(
            Format::negotiate(&HeaderMap::new()).ok(),
            Some(Format::Json)
        );
    }
}
