//! The inputs of the mutations.

use async_graphql::{ID, InputObject, MaybeUndefined};
use service::graphql::{BigInt, MoneyInput};

use super::property::{self, PropertyInput};
use super::user_error::parse_id;
use crate::CatalogError;
use crate::domain::price::GivenPrice;
use crate::domain::{
    self, NewCategory, NewImage, NewProduct, NewVariant, ProductChange, VariantChange,
};

/// A new product. It begins as a draft.
#[derive(InputObject)]
pub(crate) struct ProductCreateInput {
    /// Display name, 1 to 200 characters.
    name: String,
    /// Name in URLs: lower-case letters, digits and single hyphens, up to 100 characters. Made of
    /// the name if not given.
    slug: Option<String>,
    /// Description, plain text of up to 20000 characters.
    #[graphql(default)]
    description: String,
    /// Brand, up to 100 characters.
    brand: Option<String>,
    /// The category to put it into.
    category_id: Option<ID>,
    /// Whether it can be bought once it is published.
    #[graphql(default = true)]
    is_available: bool,
    /// More facts, up to 50.
    #[graphql(default)]
    attributes: Vec<PropertyInput>,
    /// Its variants in the order to show them, up to 100. Needed before it can be published.
    #[graphql(default)]
    variants: Vec<VariantInput>,
    /// Its pictures in the order to show them, up to 50.
    #[graphql(default)]
    images: Vec<ProductImageInput>,
}

/// A new variant.
#[derive(InputObject)]
pub(crate) struct VariantInput {
    /// Stock keeping unit, unique in the shop: up to 64 letters, digits, `.`, `_`, `-` and `/`.
    sku: String,
    /// Display name, up to 200 characters. Made of the options if not given.
    name: Option<String>,
    /// What tells it from its siblings, up to 50.
    #[graphql(default)]
    options: Vec<PropertyInput>,
    /// Price of one unit, net of tax, in the shop's currency.
    price: MoneyInput,
    /// A higher price to compare with.
    compare_at_price: Option<MoneyInput>,
    /// Weight in grams.
    #[graphql(default)]
    weight_grams: i64,
    /// Tax class; `standard` if not given.
    tax_class: Option<String>,
    /// Whether it is offered once its product is published.
    #[graphql(default = true)]
    is_enabled: bool,
}

/// A picture of a product.
#[derive(InputObject)]
pub(crate) struct ProductImageInput {
    /// Where it is, beginning with `https://`.
    url: String,
    /// What it shows, for those who do not see it; up to 300 characters.
    alt: Option<String>,
    /// SKU of the product's variant it shows, if it shows only that one.
    sku: Option<String>,
}

/// What to change of a product; what is left out stays.
#[derive(InputObject)]
pub(crate) struct ProductUpdateInput {
    /// The product.
    pub(super) product_id: ID,
    /// The version the change is based on; with it a change by somebody else in between is noticed
    /// (`STALE_VERSION`).
    pub(super) version: Option<BigInt>,
    /// Display name, 1 to 200 characters.
    name: Option<String>,
    /// Name in URLs.
    slug: Option<String>,
    /// Description, plain text of up to 20000 characters.
    description: Option<String>,
    /// Brand; null takes it away.
    brand: MaybeUndefined<String>,
    /// The category; null takes the product out of its category.
    category_id: MaybeUndefined<ID>,
    /// Whether it can be bought while it is published.
    is_available: Option<bool>,
    /// All its facts, in place of those it has.
    attributes: Option<Vec<PropertyInput>>,
    /// All its pictures, in place of those it has.
    images: Option<Vec<ProductImageInput>>,
}

/// A product whose status is to change.
#[derive(InputObject)]
pub(crate) struct ProductStatusInput {
    /// The product.
    pub(super) product_id: ID,
    /// The version the change is based on; with it a change by somebody else in between is noticed
    /// (`STALE_VERSION`).
    pub(super) version: Option<BigInt>,
}

/// A new variant of a product.
#[derive(InputObject)]
pub(crate) struct VariantCreateInput {
    /// The product.
    pub(super) product_id: ID,
    /// The variant.
    pub(super) variant: VariantInput,
}

/// What to change of a variant; what is left out stays. The price is set by `variantPriceSet`.
#[derive(InputObject)]
pub(crate) struct VariantUpdateInput {
    /// The variant.
    pub(super) variant_id: ID,
    /// The version the change is based on; with it a change by somebody else in between is noticed
    /// (`STALE_VERSION`).
    pub(super) version: Option<BigInt>,
    /// Stock keeping unit, unique in the shop.
    sku: Option<String>,
    /// Display name, 1 to 200 characters.
    name: Option<String>,
    /// All its options, in place of those it has.
    options: Option<Vec<PropertyInput>>,
    /// A higher price to compare with; null takes it away.
    compare_at_price: MaybeUndefined<MoneyInput>,
    /// Weight in grams.
    weight_grams: Option<i64>,
    /// Tax class, for example `standard`.
    tax_class: Option<String>,
    /// Whether it is offered while its product is published.
    is_enabled: Option<bool>,
}

/// A variant to delete.
#[derive(InputObject)]
pub(crate) struct VariantDeleteInput {
    /// The variant.
    pub(super) variant_id: ID,
    /// The version the change is based on; with it a change by somebody else in between is noticed
    /// (`STALE_VERSION`).
    pub(super) version: Option<BigInt>,
}

