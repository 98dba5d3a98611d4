//! What a buyer must be told the next time they look.

use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder};

/// A warning about something that happened while the buyer was not looking.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cart_notices")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The cart.
    pub cart_id: Uuid,
    /// The warning's code.
    pub code: String,
    /// The warning's text.
    pub message: String,
    /// When it happened.
    pub created_at: DateTimeUtc,
}

/// No relations; notices are loaded for many carts at once.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The notices of these carts, oldest first.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn of_carts(
    db: &impl ConnectionTrait,
    cart_ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::CartId.is_in(cart_ids))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// Stores notices.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn insert(txn: &impl ConnectionTrait, notices: Vec<Model>) -> Result<(), DbErr> {
    if notices.is_empty() {
        return Ok(());
    }
    Entity::insert_many(
        notices
            .into_iter()
            .map(|notice| notice.into_active_model().reset_all()),
    )
    .exec_without_returning(txn)
    .await?;
    Ok(())
}

/// Forgets a cart's notices, once its buyer was told.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn forget(txn: &impl ConnectionTrait, cart_id: Uuid) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::CartId.eq(cart_id))
        .exec(txn)
        .await?;
    Ok(())
}
