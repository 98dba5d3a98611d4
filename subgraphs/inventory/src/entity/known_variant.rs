//! The variants the catalog told us about.

use events::id::VariantId;
use sea_orm::entity::prelude::*;

/// A variant as the catalog described it last.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_variants")]
pub struct Model {
    /// The variant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub variant_id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Whether it may be sold.
    pub is_published: bool,
    /// Version of the product this comes from; older news is ignored.
    pub product_version: i64,
    /// When we learned it.
    pub updated_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Whether the catalog ever told us about this variant.
pub(crate) async fn is_known(
    db: &impl ConnectionTrait,
    variant_id: VariantId,
) -> Result<bool, DbErr> {
    Ok(Entity::find_by_id(variant_id.uuid())
        .one(db)
        .await?
        .is_some())
}
