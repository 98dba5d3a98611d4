//! Subgraphs over HTTP: POST for queries and mutations, SSE for subscriptions.

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt as _, StreamExt as _};
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};

use super::connections::{Connections, Protocol, Purpose};
use super::sse::{EventReader, SseEvent};
use super::{Subgraph, SubgraphRequest, TransportError};

/// A subgraph reached over HTTP, with connections kept open between requests.
pub struct HttpSubgraph {
    connections: Connections,
    /// What requests name: a path for HTTP/1.1, the whole address for HTTP/2.
    target: Uri,
    host: HeaderValue,
    max_answer_bytes: usize,
}

/// The address of a subgraph cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`{url}` is not a usable address: {reason}")]
pub struct InvalidUrl {
    url: String,
    reason: String,
}

impl HttpSubgraph {
    /// A subgraph at an `http://` or `https://` address; answers larger than `max_answer_bytes` are refused.
    pub fn new(url: &str, max_answer_bytes: usize) -> Result<Self, InvalidUrl> {
        Self::with_protocol(url, max_answer_bytes, Protocol::Http1)
    }

    /// A subgraph that speaks HTTP/2 without being asked first, over plain TCP too.
    pub fn new_http2(url: &str, max_answer_bytes: usize) -> Result<Self, InvalidUrl> {
        Self::with_protocol(url, max_answer_bytes, Protocol::Http2)
    }

    fn with_protocol(
        url: &str,
        max_answer_bytes: usize,
        protocol: Protocol,
    ) -> Result<Self, InvalidUrl> {
        let invalid = |reason: &str| InvalidUrl {
            url: url.to_owned(),
            reason: reason.to_owned(),
        };
        let parsed = url::Url::parse(url).map_err(|error| invalid(&error.to_string()))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(invalid("only http:// and https:// are supported"));
        }
        let uri: Uri = parsed.as_str().parse().map_err(|_| invalid("not a URI"))?;
        let authority = uri.authority().ok_or_else(|| invalid("it names no host"))?;
        // User and password are no part of the host.
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        let host = HeaderValue::from_str(host).map_err(|_| invalid("not a host"))?;
        let target = match (protocol, uri.path_and_query()) {
            (Protocol::Http1, Some(path)) => Uri::from(path.clone()),
            _ => uri.clone(),
        };
        Ok(Self {
            connections: Connections::new(uri, protocol).map_err(|error| invalid(&error))?,
            target,
            host,
            max_answer_bytes,
        })
    }

    async fn send(
        &self,
        request: SubgraphRequest,
        accept: &'static str,
        purpose: Purpose,
    ) -> Result<http::Response<Incoming>, TransportError> {
        let mut message = Request::new(Full::new(request.body));
        *message.method_mut() = Method::POST;
        *message.uri_mut() = self.target.clone();
        *message.headers_mut() = request.headers;
        let headers = message.headers_mut();
        // HTTP/2 has the host in its target.
        if self.target.authority().is_none() {
            headers.insert(header::HOST, self.host.clone());
        }
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        self.connections.send(message, purpose).await
    }

    async fn execute(&self, request: SubgraphRequest) -> Result<Bytes, TransportError> {
        let purpose = match request.is_repeatable {
            true => Purpose::Query,
            false => Purpose::Mutation,
        };
        let accept = "application/graphql-response+json, application/json;q=0.9";
        let response = self.send(request, accept, purpose).await?;
        refuse_encoded(&response)?;
        let status = response.status();
        let body = read_body(response.into_body(), self.max_answer_bytes).await?;
        judge(status, body)
    }

    async fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        let response = self
            .send(request, "text/event-stream", Purpose::Subscription)
            .await?;
        refuse_encoded(&response)?;
        let status = response.status();
        let is_event_stream = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("text/event-stream"));

        // A plain answer instead of a stream: the subscription was refused.
        if !is_event_stream {
            let body = read_body(response.into_body(), self.max_answer_bytes).await?;
            let answer = judge(status, body)?;
            return Ok(stream::iter([Ok(answer)]).boxed());
        }
        Ok(events(
            response.into_body(),
            EventReader::new(self.max_answer_bytes),
        ))
    }
}

impl Subgraph for HttpSubgraph {
    fn execute(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        HttpSubgraph::execute(self, request).boxed()
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        HttpSubgraph::subscribe(self, request).boxed()
    }
}

/// Nothing but plain bytes was accepted, and nothing else is unpacked.
fn refuse_encoded(response: &http::Response<Incoming>) -> Result<(), TransportError> {
    match response.headers().get(header::CONTENT_ENCODING) {
        Some(encoding) if encoding != "identity" => {
            let message = format!("content encoding {encoding:?}");
            Err(TransportError::InvalidAnswer { message })
        }
        _ => Ok(()),
    }
}

/// A failing status with a GraphQL body is an answer; with anything else it is a failure.
fn judge(status: StatusCode, body: Bytes) -> Result<Bytes, TransportError> {
    let looks_like_json = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if status.is_success() || (status.is_client_error() && looks_like_json) {
        Ok(body)
    } else {
        Err(TransportError::Unavailable {
            message: format!("status {status}"),
        })
    }
}

async fn read_body(mut body: Incoming, limit: usize) -> Result<Bytes, TransportError> {
    let too_large = || TransportError::InvalidAnswer {
        message: format!("more than {limit} bytes"),
    };
    let announced = body.size_hint();
    if announced.lower() > limit as u64 {
        return Err(too_large());
    }
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| TransportError::InvalidAnswer {
            message: chain(&error),
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if first.len() + all.len() + data.len() > limit {
            return Err(too_large());
        }
        if first.is_empty() && all.is_empty() {
            first = data;
            continue;
        }
        // Small answers come in one piece and are not copied.
        if all.is_empty() {
            let room = usize::try_from(announced.exact().unwrap_or_default()).unwrap_or_default();
            all.reserve(room.max(first.len() + data.len()));
            all.extend_from_slice(&first);
            first = Bytes::new();
        }
        all.extend_from_slice(&data);
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

fn events(
    body: Incoming,
    reader: EventReader,
) -> BoxStream<'static, Result<Bytes, TransportError>> {
    stream::unfold(Some((body, reader)), |state| async move {
        let (mut body, mut reader) = state?;
        loop {
            match reader.next_event() {
                Ok(Some(SseEvent::Next(data))) => return Some((Ok(data), Some((body, reader)))),
                Ok(Some(SseEvent::Complete)) => return None,
                Ok(None) => {}
                Err(error) => return Some((Err(error), None)),
            }
            match body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        reader.push(&data);
                    }
                }
                Some(Err(error)) => {
                    let error = TransportError::Unavailable {
                        message: chain(&error),
                    };
                    return Some((Err(error), None));
                }
                // A stream that ends without `complete` was cut off.
                None => {
                    let message = "the event stream broke off".to_owned();
                    return Some((Err(TransportError::Unavailable { message }), None));
                }
            }
        }
    })
    .boxed()
}

pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
