//! The GraphQL subgraph.

mod connection;
mod loaders;
mod mutation;
mod order;
mod order_line;
mod query;
mod subscription;
mod user;
mod user_error;

use std::sync::Arc;

use async_graphql::Schema;
use chrono::{DateTime, Utc};
use service::Secret;
use service::cursor::CursorKey;
use service::graphql::DATE_TIME_DESCRIPTION;

use crate::app::App;
use loaders::OrderLoader;
use mutation::Mutation;
use query::Query;
use subscription::Subscription;

/// Cursors of every list of orders.
pub(crate) struct OrderCursors(CursorKey);

pub(crate) fn build(app: Arc<App>, secret: &Secret) -> Schema<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation, Subscription)
        .enable_federation()
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME_DESCRIPTION)
        .enable_subscription_in_federation()
        .data(OrderLoader::data_loader(app.db.clone()))
        .data(OrderCursors(CursorKey::new(secret, "orders")))
        .data(app)
        .finish()
}
