//! Learns from the catalog which variants there are.

use events::Cause;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::InventoryError;
use crate::entity::known_variant::{ActiveModel, Column, Entity};
use crate::incoming::Product;

/// Remembers the variants of a product, unless we know newer ones.
pub(crate) async fn variants_learn(
    txn: &DatabaseTransaction,
    cause: &Cause,
    product: &Product,
) -> Result<(), InventoryError> {
    if product.variants.is_empty() {
        return Ok(());
    }
    let rows = product.variants.iter().map(|variant| ActiveModel {
        variant_id: Set(variant.variant_id.uuid()),
        sku: Set(variant.sku.clone()),
        name: Set(variant.name.clone()),
        is_published: Set(variant.is_published),
        product_version: Set(product.version),
        updated_at: Set(cause.now),
    });
    let newer = Expr::col((Entity, Column::ProductVersion))
        .lt(Expr::col(("excluded", Column::ProductVersion)));
    Entity::insert_many(rows)
        .on_conflict(
            OnConflict::column(Column::VariantId)
                .update_columns([
                    Column::Sku,
                    Column::Name,
                    Column::IsPublished,
                    Column::ProductVersion,
                    Column::UpdatedAt,
                ])
                .action_and_where(newer)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
