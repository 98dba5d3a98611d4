//! The GraphQL side: the log for staff, their own mail for buyers.

mod email_log;
mod email_log_connection;
mod loaders;
mod mutation;
mod order;
mod query;
mod user;

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{EmptySubscription, Schema};
use chrono::{DateTime, Utc};
use service::Deps;
use service::cursor::CursorKey;
use service::graphql::DATE_TIME_DESCRIPTION;
use tokio::sync::Notify;

use crate::config::Config;
use loaders::{EmailById, EmailsByOrder, EmailsByUser};
use mutation::Mutation;
use query::Query;

/// What resolvers share.
pub(crate) struct State {
    deps: Deps,
    cursors: CursorKey,
    max_attempts: i32,
    queued: Arc<Notify>,
}

/// Builds the schema; `queued` is told when a mutation queued mail.
pub(crate) fn build(
    deps: &Deps,
    config: &Config,
    queued: Arc<Notify>,
) -> Schema<Query, Mutation, EmptySubscription> {
    let db = deps.db.clone();
    Schema::build(Query, Mutation, EmptySubscription)
        .enable_federation()
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME_DESCRIPTION)
        .data(DataLoader::new(EmailById(db.clone()), service::spawn_load))
        .data(DataLoader::new(
            EmailsByOrder(db.clone()),
            service::spawn_load,
        ))
        .data(DataLoader::new(EmailsByUser(db), service::spawn_load))
        .data(State {
            deps: deps.clone(),
            cursors: CursorKey::new(&deps.secret, "email_logs"),
            max_attempts: config.max_attempts,
            queued,
        })
        .finish()
}
