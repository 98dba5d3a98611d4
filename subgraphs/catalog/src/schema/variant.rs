use async_graphql::{Context, ID, Object};
use events::id::{ProductId, VariantId};
use money::Currency;
use service::ApiError;
use service::graphql::{BigInt, Money};

use super::image::Image;
use super::loaders::ImagesOfVariant;
use super::product::Product;
use super::property::{self, Property};
use super::{Catalog, loader};
use crate::domain::status::ProductStatus;
use crate::entity::variant;

/// One form of a product, such as a size and color: what has a SKU, a price and stock.
pub(crate) struct ProductVariant(pub(super) variant::Model);

impl ProductVariant {
    fn money(&self, minor: i64) -> Money {
        let currency =
            Currency::from_code(&self.0.currency).expect("only known currencies are stored");
        money::Money::new(minor, currency).into()
    }
}

/// One form of a product, such as a size and color: what has a SKU, a price and stock.
#[Object]
impl ProductVariant {
    /// Identifier.
    async fn id(&self) -> ID {
        VariantId::from_uuid(self.0.id).into()
    }

    /// Stock keeping unit, unique in the shop.
    async fn sku(&self) -> &str {
        &self.0.sku
    }

    /// Display name of the variant, for example `M / Indigo`; show it beside the product's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Price of one unit, net of tax.
    async fn price(&self) -> Money {
        self.money(self.0.price_minor)
    }

    /// A higher price to compare with, struck through beside the price; usually null.
    async fn compare_at_price(&self) -> Option<Money> {
        self.0.compare_at_minor.map(|minor| self.money(minor))
    }

    /// What tells it from its siblings, for example `size` and `color`.
    async fn options(&self) -> Vec<Property> {
        property::from_json(&self.0.options)
    }

    /// Whether the catalog offers it: the variant is enabled, and its product published and
    /// available. Whether there is stock is another question.
    async fn is_published(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        if !self.0.is_listed() {
            return Ok(false);
        }
        let product = loader(ctx)
            .load_one(ProductId::from_uuid(self.0.product_id))
            .await?;
        Ok(product.is_some_and(|product| {
            ProductStatus::of_row(&product.status) == ProductStatus::Published
                && product.is_available
        }))
    }

    /// Whether staff offers this variant, whatever the state of its product.
    async fn is_enabled(&self) -> bool {
        self.0.is_listed()
    }

    /// The product it is a form of.
    async fn product(&self, ctx: &Context<'_>) -> Result<Option<Product>, ApiError> {
        Ok(loader(ctx)
            .load_one(ProductId::from_uuid(self.0.product_id))
            .await?
            .map(Product))
    }

    /// Weight in grams.
    async fn weight_grams(&self) -> i64 {
        self.0.weight_grams
    }

    /// Pictures of this variant only; often empty, then show the product's.
    async fn images(&self, ctx: &Context<'_>) -> Result<Vec<Image>, ApiError> {
        let rows = loader(ctx)
            .load_one(ImagesOfVariant(VariantId::from_uuid(self.0.id)))
            .await?
            .unwrap_or_default();
        Ok(rows
            .into_iter()
            .map(|row| Image::from_row(row, Catalog::of(ctx)))
            .collect())
    }

    /// Grows with every change of the variant; send it with a change to be sure that nobody else
    /// changed the variant in between.
    async fn version(&self) -> BigInt {
        BigInt(self.0.version)
    }
}
