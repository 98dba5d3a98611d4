//! Subgraphs over HTTP: POST for queries and mutations, SSE for subscriptions.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt as _, StreamExt as _};
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Serialize;
use serde_json::{Map, Value};

use super::sse::{EventReader, SseEvent};
use super::{Subgraph, SubgraphRequest, TransportError};

/// A subgraph reached over HTTP, with connections kept open between requests.
pub struct HttpSubgraph {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    uri: Uri,
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
        let invalid = |reason: &str| InvalidUrl {
            url: url.to_owned(),
            reason: reason.to_owned(),
        };
        let parsed = url::Url::parse(url).map_err(|error| invalid(&error.to_string()))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(invalid("only http:// and https:// are supported"));
        }
        let uri: Uri = parsed.as_str().parse().map_err(|_| invalid("not a URI"))?;

        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        connector.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| invalid(&error.to_string()))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(60))
            .build(connector);
        Ok(Self {
            client,
            uri,
            max_answer_bytes,
        })
    }

    async fn send(
        &self,
        request: SubgraphRequest,
        accept: &'static str,
    ) -> Result<http::Response<Incoming>, TransportError> {
        let body = RequestBody {
            query: &request.query,
            operation_name: request.operation_name.as_deref(),
            variables: &request.variables,
        };
        let body = serde_json::to_vec(&body).map_err(|error| TransportError::Unavailable {
            message: error.to_string(),
        })?;

        let mut message = Request::new(Full::new(Bytes::from(body)));
        *message.method_mut() = Method::POST;
        *message.uri_mut() = self.uri.clone();
        *message.headers_mut() = request.headers;
        let headers = message.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));

        self.client
            .request(message)
            .await
            .map_err(|error| TransportError::Unavailable {
                message: chain(&error),
            })
    }

    async fn execute(&self, request: SubgraphRequest) -> Result<Bytes, TransportError> {
        let deadline = request.deadline;
        let exchange = async {
            let response = self
                .send(
                    request,
                    "application/graphql-response+json, application/json;q=0.9",
                )
                .await?;
            let status = response.status();
            let body = read_body(response.into_body(), self.max_answer_bytes).await?;
            judge(status, body)
        };
        match deadline {
            Some(deadline) => tokio::time::timeout_at(deadline.into(), exchange)
                .await
                .map_err(|_| TransportError::Timeout)?,
            None => exchange.await,
        }
    }

    async fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        let response = self.send(request, "text/event-stream").await?;
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

#[derive(Serialize)]
struct RequestBody<'a> {
    query: &'a str,
    #[serde(rename = "operationName", skip_serializing_if = "Option::is_none")]
    operation_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    variables: &'a Map<String, Value>,
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
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| TransportError::InvalidAnswer {
            message: chain(&error),
        })?;
        if let Some(data) = frame.data_ref() {
            if bytes.len() + data.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(data);
        }
    }
    Ok(bytes.freeze())
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

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
