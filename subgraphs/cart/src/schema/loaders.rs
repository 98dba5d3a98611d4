//! Batches of carts, so that the number of statements does not depend on how many are asked for.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use events::id::{CartId, UserId};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::domain::{CartView, Carts, load_views};
use crate::entity::cart::{self, CartStatus};
use crate::error::CartError;

/// Loads carts by id; who may see them is for the resolver to decide.
pub(crate) struct CartLoader(pub(crate) Carts);

impl Loader<CartId> for CartLoader {
    type Value = CartView;
    type Error = Arc<CartError>;

    async fn load(&self, ids: &[CartId]) -> Result<HashMap<CartId, CartView>, Self::Error> {
        let shown = cart::Column::Status.is_not_in([CartStatus::Expired, CartStatus::Merged]);
        let these = cart::Column::Id.is_in(ids.iter().map(|id| id.uuid()));
        let views = load(&self.0, Condition::all().add(these).add(shown)).await?;
        Ok(views
            .into_iter()
            .map(|view| (CartId::from_uuid(view.cart.id), view))
            .collect())
    }
}

/// Loads the live cart of users.
pub(crate) struct UserCartLoader(pub(crate) Carts);

impl Loader<UserId> for UserCartLoader {
    type Value = CartView;
    type Error = Arc<CartError>;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, CartView>, Self::Error> {
        let live = cart::Column::Status.is_in(CartStatus::LIVE);
        let theirs = cart::Column::UserId.is_in(ids.iter().map(|id| id.uuid()));
        let views = load(&self.0, Condition::all().add(theirs).add(live)).await?;
        Ok(views
            .into_iter()
            .filter_map(|view| Some((UserId::from_uuid(view.cart.user_id?), view)))
            .collect())
    }
}

async fn load(carts: &Carts, which: Condition) -> Result<Vec<CartView>, Arc<CartError>> {
    let rows = cart::Entity::find()
        .filter(which)
        .all(&carts.db)
        .await
        .map_err(CartError::from)?;
    Ok(load_views(&carts.db, &carts.config, carts.clock.now(), rows).await?)
}
