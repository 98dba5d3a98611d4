//! Changing a variant.

use events::Cause;
use events::catalog::ProductUpdated;
use events::id::{ProductId, VariantId};
use money::Currency;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::*;

use super::price::GivenPrice;
use super::product_change::{begin_change, finish_change};
use super::property::{self, Property};
use super::{text, variant_draft};
use crate::CatalogError;
use crate::entity::{product, variant};

/// What to change; `None` leaves as it is. The price has an operation of its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct VariantChange {
    pub(crate) sku: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) options: Option<Vec<Property>>,
    /// `Some(None)` takes it away.
    pub(crate) compare_at_price: Option<Option<GivenPrice>>,
    pub(crate) weight_grams: Option<i64>,
    pub(crate) tax_class: Option<String>,
    pub(crate) is_enabled: Option<bool>,
}

/// Changes a variant.
pub(crate) async fn variant_update(
    db: &DatabaseConnection,
    id: VariantId,
    expected_version: Option<i64>,
    change: VariantChange,
    sells_in: Currency,
    cause: &Cause,
) -> Result<variant::Model, CatalogError> {
    // Check what can be checked without the database
    let mut row = variant::ActiveModel {
        id: Unchanged(id.uuid()),
        ..Default::default()
    };
    if let Some(sku) = change.sku {
        row.sku = Set(text::sku("sku", &sku)?);
    }
    if let Some(name) = change.name {
        row.name = Set(text::line("name", &name, text::MAX_NAME)?);
    }
    if let Some(options) = change.options {
        row.options = Set(property::to_json(&property::check("options", options)?));
    }
    if let Some(grams) = change.weight_grams {
        row.weight_grams = Set(variant_draft::weight("weightGrams", grams)?);
    }
    if let Some(tax_class) = change.tax_class {
        row.tax_class = Set(variant_draft::tax_class("taxClass", Some(&tax_class))?);
    }
    if let Some(is_enabled) = change.is_enabled {
        row.is_enabled = Set(is_enabled);
    }

    // Change the row
    let txn = outbox::begin(db).await?;
    let (product, variant) = begin_variant_change(&txn, id, expected_version, cause).await?;
    if let Some(given) = change.compare_at_price {
        let minor = variant_draft::compare_at(
            "compareAtPrice",
            given.as_ref(),
            variant.price_minor,
            sells_in,
        )?;
        row.compare_at_minor = Set(minor);
    }
    row.version = Set(variant.version + 1);
    row.updated_at = Set(cause.now);
    let variant = row
        .update(&txn)
        .await
        .map_err(|error| CatalogError::from_write(error, "sku"))?;
    finish_change(&txn, product, cause, |snapshot| {
        ProductUpdated(snapshot).into()
    })
    .await?;
    txn.commit().await?;
    Ok(variant)
}

/// Begins a change of the variant's product and returns both rows; the variant is not deleted and
/// has the expected version.
pub(super) async fn begin_variant_change(
    txn: &impl ConnectionTrait,
    id: VariantId,
    expected_version: Option<i64>,
    cause: &Cause,
) -> Result<(product::Model, variant::Model), CatalogError> {
    let not_found = || CatalogError::not_found("variantId");
    let found = variant::Entity::find_by_id(id.uuid())
        .one(txn)
        .await?
        .ok_or_else(not_found)?;
    let product = begin_change(
        txn,
        ProductId::from_uuid(found.product_id),
        None,
        "variantId",
        cause.now,
    )
    .await?;
    // Read again: only now that other changes of the product wait does it stay as it is.
    let variant = variant::Entity::find_by_id(id.uuid())
        .one(txn)
        .await?
        .ok_or_else(not_found)?;
    if variant.deleted_at.is_some() {
        return Err(not_found());
    }
    if expected_version.is_some_and(|version| version != variant.version) {
        return Err(CatalogError::StaleVersion);
    }
    Ok((product, variant))
}
