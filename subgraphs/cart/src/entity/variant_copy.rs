//! What the cart knows of variants, from the catalog's events.

use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};

/// A variant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "variant_copies")]
pub struct Model {
    /// The variant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub variant_id: Uuid,
    /// Its product.
    pub product_id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The product's name.
    pub product_name: String,
    /// Whether it may be sold.
    pub is_published: bool,
    /// Tax category.
    pub tax_class: String,
    /// Weight in grams.
    pub weight_grams: i64,
    /// Version of the product that the columns above are from.
    pub version: i64,
    /// Price of one unit, net of tax.
    pub price_minor: i64,
    /// The price's currency.
    pub currency: String,
    /// Version of the product that the price is from.
    pub price_version: i64,
}

/// No relations; copies are loaded for many lines at once.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The copies of these variants.
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

/// Stores what is newer than what is there; descriptions and prices each by their own version.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn store(txn: &impl ConnectionTrait, copies: &[Model]) -> Result<(), DbErr> {
    if copies.is_empty() {
        return Ok(());
    }
    let description = [
        Column::ProductId,
        Column::Sku,
        Column::Name,
        Column::ProductName,
        Column::IsPublished,
        Column::TaxClass,
        Column::WeightGrams,
        Column::Version,
    ];
    upsert_newer(txn, copies, &description, Column::Version).await?;
    store_price(txn, copies).await
}

/// Stores only the prices that are newer than what is there; adds the variants that are unknown.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn store_price(txn: &impl ConnectionTrait, copies: &[Model]) -> Result<(), DbErr> {
    let price = [Column::PriceMinor, Column::Currency, Column::PriceVersion];
    upsert_newer(txn, copies, &price, Column::PriceVersion).await
}

/// Variants that a newer version of their product no longer has cannot be sold.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn unpublish_others(
    txn: &impl ConnectionTrait,
    product_id: Uuid,
    version: i64,
    present: impl IntoIterator<Item = Uuid>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::IsPublished, Expr::value(false))
        .col_expr(Column::Version, Expr::value(version))
        .filter(Column::ProductId.eq(product_id))
        .filter(Column::Version.lt(version))
        .filter(Column::VariantId.is_not_in(present))
        .exec(txn)
        .await?;
    Ok(())
}

async fn upsert_newer(
    txn: &impl ConnectionTrait,
    copies: &[Model],
    columns: &[Column],
    version: Column,
) -> Result<(), DbErr> {
    let newer = Expr::col(("excluded", version)).gte(Expr::col((Entity, version)));
    Entity::insert_many(
        copies
            .iter()
            .map(|copy| copy.clone().into_active_model().reset_all()),
    )
    .on_conflict(
        OnConflict::column(Column::VariantId)
            .update_columns(columns.iter().copied())
            .action_and_where(newer)
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await?;
    Ok(())
}
