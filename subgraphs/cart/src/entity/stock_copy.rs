//! What the cart knows of the stock, from the inventory's events.

use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};

/// Units of a variant that are free to sell.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_copies")]
pub struct Model {
    /// The variant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub variant_id: Uuid,
    /// Units, over all warehouses.
    pub available: i64,
    /// Version of the variant's stock.
    pub version: i64,
}

/// No relations; copies are loaded for many lines at once.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The copies of these variants; none for a variant that the inventory has not spoken of.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn of_variants(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::VariantId.is_in(ids))
        .all(db)
        .await
}

/// Stores a level unless a newer one is there.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn store(txn: &impl ConnectionTrait, copy: Model) -> Result<(), DbErr> {
    let newer = Expr::col(("excluded", Column::Version)).gte(Expr::col((Entity, Column::Version)));
    Entity::insert(copy.into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(Column::VariantId)
                .update_columns([Column::Available, Column::Version])
                .action_and_where(newer)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
