//! Accounts: who somebody is to the shop.
//!
//! Owns users, their roles, saved addresses and sessions, and the key that signs access tokens.
//! Other services never ask it who calls: they verify the access token themselves, with the keys
//! published at `/.well-known/jwks.json`.
//!
//! `schema` (GraphQL) → `domain` (operations and rules) → [`entity`] (tables). It consumes no events.

pub mod config;
pub mod demo;
mod domain;
pub mod entity;
mod error;
mod key_set_route;
mod schema;
mod signing_keys;

pub use config::Config;
pub use domain::password::WeakPassword;
pub use domain::passwords::HashingError;
pub use error::AccountsError;
pub use signing_keys::signing_key;

use std::sync::Arc;
use std::time::Duration;

use service::{Deps, Endpoint, Job, Service};

use crate::domain::Accounts;

/// Builds the service.
///
/// `deps.verifier` must know the key of [`signing_key`], or nobody who logs in here is recognized.
///
/// # Errors
/// [`AccountsError`] if the signing key cannot be read or created, or if the argon2 parameters are
/// out of range.
pub async fn service(deps: Deps, config: Config) -> Result<Service, AccountsError> {
    let key = signing_key(&deps.db, deps.clock.now()).await?;
    let routes = key_set_route::routes(&key);
    let accounts = Arc::new(Accounts::new(&deps, config, key).await?);
    let schema = schema::build(&deps, accounts);
    Ok(Service {
        name: "accounts",
        endpoint: Endpoint::new(schema, deps.verifier.clone(), deps.clock.clone()),
        routes,
        consumer: None,
        jobs: vec![purge_job(&deps)],
        db: deps.db,
    })
}

fn purge_job(deps: &Deps) -> Job {
    let (db, clock) = (deps.db.clone(), deps.clock.clone());
    Job::new("accounts.purge", Duration::from_secs(3600), move || {
        let (db, clock) = (db.clone(), clock.clone());
        async move { Ok(domain::purge::purge(&db, clock.now()).await?) }
    })
}
