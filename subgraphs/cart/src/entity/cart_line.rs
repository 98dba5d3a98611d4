//! Lines of carts.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{IntoActiveModel, QueryOrder};

/// Units of one variant in one cart.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cart_lines")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change.
    pub version: i64,
    /// The cart.
    pub cart_id: Uuid,
    /// The cart's capacity, repeated for the CHECK on the quantity.
    pub capacity: i32,
    /// The variant.
    pub variant_id: Uuid,
    /// Units, 1 to the capacity.
    pub quantity: i32,
    /// Price of one unit that the buyer was last told.
    pub unit_price_minor: i64,
    /// Version of that price.
    pub price_version: i64,
    /// When the line was added; lines are shown in this order.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// No relations; lines are loaded for many carts at once.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The lines of these carts, in the order they were added.
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

/// Makes `lines` the lines of a cart: removes the others, adds and changes the rest.
///
/// # Errors
/// [`DbErr`] if the database refuses, for one because a quantity is above the capacity.
pub async fn replace(
    txn: &impl ConnectionTrait,
    cart_id: Uuid,
    lines: &[Model],
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::CartId.eq(cart_id))
        .filter(Column::Id.is_not_in(lines.iter().map(|line| line.id)))
        .exec(txn)
        .await?;
    if lines.is_empty() {
        return Ok(());
    }
    let changes = [
        Column::Version,
        Column::Quantity,
        Column::UnitPriceMinor,
        Column::PriceVersion,
        Column::UpdatedAt,
    ];
    Entity::insert_many(
        lines
            .iter()
            .map(|line| line.clone().into_active_model().reset_all()),
    )
    .on_conflict(
        OnConflict::column(Column::Id)
            .update_columns(changes)
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await?;
    Ok(())
}
