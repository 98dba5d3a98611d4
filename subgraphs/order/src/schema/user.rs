//! What this service adds to `User`.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use auth::Scope;
use events::id::UserId;
use service::{ApiError, RequestInfo};
use uuid::Uuid;

use super::connection::OrderConnection;
use super::loaders::{OrderLoader, PendingOrderOf};
use super::order::Order;

/// Only the key: users live in accounts.
pub(crate) struct User {
    pub(crate) id: ID,
}

impl User {
    /// The user's id if the caller may see the user's orders: the user themselves, or staff.
    fn visible_to_caller(&self, ctx: &Context<'_>) -> Result<Option<Uuid>, ApiError> {
        let caller = RequestInfo::of(ctx).principal()?;
        let visible =
            caller.user_id() == Some(self.id.as_str()) || caller.has_scope(Scope::ORDERS_READ);
        Ok(self
            .id
            .parse::<UserId>()
            .ok()
            .filter(|_| visible)
            .map(UserId::uuid))
    }
}

/// Somebody with an account. Personal fields answer only to the user themselves and to staff with
/// the permission `users:read`; for everybody else they are null.
#[Object]
impl User {
    /// Identifies the user.
    async fn id(&self) -> &ID {
        &self.id
    }

    /// The user's orders, newest first; null unless you are this user, or staff with `orders:read`.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last order you have.")] after: Option<String>,
    ) -> Result<Option<OrderConnection>, ApiError> {
        match self.visible_to_caller(ctx)? {
            Some(user) => OrderConnection::of_user(ctx, user, first, after)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    /// The newest order that waits for its payment, to resume a checkout; null if there is none, or
    /// unless you are this user, or staff with `orders:read`.
    async fn pending_order(&self, ctx: &Context<'_>) -> Result<Option<Order>, ApiError> {
        let Some(user) = self.visible_to_caller(ctx)? else {
            return Ok(None);
        };
        let loader = ctx.data_unchecked::<DataLoader<OrderLoader>>();
        Ok(loader.load_one(PendingOrderOf(user)).await?.map(Order))
    }
}
