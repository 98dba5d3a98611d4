//! Deleting a variant.

use events::Cause;
use events::catalog::ProductUpdated;
use events::id::VariantId;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::*;

use super::product_change::finish_change;
use super::variant_update::begin_variant_change;
use crate::CatalogError;
use crate::entity::{product, variant};

/// Takes a variant out of its product for good. The row stays for the orders that refer to it, so
/// its SKU cannot be used again. Returns the product.
pub(crate) async fn variant_delete(
    db: &DatabaseConnection,
    id: VariantId,
    expected_version: Option<i64>,
    cause: &Cause,
) -> Result<product::Model, CatalogError> {
    let txn = outbox::begin(db).await?;
    let (product, variant) = begin_variant_change(&txn, id, expected_version, cause).await?;
    variant::ActiveModel {
        id: Unchanged(variant.id),
        version: Set(variant.version + 1),
        is_enabled: Set(false),
        deleted_at: Set(Some(cause.now)),
        updated_at: Set(cause.now),
        ..Default::default()
    }
    .update(&txn)
    .await?;
    let product = finish_change(&txn, product, cause, |snapshot| {
        ProductUpdated(snapshot).into()
    })
    .await?;
    txn.commit().await?;
    Ok(product)
}
