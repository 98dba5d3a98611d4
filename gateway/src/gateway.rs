//! The gateway itself: one supergraph, its subgraphs and everything decided at start.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use federation::{SubgraphId, Supergraph};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::error::StartError;
use crate::executor::InFlight;
use crate::operation::OperationCache;
use crate::transport::Subgraph;
use crate::transport::http::HttpSubgraph;

/// A running gateway.
pub struct Gateway {
    pub(crate) config: Config,
    pub(crate) supergraph: Arc<Supergraph>,
    /// By [`SubgraphId`].
    pub(crate) subgraphs: Vec<SubgraphClient>,
    pub(crate) operations: OperationCache,
    pub(crate) forwarded_headers: Vec<HeaderName>,
    pub(crate) shutdown: CancellationToken,
    /// What goes on when its HTTP connection has ended: mutations, and WebSockets.
    pub(crate) tasks: TaskTracker,
}

/// How to reach one subgraph.
pub(crate) struct SubgraphClient {
    pub(crate) name: String,
    pub(crate) transport: Arc<dyn Subgraph>,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) in_flight: Arc<InFlight>,
}

impl Gateway {
    /// Makes a gateway from a supergraph SDL.
    ///
    /// Subgraphs of this process are in `subgraphs`, by name; all others are reached over HTTP,
    /// at the supergraph's address or the one in `config`.
    pub fn new(
        supergraph_sdl: &str,
        mut subgraphs: HashMap<String, Arc<dyn Subgraph>>,
        config: Config,
    ) -> Result<Self, StartError> {
        let supergraph = Supergraph::parse(supergraph_sdl)?;

        // Settings for subgraphs that do not exist are a mistake.
        let mut mentioned = subgraphs.keys().chain(config.subgraphs.keys());
        if let Some(unknown) = mentioned.find(|name| supergraph.find_subgraph(name).is_none()) {
            let known: Vec<&str> = supergraph
                .subgraphs()
                .iter()
                .map(|info| info.name.as_str())
                .collect();
            return Err(StartError::UnknownSubgraph {
                subgraph: unknown.clone(),
                known: known.join(", "),
            });
        }

        let forwarded_headers = config
            .headers
            .forward
            .iter()
            .map(|name| {
                header_name(name).map_err(|message| StartError::Setting {
                    setting: "headers.forward".to_owned(),
                    message: format!("`{name}`: {message}"),
                })
            })
            .collect::<Result<_, _>>()?;

        let mut clients = Vec::with_capacity(supergraph.subgraphs().len());
        for info in supergraph.subgraphs() {
            let settings = config
                .subgraphs
                .get(&info.name)
                .cloned()
                .unwrap_or_default();
            let transport = match subgraphs.remove(&info.name) {
                Some(transport) => transport,
                None => {
                    let url = settings.url.as_deref().unwrap_or(&info.url);
                    let limit = config.limits.subgraph_answer_bytes;
                    let http = if settings.http2 {
                        HttpSubgraph::new_http2(url, limit)
                    } else {
                        HttpSubgraph::new(url, limit)
                    };
                    Arc::new(http.map_err(|error| StartError::Subgraph {
                        subgraph: info.name.clone(),
                        message: error.to_string(),
                    })?)
                }
            };
            clients.push(SubgraphClient {
                name: info.name.clone(),
                transport,
                headers: static_headers(&info.name, &settings.headers)?,
                timeout: settings.timeout.unwrap_or(config.timeouts.subgraph),
                in_flight: Arc::default(),
            });
        }

        Ok(Self {
            operations: OperationCache::new(config.operation_cache_bytes),
            supergraph: Arc::new(supergraph),
            subgraphs: clients,
            forwarded_headers,
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
            config,
        })
    }

    /// All HTTP endpoints: `/graphql`, `/graphiql`, `/` for browsers, and `/health/*`.
    pub fn router(self: Arc<Self>) -> axum::Router {
        crate::server::router(self)
    }

    /// Ends all subscriptions, so that a graceful shutdown of the server can finish.
    pub fn shutdown(&self) {
        self.shutdown.cancel();
    }

    /// Waits for what is still under way after [`Gateway::shutdown`] and the end of the server:
    /// WebSockets that are being closed, and mutations whose clients have hung up.
    pub async fn finished(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(crate) fn subgraph(&self, id: SubgraphId) -> &SubgraphClient {
        self.subgraphs
            .get(id.0)
            .expect("plans only name subgraphs of their supergraph")
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway")
            .field("supergraph", &self.supergraph)
            .finish_non_exhaustive()
    }
}

fn static_headers(
    subgraph: &str,
    headers: &std::collections::BTreeMap<String, String>,
) -> Result<HeaderMap, StartError> {
    let mut parsed = HeaderMap::new();
    for (name, value) in headers {
        let invalid = |message: String| StartError::Setting {
            setting: format!("subgraphs.{subgraph}.headers.{name}"),
            message,
        };
        let name = header_name(name).map_err(|message| invalid(message.to_owned()))?;
        let value =
            HeaderValue::from_str(value).map_err(|_| invalid("not a header value".to_owned()))?;
        parsed.insert(name, value);
    }
    Ok(parsed)
}

/// Headers that say how the messages of one connection are cut and read. Taken over from another
/// message, they would let a client write requests of its own into the connection to a subgraph.
const FRAMING_HEADERS: [&str; 13] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A header that requests to subgraphs may have.
fn header_name(name: &str) -> Result<HeaderName, &'static str> {
    let name: HeaderName = name.parse().map_err(|_| "not a header name")?;
    if FRAMING_HEADERS.contains(&name.as_str()) {
        return Err("this header belongs to the connection");
    }
    Ok(name)
}
