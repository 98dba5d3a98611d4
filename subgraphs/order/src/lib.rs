//! The order service: turns carts into orders and conducts the checkout saga.
//!
//! - `schema`: the GraphQL subgraph.
//! - [`domain`]: the rules ([`domain::status`], [`domain::saga`]) and one file per operation.
//! - [`entity`]: the tables.
//! - `consumer`: what other services' events do here.

mod app;
pub mod config;
mod consumer;
pub mod domain;
pub mod entity;
pub mod error;
mod incoming;
mod schema;

use std::sync::Arc;
use std::time::Duration;

use service::{Deps, Endpoint, Job, Service};

pub use config::Config;
pub use error::OrderError;
pub use incoming::reads;

/// Builds the service on a migrated database.
pub fn service(deps: Deps, config: Config) -> Service {
    let app = Arc::new(app::App::new(&deps, config));
    let schema = schema::build(app.clone(), &deps.secret);
    let expire = {
        let app = app.clone();
        Job::new("order.expire", Duration::from_secs(1), move || {
            let app = app.clone();
            async move {
                domain::order_expire::order_expire(&app)
                    .await
                    .map_err(Into::into)
            }
        })
    };
    Service {
        name: "order",
        db: deps.db.clone(),
        endpoint: Endpoint::new(schema, deps.verifier.clone(), deps.clock.clone()),
        routes: Default::default(),
        consumer: Some(Arc::new(consumer::OrderConsumer { app })),
        jobs: vec![expire],
    }
}