/// A price for a variant.
#[derive(InputObject)]
pub(crate) struct VariantPriceSetInput {
    /// The variant.
    pub(super) variant_id: ID,
    /// The version the change is based on; with it a change by somebody else in between is noticed
    /// (`STALE_VERSION`).
    pub(super) version: Option<BigInt>,
    /// Price of one unit, net of tax, in the shop's currency.
    pub(super) price: MoneyInput,
    /// A higher price to compare with; null takes it away. If left out, the present one stays as
    /// long as it is higher than the price.
    pub(super) compare_at_price: MaybeUndefined<MoneyInput>,
}

/// A new category.
#[derive(InputObject)]
pub(crate) struct CategoryCreateInput {
    /// Display name, 1 to 100 characters, unique whatever the case.
    name: String,
    /// Name in URLs: lower-case letters, digits and single hyphens, up to 100 characters. Made of
    /// the name if not given.
    slug: Option<String>,
    /// The category above; none makes it a root.
    parent_id: Option<ID>,
}

/// What to change of a category; what is left out stays.
#[derive(InputObject)]
pub(crate) struct CategoryUpdateInput {
    /// The category.
    pub(super) category_id: ID,
    /// The version the change is based on; with it a change by somebody else in between is noticed
    /// (`STALE_VERSION`).
    pub(super) version: Option<BigInt>,
    /// Display name, 1 to 100 characters, unique whatever the case.
    name: Option<String>,
    /// Name in URLs.
    slug: Option<String>,
}

/// Where to put a category, with everything below it.
#[derive(InputObject)]
pub(crate) struct CategoryMoveInput {
    /// The category.
    pub(super) category_id: ID,
    /// The version the change is based on; with it a change by somebody else in between is noticed
    /// (`STALE_VERSION`).
    pub(super) version: Option<BigInt>,
    /// The category to be above; null makes it a root.
    pub(super) parent_id: Option<ID>,
}

/// A category to delete.
#[derive(InputObject)]
pub(crate) struct CategoryDeleteInput {
    /// The category.
    pub(super) category_id: ID,
    /// The version the change is based on; with it a change by somebody else in between is noticed
    /// (`STALE_VERSION`).
    pub(super) version: Option<BigInt>,
}

/// A version as the domain takes it.
pub(super) fn version(version: Option<BigInt>) -> Option<i64> {
    version.map(|version| version.0)
}

/// A price as the domain takes it.
pub(super) fn given_price(price: MoneyInput) -> GivenPrice {
    GivenPrice {
        minor_amount: price.minor_amount,
        currency: price.currency_code.currency(),
    }
}

/// `None` for what was left out, `Some(None)` for null.
pub(super) fn given<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

fn images(images: Vec<ProductImageInput>) -> Vec<NewImage> {
    images
        .into_iter()
        .map(|image| NewImage {
            url: image.url,
            alt: image.alt,
            sku: image.sku,
        })
        .collect()
}

impl ProductCreateInput {
    pub(super) fn into_domain(self) -> Result<NewProduct, CatalogError> {
        Ok(NewProduct {
            name: self.name,
            slug: self.slug,
            description: self.description,
            brand: self.brand,
            category_id: self
                .category_id
                .map(|id| parse_id("categoryId", &id))
                .transpose()?,
            is_available: self.is_available,
            attributes: property::into_domain(self.attributes),
            variants: self
                .variants
                .into_iter()
                .map(VariantInput::into_domain)
                .collect(),
            images: images(self.images),
        })
    }
}

impl ProductUpdateInput {
    pub(super) fn into_domain(self) -> Result<ProductChange, CatalogError> {
        let category_id = match given(self.category_id) {
            Some(Some(id)) => Some(Some(parse_id("categoryId", &id)?)),
            Some(None) => Some(None),
            None => None,
        };
        Ok(ProductChange {
            name: self.name,
            slug: self.slug,
            description: self.description,
            brand: given(self.brand),
            category_id,
            is_available: self.is_available,
            attributes: self.attributes.map(property::into_domain),
            images: self.images.map(images),
        })
    }
}

impl VariantInput {
    pub(super) fn into_domain(self) -> NewVariant {
        NewVariant {
            sku: self.sku,
            name: self.name,
            options: property::into_domain(self.options),
            price: given_price(self.price),
            compare_at_price: self.compare_at_price.map(given_price),
            weight_grams: self.weight_grams,
            tax_class: self.tax_class,
            is_enabled: self.is_enabled,
        }
    }
}

impl VariantUpdateInput {
    pub(super) fn into_domain(self) -> VariantChange {
        VariantChange {
            sku: self.sku,
            name: self.name,
            options: self.options.map(property::into_domain),
            compare_at_price: given(self.compare_at_price).map(|price| price.map(given_price)),
            weight_grams: self.weight_grams,
            tax_class: self.tax_class,
            is_enabled: self.is_enabled,
        }
    }
}

impl CategoryCreateInput {
    pub(super) fn into_domain(self) -> Result<NewCategory, CatalogError> {
        let parent_id = self
            .parent_id
            .map(|id| parse_id("parentId", &id))
            .transpose()?;
        Ok(NewCategory {
            name: self.name,
            slug: self.slug,
            parent_id,
        })
    }
}

impl CategoryUpdateInput {
    pub(super) fn into_domain(self) -> domain::CategoryChange {
        domain::CategoryChange {
            name: self.name,
            slug: self.slug,
        }
    }
}
