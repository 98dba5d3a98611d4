//! Products.

use sea_orm::entity::prelude::*;

/// A product. What lists filter and sort by is derived from its variants and kept on the row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    /// Grows with every change of the product or of one of its variants.
    pub(crate) version: i64,
    pub(crate) slug: String,
    pub(crate) name: String,
    /// The name in lower case.
    pub(crate) name_key: String,
    #[sea_orm(column_type = "Text")]
    pub(crate) description: String,
    pub(crate) brand: Option<String>,
    pub(crate) category_id: Option<Uuid>,
    /// A [`crate::domain::status::ProductStatus`].
    pub(crate) status: String,
    pub(crate) is_available: bool,
    /// JSON list of [`crate::domain::property::Property`].
    #[sea_orm(column_type = "Text")]
    pub(crate) attributes: String,
    pub(crate) currency: String,
    /// Variants that the price range and the stock are taken from.
    pub(crate) variant_count: i32,
    pub(crate) min_price_minor: i64,
    pub(crate) max_price_minor: i64,
    pub(crate) in_stock: bool,
    /// Everything search looks into, in lower case.
    #[sea_orm(column_type = "Text")]
    pub(crate) search_text: String,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Makes changes of one product wait for each other; `false` if there is no such product.
pub(crate) async fn lock(txn: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    let locked = Entity::update_many()
        .col_expr(Column::InStock, Expr::col(Column::InStock))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(locked.rows_affected == 1)
}
