//! Query fields.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use events::id::{CartId, UserId};
use service::{ApiError, RequestInfo};

use super::cart::Cart;
use super::loaders::CartLoader;
use super::user::User;
use crate::domain::{Carts, Proof, find_view};

/// What can be read.
pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// A cart, for its owner or whoever holds its token; null for anybody else.
    async fn cart(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart.")] id: ID,
        #[graphql(desc = "A guest's proof that the cart is theirs; a signed-in owner needs none.")]
        cart_token: Option<String>,
    ) -> Result<Option<Cart>, ApiError> {
        let proof = Proof::of(RequestInfo::of(ctx).principal()?, cart_token.as_deref());
        let Ok(cart_id) = id.parse::<CartId>() else {
            return Ok(None);
        };
        let view = find_view(ctx.data_unchecked::<Carts>(), cart_id, &proof)
            .await
            .map_err(ApiError::internal)?;
        Ok(view.map(Cart))
    }

    /// A cart that another service refers to; only its signed-in owner sees it.
    #[graphql(entity)]
    async fn find_cart_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(key, desc = "The cart.")] id: ID,
    ) -> Result<Option<Cart>, ApiError> {
        let principal = RequestInfo::of(ctx).principal()?;
        let (Some(user_id), Ok(cart_id)) = (
            principal.user_id().and_then(|id| id.parse::<UserId>().ok()),
            id.parse::<CartId>(),
        ) else {
            return Ok(None);
        };
        let loader = ctx.data_unchecked::<DataLoader<CartLoader>>();
        let view = loader.load_one(cart_id).await.map_err(ApiError::internal)?;
        Ok(view
            .filter(|view| view.cart.user_id == Some(user_id.uuid()))
            .map(Cart))
    }

    /// A user, for the cart.
    #[graphql(entity)]
    async fn find_user_by_id(&self, #[graphql(key, desc = "The user.")] id: ID) -> User {
        User { id }
    }
}
