//! Product variants.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

/// What has a SKU, a price and stock.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_variants")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    pub(crate) product_id: Uuid,
    pub(crate) sku: String,
    pub(crate) name: String,
    /// JSON list of [`crate::domain::property::Property`].
    #[sea_orm(column_type = "Text")]
    pub(crate) options: String,
    pub(crate) price_minor: i64,
    pub(crate) compare_at_minor: Option<i64>,
    pub(crate) currency: String,
    pub(crate) tax_class: String,
    pub(crate) weight_grams: i64,
    /// Whether staff offers it; it is on sale if its product is, too.
    pub(crate) is_enabled: bool,
    pub(crate) position: i32,
    /// Set instead of deleting the row, which orders and carts refer to.
    pub(crate) deleted_at: Option<DateTimeUtc>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether the public may see it on its product's page.
    pub(crate) fn is_listed(&self) -> bool {
        self.is_enabled && self.deleted_at.is_none()
    }
}

/// The variants of these products in their order, deleted ones included.
pub(crate) fn of_products(product_ids: impl IntoIterator<Item = Uuid>) -> Select<Entity> {
    Entity::find()
        .filter(Column::ProductId.is_in(product_ids))
        .order_by_asc(Column::ProductId)
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id)
}
