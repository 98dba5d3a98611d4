//! The GraphQL schema of the inventory.

mod loaders;
mod mutation;
mod paging;
mod product_variant;
mod query;
mod stock_level;
mod stock_movement;
mod subscription;
mod user_error;
mod warehouse;

use std::sync::Arc;

use async_graphql::Schema;
use chrono::{DateTime, Utc};
use service::graphql::DATE_TIME_DESCRIPTION;
use service::{Changes, Deps};

use crate::Config;
use mutation::Mutation;
use query::Query;
use subscription::Subscription;

/// The most children deep and fields wide an operation may be; the gateway has tighter limits.
const MAX_DEPTH: usize = 30;
const MAX_COMPLEXITY: usize = 20_000;

/// Builds the schema.
pub(crate) fn build(
    deps: &Deps,
    config: Arc<Config>,
    changes: Changes,
) -> Schema<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation, Subscription)
        .enable_federation()
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME_DESCRIPTION)
        .enable_subscription_in_federation()
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_COMPLEXITY)
        .data(loaders::availability(&deps.db))
        .data(loaders::warehouses(&deps.db))
        .data(loaders::stock_levels(&deps.db))
        .data(paging::Cursors::new(&deps.secret))
        .data(deps.db.clone())
        .data(deps.clock.clone())
        .data(config)
        .data(changes)
        .finish()
}
