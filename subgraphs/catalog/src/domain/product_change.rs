//! How every change of a product begins and ends.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use events::catalog::{ProductSnapshot, VariantSnapshot};
use events::id::{CategoryId, ProductId, VariantId};
use events::{Cause, Event};
use money::{Currency, Money};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::*;
use sea_orm::sea_query::ExprTrait;

use super::status::ProductStatus;
use super::summary;
use crate::CatalogError;
use crate::entity::{category, product, variant, variant_stock};

/// Raises the product's version, which also makes other changes of it wait, and returns the row.
/// `field` is where the product's identifier was given.
pub(super) async fn begin_change(
    txn: &impl ConnectionTrait,
    id: ProductId,
    expected_version: Option<i64>,
    field: &str,
    now: DateTime<Utc>,
) -> Result<product::Model, CatalogError> {
    let mut raise = product::Entity::update_many()
        .col_expr(
            product::Column::Version,
            Expr::col(product::Column::Version).add(1),
        )
        .col_expr(product::Column::UpdatedAt, Expr::value(now))
        .filter(product::Column::Id.eq(id.uuid()));
    if let Some(version) = expected_version {
        raise = raise.filter(product::Column::Version.eq(version));
    }
    let raised = raise.exec(txn).await?.rows_affected == 1;
    let product = product::Entity::find_by_id(id.uuid()).one(txn).await?;
    let product = product.ok_or_else(|| CatalogError::not_found(field))?;
    if !raised {
        return Err(CatalogError::StaleVersion);
    }
    if ProductStatus::of_row(&product.status) == ProductStatus::Archived {
        return Err(CatalogError::ProductArchived);
    }
    Ok(product)
}

/// Derives what the row says of its variants, and tells the others how the product looks now.
pub(super) async fn finish_change(
    txn: &impl ConnectionTrait,
    product: product::Model,
    cause: &Cause,
    event: impl FnOnce(ProductSnapshot) -> Event,
) -> Result<product::Model, CatalogError> {
    // What the row says of its variants
    let variants = variant::of_products([product.id]).all(txn).await?;
    let available = stock_of(txn, &variants).await?;
    let summary = summary::summarize(
        &product.name,
        product.brand.as_deref(),
        &product.description,
        &variants,
        &available,
    );
    if ProductStatus::of_row(&product.status) == ProductStatus::Published
        && summary.variant_count == 0
    {
        return Err(CatalogError::VariantRequired);
    }
    let product = product::ActiveModel {
        id: Unchanged(product.id),
        variant_count: Set(summary.variant_count),
        min_price_minor: Set(summary.min_price_minor),
        max_price_minor: Set(summary.max_price_minor),
        in_stock: Set(summary.in_stock),
        search_text: Set(summary.search_text),
        ..Default::default()
    }
    .update(txn)
    .await?;

    // What the others need to know
    let category = match product.category_id {
        Some(id) => category::Entity::find_by_id(id).one(txn).await?,
        None => None,
    };
    let snapshot = snapshot(&product, &variants, category.as_ref());
    outbox::enqueue(txn, cause, product.version, event(snapshot)).await?;
    Ok(product)
}

/// The copy of the stock of these variants.
pub(super) async fn stock_of(
    txn: &impl ConnectionTrait,
    variants: &[variant::Model],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let rows = variant_stock::Entity::find()
        .filter(variant_stock::Column::VariantId.is_in(variants.iter().map(|variant| variant.id)))
        .all(txn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.variant_id, row.available))
        .collect())
}

/// The product as the others need to know it.
pub(crate) fn snapshot(
    product: &product::Model,
    variants: &[variant::Model],
    category: Option<&category::Model>,
) -> ProductSnapshot {
    let product_is_sold =
        product.status == ProductStatus::Published.as_str() && product.is_available;
    let mut category_ids: Vec<_> = category
        .map(category::Model::path_ids)
        .unwrap_or_default()
        .into_iter()
        .map(CategoryId::from_uuid)
        .collect();
    category_ids.reverse();
    ProductSnapshot {
        product_id: ProductId::from_uuid(product.id),
        version: product.version,
        slug: product.slug.clone(),
        name: product.name.clone(),
        brand: product.brand.clone(),
        category_ids,
        status: product.status.clone(),
        variants: variants
            .iter()
            .map(|variant| VariantSnapshot {
                variant_id: VariantId::from_uuid(variant.id),
                sku: variant.sku.clone(),
                name: variant.name.clone(),
                is_published: product_is_sold && variant.is_listed(),
                price: price_of(variant),
                tax_class: variant.tax_class.clone(),
                weight_grams: variant.weight_grams,
            })
            .collect(),
    }
}

/// The price of a variant.
pub(super) fn price_of(variant: &variant::Model) -> Money {
    Money::new(variant.price_minor, currency_of_row(&variant.currency))
}

/// The currency named in a row.
pub(super) fn currency_of_row(code: &str) -> Currency {
    Currency::from_code(code).expect("only known currencies are stored")
}
