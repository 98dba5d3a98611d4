//! Pictures of products.

use sea_orm::entity::prelude::*;

/// A picture of a product, or of one of its variants.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_images")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) product_id: Uuid,
    /// The variant it shows, if only that one.
    pub(crate) variant_id: Option<Uuid>,
    /// An `https://` address, or a path below the shop's own.
    pub(crate) url: String,
    pub(crate) alt: Option<String>,
    pub(crate) position: i32,
    pub(crate) created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
