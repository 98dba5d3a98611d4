//! Which orders a cart was checked out as.

use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};

/// A checkout that the cart agreed to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checkouts")]
pub struct Model {
    /// The order that was asked for. It may never come to be: a resumed checkout leads to the order
    /// of an earlier one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    /// The cart.
    pub cart_id: Uuid,
    /// Fingerprint of the content that was checked out.
    pub fingerprint: String,
    /// Whether the order is known to be cancelled or expired.
    pub is_ended: bool,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The checkout of an order.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn find(db: &impl ConnectionTrait, order_id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(order_id).one(db).await
}

/// The checkouts of a cart with this content whose orders may still be paid.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn open_of_cart(
    db: &impl ConnectionTrait,
    cart_id: Uuid,
    fingerprint: &str,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::CartId.eq(cart_id))
        .filter(Column::Fingerprint.eq(fingerprint))
        .filter(Column::IsEnded.eq(false))
        .all(db)
        .await
}

/// Stores a checkout; a second request for the same order brings its fingerprint up to date.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn store(txn: &impl ConnectionTrait, checkout: Model) -> Result<(), DbErr> {
    Entity::insert(checkout.into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(Column::OrderId)
                .update_column(Column::Fingerprint)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Marks the checkout of a cancelled or expired order.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn end(txn: &impl ConnectionTrait, order_id: Uuid) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::IsEnded, Expr::value(true))
        .filter(Column::OrderId.eq(order_id))
        .exec(txn)
        .await?;
    Ok(())
}
