//! The cart: what a buyer is about to order, at present prices.
//!
//! - [`config`][]: settings.
//! - [`domain`][]: what can be done with a cart, one file per operation, and the pure rules.
//! - [`entity`][]: the tables.
//! - `schema`: the GraphQL types and resolvers.
//! - `incoming`, `consumer`: what is read of other services' events, and what it means for carts.

pub mod config;
mod consumer;
pub mod domain;
pub mod entity;
mod error;
mod incoming;
mod schema;

pub use config::Config;
pub use error::{CartError, PricingError};
pub use incoming::reads;

use std::sync::Arc;
use std::time::Duration;

use service::{Deps, Endpoint, Job, Service};

use crate::consumer::CartConsumer;
use crate::domain::Carts;

/// Builds the service on a migrated database.
pub fn service(deps: Deps, config: Config) -> Service {
    let carts = Carts {
        db: deps.db.clone(),
        clock: deps.clock.clone(),
        config: Arc::new(config),
    };
    let expiring = carts.clone();
    let expire = Job::new("cart.expire", Duration::from_secs(600), move || {
        let carts = expiring.clone();
        async move { Ok(domain::carts_expire(&carts).await?) }
    });
    Service {
        name: "cart",
        db: deps.db,
        endpoint: Endpoint::new(schema::build(carts.clone()), deps.verifier, deps.clock),
        routes: axum::Router::new(),
        consumer: Some(Arc::new(CartConsumer { carts })),
        jobs: vec![expire],
    }
}
