//! What every subgraph service shares: its dependencies, its GraphQL endpoint, error masking,
//! pagination, background work and health. No business rules.

mod api_error;
mod background;
mod changes;
pub mod cursor;
mod database;
mod endpoint;
pub mod graphql;
mod request;
mod routes;
mod secret;
mod settle;
mod statements;
pub mod text;

pub use api_error::ApiError;
pub use background::{Job, spawn_jobs};
pub use changes::Changes;
pub use database::{ConnectError, connect};
pub use endpoint::Endpoint;
pub use request::RequestInfo;
pub use routes::router;
pub use secret::Secret;
pub use settle::spawn_load;
pub use statements::StatementCounter;

use std::sync::Arc;

use auth::Verifier;
use clock::Clock;
use sea_orm::DatabaseConnection;

/// What every service is given when it is built.
#[derive(Clone)]
pub struct Deps {
    /// The service's own database, migrated.
    pub db: DatabaseConnection,
    /// The one clock.
    pub clock: Clock,
    /// The shop's secret; each use derives its own key from it.
    pub secret: Secret,
    /// Verifies callers' access tokens.
    pub verifier: Arc<Verifier>,
}

/// A built service: what the binary needs to run it, in one process with others or alone.
pub struct Service {
    /// Its name, also the subgraph's.
    pub name: &'static str,
    /// Its database; the relay and the consumer work on it too.
    pub db: DatabaseConnection,
    /// Its GraphQL schema.
    pub endpoint: Endpoint,
    /// Its plain HTTP routes (webhooks, key sets), empty for most.
    pub routes: axum::Router,
    /// What it does with other services' events.
    pub consumer: Option<Arc<dyn outbox::Consumer>>,
    /// What it does by the clock.
    pub jobs: Vec<Job>,
}
