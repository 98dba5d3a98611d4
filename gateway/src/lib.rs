//! A generic federation gateway: it serves any supergraph and knows nothing of what it serves.
//!
//! A request passes these stages, each a file of `pipeline`:
//!
//! 1. `read`: HTTP, SSE or WebSocket message → GraphQL request
//! 2. `identify`: request → `operation::CompiledOperation`, compiled once and cached
//! 3. `coerce_variables`: the client's variables → values of the declared types
//! 4. `execute`: runs the plan's fetches (`executor`) over `transport`
//! 5. `project`: fetched data → exactly what the client selected, in its order
//! 6. `respond`: response → HTTP
//!
//! The embedder makes a [`Gateway`] from a supergraph and, for subgraphs of its own process,
//! implementations of [`transport::Subgraph`]; all others are reached over HTTP.

mod config;
mod error;
mod executor;
mod gateway;
mod json;
mod operation;
#[cfg(test)]
mod oracle;
mod pipeline;
mod response;
mod server;
pub mod transport;

pub use config::{
    Config, ConfigError, HeaderConfig, Limits, SubgraphConfig, Timeouts, WebSocketConfig,
};
pub use error::{ClientError, GatewayError, InternalError, StartError};
pub use gateway::Gateway;
pub use server::serve;
