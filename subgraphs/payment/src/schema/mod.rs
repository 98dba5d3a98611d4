//! The GraphQL side: types, resolvers, loaders. No rules.

mod error;
mod loaders;
mod mutation;
mod order;
mod payment;
mod provider;
mod query;
mod refund;

use async_graphql::dataloader::DataLoader;
use async_graphql::{EmptySubscription, Schema};
use chrono::{DateTime, Utc};
use service::graphql::DATE_TIME_DESCRIPTION;

use self::loaders::{PaymentLoader, PaymentsOfOrder, RefundsOfPayment};
use self::mutation::Mutation;
use self::query::Query;
use crate::state::AppState;

/// The schema of this subgraph.
pub(crate) fn build(state: AppState) -> Schema<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription)
        .enable_federation()
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME_DESCRIPTION)
        .data(DataLoader::new(
            PaymentLoader(state.db.clone()),
            service::spawn_load,
        ))
        .data(DataLoader::new(
            PaymentsOfOrder(state.db.clone()),
            service::spawn_load,
        ))
        .data(DataLoader::new(
            RefundsOfPayment(state.db.clone()),
            service::spawn_load,
        ))
        .data(state)
        // The gateway limits what clients send; this only bounds mistakes.
        .limit_depth(30)
        .limit_complexity(20_000)
        .finish()
}
