#![doc = include_str!("../README.md")]

pub mod config;
mod consumer;
pub mod domain;
pub mod entity;
pub mod error;
mod incoming;
mod jobs;
pub mod provider;
mod schema;
pub mod state;
mod wake;
mod webhooks;

use std::sync::Arc;

use service::{Changes, Deps, Endpoint, Service};

pub use config::{Config, LateUrl};
pub use error::PaymentError;
pub use incoming::reads;

use crate::consumer::PaymentConsumer;
use crate::entity::payment::ProviderName;
use crate::provider::demo::{self, Demo};
use crate::state::{AppState, Providers};
use crate::wake::Wake;

/// Builds the service with the providers that `config` switches on.
pub fn service(deps: Deps, config: Config) -> Service {
    let demo = config.demo_enabled.then(|| {
        Arc::new(Demo::new(
            deps.db.clone(),
            deps.clock.clone(),
            &deps.secret,
            &config,
        ))
    });
    let mut providers = Providers::new();
    if let Some(demo) = &demo {
        providers.insert(ProviderName::Demo, demo.clone());
    }
    build(deps, config, providers, demo)
}

/// Builds the service with providers of the caller's, for tests of how it copes with them.
pub fn service_with_providers(deps: Deps, config: Config, providers: Providers) -> Service {
    build(deps, config, providers, None)
}

fn build(deps: Deps, config: Config, providers: Providers, demo: Option<Arc<Demo>>) -> Service {
    let state = AppState {
        db: deps.db.clone(),
        clock: deps.clock.clone(),
        config: Arc::new(config),
        providers: Arc::new(providers),
        changes: Changes::default(),
    };
    let work = Wake::new("payment", {
        let state = state.clone();
        move || jobs::work_through(state.clone())
    });

    let mut routes = webhooks::routes(&state, &work);
    if let Some(demo) = &demo {
        let deliver = Wake::new("payment.demo_webhooks", {
            let demo = demo.clone();
            move || {
                let demo = demo.clone();
                async move { Ok(demo.deliver_webhooks().await?) }
            }
        });
        routes = routes.merge(demo::routes(demo.clone(), deliver));
    }

    Service {
        name: "payment",
        db: deps.db,
        endpoint: Endpoint::new(schema::build(state.clone()), deps.verifier, deps.clock),
        routes,
        jobs: jobs::jobs(&state, demo),
        consumer: Some(Arc::new(PaymentConsumer { state, work })),
    }
}
