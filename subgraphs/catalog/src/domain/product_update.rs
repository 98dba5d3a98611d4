//! Changing a product.

use events::Cause;
use events::catalog::ProductUpdated;
use events::id::{CategoryId, ProductId};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::*;

use super::product_change::{begin_change, finish_change};
use super::product_create::require_category;
use super::product_images::{self, NewImage};
use super::property::{self, Property};
use super::text;
use crate::CatalogError;
use crate::entity::product;

/// What to change; `None` leaves as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProductChange {
    pub(crate) name: Option<String>,
    pub(crate) slug: Option<String>,
    pub(crate) description: Option<String>,
    /// `Some(None)` takes the brand away.
    pub(crate) brand: Option<Option<String>>,
    /// `Some(None)` takes the product out of its category.
    pub(crate) category_id: Option<Option<CategoryId>>,
    pub(crate) is_available: Option<bool>,
    pub(crate) attributes: Option<Vec<Property>>,
    pub(crate) images: Option<Vec<NewImage>>,
}

/// Changes a product.
pub(crate) async fn product_update(
    db: &DatabaseConnection,
    id: ProductId,
    expected_version: Option<i64>,
    change: ProductChange,
    cause: &Cause,
) -> Result<product::Model, CatalogError> {
    // Check what can be checked without the database
    let mut row = product::ActiveModel {
        id: Unchanged(id.uuid()),
        ..Default::default()
    };
    if let Some(name) = change.name {
        let name = text::line("name", &name, text::MAX_NAME)?;
        row.name_key = Set(text::key(&name));
        row.name = Set(name);
    }
    if let Some(slug) = change.slug {
        row.slug = Set(text::slug("slug", &slug)?);
    }
    if let Some(description) = change.description {
        row.description = Set(text::paragraphs(
            "description",
            &description,
            text::MAX_DESCRIPTION,
        )?);
    }
    if let Some(brand) = change.brand {
        row.brand = Set(text::optional_line("brand", brand.as_deref(), 100)?);
    }
    if let Some(category_id) = change.category_id {
        row.category_id = Set(category_id.map(CategoryId::uuid));
    }
    if let Some(is_available) = change.is_available {
        row.is_available = Set(is_available);
    }
    if let Some(attributes) = change.attributes {
        row.attributes = Set(property::to_json(&property::check(
            "attributes",
            attributes,
        )?));
    }
    let images = change.images.map(product_images::check).transpose()?;

    // Change the row
    let txn = outbox::begin(db).await?;
    let product = begin_change(&txn, id, expected_version, "productId", cause.now).await?;
    require_category(&txn, change.category_id.flatten()).await?;
    let product = if row.is_changed() {
        row.update(&txn)
            .await
            .map_err(|error| CatalogError::from_write(error, "sku"))?
    } else {
        product
    };
    if let Some(images) = images {
        product_images::replace(&txn, product.id, images, cause.now).await?;
    }

    let product = finish_change(&txn, product, cause, |snapshot| {
        ProductUpdated(snapshot).into()
    })
    .await?;
    txn.commit().await?;
    Ok(product)
}
