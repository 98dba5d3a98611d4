//! The cart's part of the GraphQL schema.

mod cart;
mod cart_line;
mod cost;
mod input;
mod loaders;
mod mutation;
mod payload;
mod query;
mod shipping;
mod user;
mod user_error;
mod warning;

use async_graphql::dataloader::DataLoader;
use async_graphql::{EmptySubscription, Schema};
use chrono::{DateTime, Utc};
use service::graphql::DATE_TIME_DESCRIPTION;

use crate::domain::Carts;
use loaders::{CartLoader, UserCartLoader};
use mutation::Mutation;
use query::Query;

/// Builds the schema.
pub(crate) fn build(carts: Carts) -> Schema<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription)
        .enable_federation()
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME_DESCRIPTION)
        .data(DataLoader::new(
            CartLoader(carts.clone()),
            service::spawn_load,
        ))
        .data(DataLoader::new(
            UserCartLoader(carts.clone()),
            service::spawn_load,
        ))
        .data(carts)
        // The gateway limits what clients send; these only stop what no client would.
        .limit_depth(50)
        .limit_complexity(10_000)
        .finish()
}
