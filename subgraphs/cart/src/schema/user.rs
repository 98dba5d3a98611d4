//! What the cart adds to `User`.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use auth::Scope;
use events::id::UserId;
use service::{ApiError, RequestInfo};

use super::cart::Cart;
use super::loaders::UserCartLoader;

/// A customer or a member of staff.
pub(crate) struct User {
    pub(crate) id: ID,
}

/// Somebody with an account. Personal fields answer only to the user themselves and to staff with
/// the permission `users:read`; for everybody else they are null.
#[Object]
impl User {
    /// Identifies the user.
    async fn id(&self) -> &ID {
        &self.id
    }

    /// The cart the user is filling, if there is one. Only the user and support staff see it.
    async fn cart(&self, ctx: &Context<'_>) -> Result<Option<Cart>, ApiError> {
        let principal = RequestInfo::of(ctx).principal()?;
        let is_self = principal.user_id() == Some(self.id.as_str());
        if !is_self && !principal.has_scope(Scope::USERS_READ) {
            return Ok(None);
        }
        let Ok(user_id) = self.id.parse::<UserId>() else {
            return Ok(None);
        };
        let loader = ctx.data_unchecked::<DataLoader<UserCartLoader>>();
        let view = loader.load_one(user_id).await.map_err(ApiError::internal)?;
        Ok(view.map(Cart))
    }
}
