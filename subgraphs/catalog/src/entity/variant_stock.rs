//! The copy of inventory's stock, by variant.

use sea_orm::entity::prelude::*;

/// What inventory last said of a variant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "variant_stock")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) variant_id: Uuid,
    /// Units free to sell, over all warehouses.
    pub(crate) available: i64,
    /// Inventory's version of this number.
    pub(crate) version: i64,
    pub(crate) updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
