//! Inventory: how much of what lies where, what orders have set aside, and every change of it.
//!
//! - [`entity`]: the tables.
//! - `domain`: one file per operation. Stock changes only through the ledger, which writes the level
//!   (guarded in the statement itself), its history and its events in one transaction.
//! - `schema`: the GraphQL types.
//! - `consumer`: what other services' events do here. Setting aside, committing and giving back
//!   stock happens by events only; there is no mutation for it.
//! - [`demo`]: the stock of the demo shop.

pub mod config;
mod consumer;
pub mod demo;
mod domain;
pub mod entity;
pub mod error;
mod incoming;
mod schema;

use std::sync::Arc;

use service::{Changes, Deps, Endpoint, Job, Service};

pub use config::Config;
pub use error::InventoryError;
pub use incoming::reads;

/// The name of the service and of its subgraph.
pub const NAME: &str = "inventory";

/// Builds the service.
pub fn service(deps: Deps, config: Config) -> Service {
    let config = Arc::new(config);
    let changes = Changes::default();
    let schema = schema::build(&deps, config.clone(), changes.clone());
    let consumer =
        consumer::InventoryConsumer::new(deps.clock.clone(), config.clone(), changes.clone());
    let expire_holds = {
        let deps = deps.clone();
        Job::new("inventory.expire_holds", config.expire_every, move || {
            let (deps, changes) = (deps.clone(), changes.clone());
            async move {
                for variant_id in domain::holds_expire(&deps.db, deps.clock.now()).await? {
                    changes.notify(variant_id);
                }
                Ok(())
            }
        })
    };
    Service {
        name: NAME,
        endpoint: Endpoint::new(schema, deps.verifier, deps.clock),
        db: deps.db,
        routes: axum::Router::new(),
        consumer: Some(Arc::new(consumer)),
        jobs: vec![expire_holds],
    }
}
