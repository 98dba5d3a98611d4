//! Publishing, unpublishing and archiving a product.

use events::Cause;
use events::catalog::ProductUpdated;
use events::id::ProductId;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::DatabaseTransaction;
use sea_orm::prelude::*;

use super::product_change::{begin_change, finish_change};
use super::status::ProductStatus;
use crate::CatalogError;
use crate::entity::product;

/// Takes a product to another status. To ask for the status it has already changes nothing.
pub(crate) async fn product_status_set(
    db: &DatabaseConnection,
    id: ProductId,
    expected_version: Option<i64>,
    to: ProductStatus,
    cause: &Cause,
) -> Result<product::Model, CatalogError> {
    // May it go there?
    let txn = outbox::begin(db).await?;
    let product = match begin_change(&txn, id, expected_version, "productId", cause.now).await {
        Err(CatalogError::ProductArchived) if to == ProductStatus::Archived => {
            return unchanged(db, txn, id).await;
        }
        begun => begun?,
    };
    let from = ProductStatus::of_row(&product.status);
    if from == to {
        return unchanged(db, txn, id).await;
    }
    if !from.may_become(to) {
        return Err(CatalogError::IllegalTransition { from, to });
    }
    if to == ProductStatus::Published && product.variant_count == 0 {
        return Err(CatalogError::VariantRequired);
    }

    // Take it there
    let product = product::ActiveModel {
        id: Unchanged(product.id),
        status: Set(to.as_str().to_owned()),
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

/// Ends `txn` without a change and returns the row as it is.
async fn unchanged(
    db: &DatabaseConnection,
    txn: DatabaseTransaction,
    id: ProductId,
) -> Result<product::Model, CatalogError> {
    txn.rollback().await?;
    let product = product::Entity::find_by_id(id.uuid()).one(db).await?;
    product.ok_or_else(|| CatalogError::not_found("productId"))
}
