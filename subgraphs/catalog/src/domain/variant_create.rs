//! Adding a variant to a product.

use events::Cause;
use events::catalog::ProductUpdated;
use events::id::ProductId;
use money::Currency;
use sea_orm::prelude::*;

use super::product_change::{begin_change, finish_change};
use super::variant_draft::{self, NewVariant};
use crate::CatalogError;
use crate::entity::variant;

/// The most variants a product can have, deleted ones included.
pub(super) const MAX_VARIANTS: usize = 100;

/// Adds a variant after those the product has.
pub(crate) async fn variant_create(
    db: &DatabaseConnection,
    product_id: ProductId,
    new: NewVariant,
    sells_in: Currency,
    cause: &Cause,
) -> Result<variant::Model, CatalogError> {
    let draft = variant_draft::draft("variant.", new, sells_in)?;

    let txn = outbox::begin(db).await?;
    let product = begin_change(&txn, product_id, None, "productId", cause.now).await?;
    let siblings = variant::of_products([product.id]).all(&txn).await?;
    if siblings.len() >= MAX_VARIANTS {
        return Err(CatalogError::LimitExceeded {
            field: "productId".to_owned(),
            max: MAX_VARIANTS,
        });
    }
    let position = siblings
        .iter()
        .map(|sibling| sibling.position + 1)
        .max()
        .unwrap_or(0);
    let variant = draft
        .row(product_id, position, cause.now)
        .insert(&txn)
        .await
        .map_err(|error| CatalogError::from_write(error, "variant.sku"))?;
    finish_change(&txn, product, cause, |snapshot| {
        ProductUpdated(snapshot).into()
    })
    .await?;
    txn.commit().await?;
    Ok(variant)
}
