use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use events::id::{CategoryId, ProductId};
use money::Currency;
use service::ApiError;
use service::graphql::BigInt;

use super::category::Category;
use super::image::{Image, PriceRange};
use super::loaders::{ImagesOf, VariantsOf};
use super::property::{self, Property};
use super::variant::ProductVariant;
use super::{Catalog, audience, loader};
use crate::domain::listing::Audience;
use crate::domain::status;
use crate::entity::product;

/// Where a product is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "status::ProductStatus")]
pub(crate) enum ProductStatus {
    /// Being prepared; only staff sees it.
    Draft,
    /// Shown to everybody.
    Published,
    /// Taken off the shelves for now; only staff finds it.
    Unpublished,
    /// Gone for good. Orders still refer to it.
    Archived,
}

/// Something the shop sells, in one or more variants.
pub(crate) struct Product(pub(super) product::Model);

impl Product {
    fn product_id(&self) -> ProductId {
        ProductId::from_uuid(self.0.id)
    }
}

/// Something the shop sells, in one or more variants.
#[Object]
impl Product {
    /// Identifier.
    async fn id(&self) -> ID {
        self.product_id().into()
    }

    /// Name in URLs, unique in the shop.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Display name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Description, plain text with line breaks; may be empty.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Brand, if it has one.
    async fn brand(&self) -> Option<&str> {
        self.0.brand.as_deref()
    }

    /// Where the product is in its life. Lists show the public only what is `PUBLISHED`; an order
    /// may still refer to a product of any status.
    async fn status(&self) -> ProductStatus {
        status::ProductStatus::of_row(&self.0.status).into()
    }

    /// Whether staff offers it at present. A published product that is not available is shown but
    /// cannot be bought.
    async fn is_available(&self) -> bool {
        self.0.is_available
    }

    /// The category it is in, if any.
    async fn category(&self, ctx: &Context<'_>) -> Result<Option<Category>, ApiError> {
        let Some(id) = self.0.category_id else {
            return Ok(None);
        };
        Ok(loader(ctx)
            .load_one(CategoryId::from_uuid(id))
            .await?
            .map(Category))
    }

    /// Its pictures, in the order to show them.
    async fn images(&self, ctx: &Context<'_>) -> Result<Vec<Image>, ApiError> {
        let rows = loader(ctx)
            .load_one(ImagesOf(self.product_id()))
            .await?
            .unwrap_or_default();
        Ok(rows
            .into_iter()
            .map(|row| Image::from_row(row, Catalog::of(ctx)))
            .collect())
    }

    /// The picture for lists: the first one.
    async fn primary_image(&self, ctx: &Context<'_>) -> Result<Option<Image>, ApiError> {
        let rows = loader(ctx)
            .load_one(ImagesOf(self.product_id()))
            .await?
            .unwrap_or_default();
        Ok(rows
            .into_iter()
            .next()
            .map(|row| Image::from_row(row, Catalog::of(ctx))))
    }

    /// The lowest and highest price of its enabled variants, net of tax; null while it has none.
    async fn price_range(&self) -> Option<PriceRange> {
        let currency =
            Currency::from_code(&self.0.currency).expect("only known currencies are stored");
        (self.0.variant_count > 0).then(|| PriceRange {
            min: money::Money::new(self.0.min_price_minor, currency).into(),
            max: money::Money::new(self.0.max_price_minor, currency).into(),
        })
    }

    /// Its variants, in the order to show them. The public sees the enabled ones, staff all.
    async fn variants(&self, ctx: &Context<'_>) -> Result<Vec<ProductVariant>, ApiError> {
        let rows = loader(ctx)
            .load_one(VariantsOf(self.product_id()))
            .await?
            .unwrap_or_default();
        // Whoever sent a token that is no good was refused before; here they are the public.
        let sees_all = audience(ctx).is_ok_and(|audience| audience == Audience::Staff);
        Ok(rows
            .into_iter()
            .filter(|row| sees_all || row.is_listed())
            .map(ProductVariant)
            .collect())
    }

    /// More facts about it, such as material or care.
    async fn attributes(&self) -> Vec<Property> {
        property::from_json(&self.0.attributes)
    }

    /// Grows with every change of the product or of one of its variants; send it with a change to
    /// be sure that nobody else changed the product in between.
    async fn version(&self) -> BigInt {
        BigInt(self.0.version)
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it, or one of its variants, was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}
