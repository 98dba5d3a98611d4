//! The GraphQL schema of accounts.

mod address;
mod inputs;
mod loaders;
mod mutation;
mod payloads;
mod query;
mod role;
mod session;
mod user;
mod user_error;
mod users;

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, EmptySubscription, Schema};
use auth::AuthError;
use chrono::{DateTime, Utc};
use events::Cause;
use events::id::UserId;
use service::cursor::CursorKey;
use service::graphql::DATE_TIME_DESCRIPTION;
use service::{ApiError, Deps, RequestInfo};

use crate::domain::Accounts;
use crate::schema::loaders::Loader;
use crate::schema::mutation::Mutation;
use crate::schema::query::Query;

/// Far above what the shop's clients send; the gateway has the real limits.
const MAX_DEPTH: usize = 32;
const MAX_COMPLEXITY: usize = 50_000;

/// What resolvers find in their context.
pub(crate) struct State {
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) clock: clock::Clock,
    pub(crate) users_cursor: CursorKey,
}

pub(crate) fn build(
    deps: &Deps,
    accounts: Arc<Accounts>,
) -> Schema<Query, Mutation, EmptySubscription> {
    let loader = DataLoader::new(
        Loader {
            db: deps.db.clone(),
        },
        service::spawn_load,
    );
    Schema::build(Query, Mutation, EmptySubscription)
        .enable_federation()
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME_DESCRIPTION)
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_COMPLEXITY)
        .data(loader)
        .data(State {
            accounts,
            clock: deps.clock.clone(),
            users_cursor: CursorKey::new(&deps.secret, "users"),
        })
        .finish()
}

pub(crate) fn state<'a>(ctx: &Context<'a>) -> &'a State {
    ctx.data_unchecked::<State>()
}

pub(crate) fn loader<'a>(ctx: &Context<'a>) -> &'a DataLoader<Loader> {
    ctx.data_unchecked::<DataLoader<Loader>>()
}

/// Why the operation that begins now happens.
pub(crate) fn cause(ctx: &Context<'_>) -> Cause {
    RequestInfo::of(ctx).cause(state(ctx).clock.now())
}

/// The caller's id, for operations that need one.
pub(crate) fn caller(ctx: &Context<'_>) -> Result<UserId, ApiError> {
    let user_id = RequestInfo::of(ctx).principal()?.require_user()?;
    Ok(user_id.parse().map_err(|_| AuthError::TokenInvalid)?)
}
