//! The catalog: products and their variants, the category tree, prices, and search.
//!
//! `schema` (GraphQL) calls `domain` (operations and pure rules) calls `entity` (tables). What other
//! services tell arrives in `consumer`.

pub mod config;
mod consumer;
pub mod demo;
mod domain;
mod entity;
mod error;
mod images;
mod incoming;
mod schema;

use std::sync::Arc;

use service::{Deps, Endpoint, Service};

pub use config::Config;
pub use domain::status::ProductStatus;
pub use error::CatalogError;
pub use incoming::reads;

/// The service's name, also the subgraph's.
pub const NAME: &str = "catalog";

/// Builds the catalog service on a migrated database.
pub fn service(deps: Deps, config: Config) -> Service {
    let schema = schema::build(&deps, config);
    Service {
        name: NAME,
        db: deps.db.clone(),
        endpoint: Endpoint::new(schema, deps.verifier, deps.clock.clone()),
        routes: images::routes(),
        consumer: Some(Arc::new(consumer::CatalogConsumer { clock: deps.clock })),
        jobs: Vec::new(),
    }
}
