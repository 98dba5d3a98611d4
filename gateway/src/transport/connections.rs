//! Connections to one subgraph, kept open between requests.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tower_service::Service as _;

use super::TransportError;
use super::http::chain;

/// A connection that was not used for so long may be closed by the other side at any moment.
const IDLE: Duration = Duration::from_secs(30);

/// More idle connections than a burst is worth.
const MAX_IDLE: usize = 256;

type Body = Full<Bytes>;

/// A connection, and when it was used last.
type Idle = (http1::SendRequest<Body>, Instant);

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Sending it twice does no harm.
    Query,
    /// It must not be sent twice.
    Mutation,
    /// Its answer may go on for hours, so its connection is no use to others.
    Subscription,
}

/// The version of HTTP that a subgraph speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

/// The connections to a subgraph.
pub(super) struct Connections {
    uri: Uri,
    protocol: Protocol,
    connector: HttpsConnector<HttpConnector>,
    /// By thread, since a runtime may run on one thread only; used last, taken first.
    idle: Mutex<HashMap<ThreadId, Vec<Idle>>>,
    /// One connection carries all requests.
    shared: tokio::sync::Mutex<Option<http2::SendRequest<Body>>>,
}

impl Connections {
    pub(super) fn new(uri: Uri, protocol: Protocol) -> Result<Self, String> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        connector.enforce_http(false);
        let tls = rustls::ClientConfig::builder_with_provider(
            rustls::crypto::ring::default_provider().into(),
        )
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_webpki_roots()
        .with_no_client_auth();
        let builder = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http();
        let connector = match protocol {
            Protocol::Http1 => builder.enable_http1().wrap_connector(connector),
            Protocol::Http2 => builder.enable_http2().wrap_connector(connector),
        };
        Ok(Self {
            uri,
            protocol,
            connector,
            idle: Mutex::new(HashMap::new()),
            shared: tokio::sync::Mutex::new(None),
        })
    }

    /// Sends a request over a connection that is open, or over a new one.
    pub(super) async fn send(
        &self,
        request: Request<Body>,
        purpose: Purpose,
    ) -> Result<Response<Incoming>, TransportError> {
        match self.protocol {
            Protocol::Http1 => self.send_http1(request, purpose).await,
            Protocol::Http2 => self.send_http2(request, purpose).await,
        }
    }

    async fn send_http1(
        &self,
        mut request: Request<Body>,
        purpose: Purpose,
    ) -> Result<Response<Incoming>, TransportError> {
        while let Some(mut connection) = self.take_idle() {
            let again = (purpose == Purpose::Query).then(|| request.clone());
            match connection.try_send_request(request).await {
                Ok(response) => {
                    if purpose != Purpose::Subscription {
                        self.put_back(connection);
                    }
                    return Ok(response);
                }
                Err(mut error) => match (error.take_message(), again) {
                    // It was closed before anything was sent: nothing has happened yet.
                    (Some(unsent), _) => request = unsent,
                    // The other side may have closed it while the request was on its way.
                    (None, Some(again)) if !error.error().is_parse() => {
                        request = again;
                        break;
                    }
                    (None, _) => return Err(unavailable(error.error())),
                },
            }
        }

        let io = self.connect().await?;
        let (mut connection, driver) = http1::handshake(io).await.map_err(|e| unavailable(&e))?;
        tokio::spawn(async move {
            if let Err(error) = driver.await {
                tracing::debug!(%error, "connection to a subgraph ended");
            }
        });
        connection
            .ready()
            .await
            .map_err(|error| unavailable(&error))?;
        let response = connection
            .send_request(request)
            .await
            .map_err(|error| unavailable(&error))?;
        if purpose != Purpose::Subscription {
            self.put_back(connection);
        }
        Ok(response)
    }

    /// A connection that is open and has nothing under way.
    fn take_idle(&self) -> Option<http1::SendRequest<Body>> {
        let mut pools = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = pools.get_mut(&std::thread::current().id())?;
        let mut busy = Vec::new();
        let mut found = None;
        while let Some((connection, since)) = idle.pop() {
            if connection.is_closed() || since.elapsed() > IDLE {
                continue;
            }
            if connection.is_ready() {
                found = Some(connection);
                break;
            }
            // Its last answer is still being read.
            busy.push((connection, since));
        }
        idle.extend(busy.into_iter().rev());
        found
    }

    fn put_back(&self, connection: http1::SendRequest<Body>) {
        let mut pools = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = pools.entry(std::thread::current().id()).or_default();
        if idle.len() < MAX_IDLE {
            idle.push((connection, Instant::now()));
        }
    }

    async fn send_http2(
        &self,
        mut request: Request<Body>,
        purpose: Purpose,
    ) -> Result<Response<Incoming>, TransportError> {
        for is_first in [true, false] {
            let again = (is_first && purpose == Purpose::Query).then(|| request.clone());
            let mut connection = self.shared_connection().await?;
            match connection.try_send_request(request).await {
                Ok(response) => return Ok(response),
                Err(mut error) => match error.take_message().or(again) {
                    Some(unsent_or_repeatable) => request = unsent_or_repeatable,
                    None => return Err(unavailable(error.error())),
                },
            }
        }
        Err(TransportError::Unavailable {
            message: "connections are closed as soon as they are open".to_owned(),
        })
    }

    async fn shared_connection(&self) -> Result<http2::SendRequest<Body>, TransportError> {
        let mut shared = self.shared.lock().await;
        if let Some(connection) = &*shared
            && !connection.is_closed()
        {
            return Ok(connection.clone());
        }
        let io = self.connect().await?;
        let (connection, driver) = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .adaptive_window(true)
            .keep_alive_interval(IDLE)
            .handshake(io)
            .await
            .map_err(|error| unavailable(&error))?;
        tokio::spawn(async move {
            if let Err(error) = driver.await {
                tracing::debug!(%error, "connection to a subgraph ended");
            }
        });
        *shared = Some(connection.clone());
        Ok(connection)
    }

    async fn connect(
        &self,
    ) -> Result<
        <HttpsConnector<HttpConnector> as tower_service::Service<Uri>>::Response,
        TransportError,
    > {
        let mut connector = self.connector.clone();
        connector
            .call(self.uri.clone())
            .await
            .map_err(|error| TransportError::Unavailable {
                message: chain(error.as_ref()),
            })
    }
}

fn unavailable(error: &hyper::Error) -> TransportError {
    TransportError::Unavailable {
        message: chain(error),
    }
}
