//! Creating a product.

use std::collections::HashSet;

use events::Cause;
use events::catalog::ProductCreated;
use events::id::{CategoryId, ProductId};
use money::Currency;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::*;

use super::product_change::finish_change;
use super::product_images::{self, NewImage};
use super::property::{self, Property};
use super::status::ProductStatus;
use super::text;
use super::variant_create::MAX_VARIANTS;
use super::variant_draft::{self, NewVariant};
use crate::CatalogError;
use crate::entity::{category, product};

/// A product as it was given.
#[derive(Debug, Clone)]
pub(crate) struct NewProduct {
    pub(crate) name: String,
    pub(crate) slug: Option<String>,
    pub(crate) description: String,
    pub(crate) brand: Option<String>,
    pub(crate) category_id: Option<CategoryId>,
    pub(crate) is_available: bool,
    pub(crate) attributes: Vec<Property>,
    pub(crate) variants: Vec<NewVariant>,
    pub(crate) images: Vec<NewImage>,
}

/// Stores a new product with its variants as a draft.
pub(crate) async fn product_create(
    db: &DatabaseConnection,
    new: NewProduct,
    sells_in: Currency,
    cause: &Cause,
) -> Result<product::Model, CatalogError> {
    // Check what can be checked without the database
    let name = text::line("name", &new.name, text::MAX_NAME)?;
    let slug = text::slug_or_from_name(new.slug.as_deref(), &name)?;
    let description = text::paragraphs("description", &new.description, text::MAX_DESCRIPTION)?;
    let brand = text::optional_line("brand", new.brand.as_deref(), 100)?;
    let attributes = property::check("attributes", new.attributes)?;
    let images = product_images::check(new.images)?;
    if new.variants.len() > MAX_VARIANTS {
        return Err(CatalogError::LimitExceeded {
            field: "variants".to_owned(),
            max: MAX_VARIANTS,
        });
    }
    let mut skus = HashSet::new();
    let mut drafts = Vec::with_capacity(new.variants.len());
    for (index, variant) in new.variants.into_iter().enumerate() {
        let draft = variant_draft::draft(&format!("variants.{index}."), variant, sells_in)?;
        if !skus.insert(draft.sku.clone()) {
            return Err(CatalogError::SkuTaken {
                field: format!("variants.{index}.sku"),
            });
        }
        drafts.push(draft);
    }

    // Store the product
    let txn = outbox::begin(db).await?;
    require_category(&txn, new.category_id).await?;
    let id = ProductId::generate();
    let product = product::ActiveModel {
        id: Set(id.uuid()),
        version: Set(1),
        slug: Set(slug),
        name_key: Set(text::key(&name)),
        name: Set(name),
        description: Set(description),
        brand: Set(brand),
        category_id: Set(new.category_id.map(CategoryId::uuid)),
        status: Set(ProductStatus::Draft.as_str().to_owned()),
        is_available: Set(new.is_available),
        attributes: Set(property::to_json(&attributes)),
        currency: Set(sells_in.code().to_owned()),
        // Derived below, when the variants are there.
        variant_count: Set(0),
        min_price_minor: Set(0),
        max_price_minor: Set(0),
        in_stock: Set(false),
        search_text: Set(String::new()),
        created_at: Set(cause.now),
        updated_at: Set(cause.now),
    }
    .insert(&txn)
    .await
    .map_err(|error| CatalogError::from_write(error, "variants"))?;

    // Store what belongs to it
    for (index, draft) in drafts.into_iter().enumerate() {
        let position = i32::try_from(index).expect("there are at most MAX_VARIANTS");
        draft
            .row(id, position, cause.now)
            .insert(&txn)
            .await
            .map_err(|error| CatalogError::from_write(error, &format!("variants.{index}.sku")))?;
    }
    product_images::replace(&txn, product.id, images, cause.now).await?;

    let product = finish_change(&txn, product, cause, |snapshot| {
        ProductCreated(snapshot).into()
    })
    .await?;
    txn.commit().await?;
    Ok(product)
}

/// Refuses a category that does not exist.
pub(super) async fn require_category(
    txn: &impl ConnectionTrait,
    category_id: Option<CategoryId>,
) -> Result<(), CatalogError> {
    let Some(category_id) = category_id else {
        return Ok(());
    };
    match category::Entity::find_by_id(category_id.uuid())
        .one(txn)
        .await?
    {
        Some(_) => Ok(()),
        None => Err(CatalogError::not_found("categoryId")),
    }
}
