//! Setting the price of a variant.

use events::Cause;
use events::catalog::{ProductUpdated, VariantPriceChanged};
use events::id::{ProductId, VariantId};
use money::{Currency, Money};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::*;

use super::price::{self, GivenPrice};
use super::product_change::{finish_change, price_of};
use super::variant_draft;
use super::variant_update::begin_variant_change;
use crate::CatalogError;
use crate::entity::variant;

/// Sets the price, and with `compare_at` the price it is compared with (`Some(None)` takes that
/// away). A price to compare with that is not above the new price any more goes. To set what is set
/// already changes nothing.
pub(crate) async fn variant_price_set(
    db: &DatabaseConnection,
    id: VariantId,
    expected_version: Option<i64>,
    given: &GivenPrice,
    compare_at: Option<Option<GivenPrice>>,
    sells_in: Currency,
    cause: &Cause,
) -> Result<variant::Model, CatalogError> {
    let price_minor = price::check("price", given, sells_in)?;
    let given_compare_at = match compare_at {
        Some(given) => Some(variant_draft::compare_at(
            "compareAtPrice",
            given.as_ref(),
            price_minor,
            sells_in,
        )?),
        None => None,
    };

    // Does anything change?
    let txn = outbox::begin(db).await?;
    let (product, variant) = begin_variant_change(&txn, id, expected_version, cause).await?;
    let compare_at_minor = given_compare_at.unwrap_or_else(|| {
        variant
            .compare_at_minor
            .filter(|minor| *minor > price_minor)
    });
    let (old, new) = (price_of(&variant), Money::new(price_minor, sells_in));
    if old == new && compare_at_minor == variant.compare_at_minor {
        txn.rollback().await?;
        return Ok(variant);
    }

    // Change it, and tell how the product looks now before what its price was
    let variant = variant::ActiveModel {
        id: Unchanged(variant.id),
        version: Set(variant.version + 1),
        price_minor: Set(price_minor),
        compare_at_minor: Set(compare_at_minor),
        currency: Set(sells_in.code().to_owned()),
        updated_at: Set(cause.now),
        ..Default::default()
    }
    .update(&txn)
    .await?;
    let product = finish_change(&txn, product, cause, |snapshot| {
        ProductUpdated(snapshot).into()
    })
    .await?;
    if old != new {
        let event = VariantPriceChanged {
            variant_id: VariantId::from_uuid(variant.id),
            product_id: ProductId::from_uuid(product.id),
            sku: variant.sku.clone(),
            old,
            new,
            version: product.version,
        };
        outbox::enqueue(&txn, cause, product.version, event).await?;
    }
    txn.commit().await?;
    Ok(variant)
}
