//! How subgraphs are reached: over HTTP, or by a call within this process.
//!
//! An embedder implements [`Subgraph`] for subgraphs of its own process.

mod connections;
pub mod http;
mod sse;

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use serde_json::{Map, Value};

/// A subgraph, wherever it runs.
pub trait Subgraph: Send + Sync {
    /// Runs a query or mutation; the answer is a GraphQL response in JSON.
    fn execute(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>>;

    /// Starts a subscription; every item is a GraphQL response in JSON.
    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>;
}

/// An operation for one subgraph.
#[derive(Debug, Clone)]
pub struct SubgraphRequest {
    /// The operation's text.
    pub query: Arc<str>,
    /// The whole request in JSON, as it is sent over HTTP.
    pub body: Bytes,
    /// Headers passed on from the client, and the request id.
    pub headers: ::http::HeaderMap,
    /// When the caller stops waiting; none for subscriptions.
    pub deadline: Option<Instant>,
    /// Whether sending it twice does no harm.
    pub(crate) is_repeatable: bool,
    /// Where the variables are in the body.
    pub(crate) variables: Option<Range<usize>>,
}

impl SubgraphRequest {
    /// The variables, a JSON object; numbers are as the client or another subgraph wrote them.
    pub fn variables_json(&self) -> &[u8] {
        self.variables
            .clone()
            .and_then(|range| self.body.get(range))
            .unwrap_or(b"{}")
    }

    /// The variables, decoded.
    pub fn variables(&self) -> Map<String, Value> {
        serde_json::from_slice(self.variables_json()).unwrap_or_default()
    }
}

/// Why there is no answer from a subgraph.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TransportError {
    /// It cannot be reached, or refuses to work.
    #[error("unavailable: {message}")]
    Unavailable {
        /// What happened; not for clients.
        message: String,
    },
    /// It did not answer in time.
    #[error("no answer in time")]
    Timeout,
    /// What came back is no GraphQL response.
    #[error("invalid answer: {message}")]
    InvalidAnswer {
        /// What is wrong with it; not for clients.
        message: String,
    },
}

impl TransportError {
    /// The code clients see.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "SUBGRAPH_UNAVAILABLE",
            Self::Timeout => "SUBGRAPH_TIMEOUT",
            Self::InvalidAnswer { .. } => "SUBGRAPH_INVALID_RESPONSE",
        }
    }
}
