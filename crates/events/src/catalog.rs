//! Events of the catalog.

use money::Money;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{CategoryId, ProductId, VariantId};

/// A product as others need to know it: sent whole on creation and on every change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductSnapshot {
    /// The product.
    pub product_id: ProductId,
    /// Version of the product row; grows with every change of the product or a variant of it.
    pub version: i64,
    /// URL name.
    pub slug: String,
    /// Display name.
    pub name: String,
    /// Brand, if any.
    pub brand: Option<String>,
    /// The category and its ancestors, nearest first.
    pub category_ids: Vec<CategoryId>,
    /// `DRAFT`, `PUBLISHED`, `UNPUBLISHED` or `ARCHIVED`.
    pub status: String,
    /// All variants, also unpublished ones.
    pub variants: Vec<VariantSnapshot>,
}

/// A variant within a [`ProductSnapshot`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VariantSnapshot {
    /// The variant.
    pub variant_id: VariantId,
    /// Stock keeping unit, unique in the shop.
    pub sku: String,
    /// Display name of the variant.
    pub name: String,
    /// Whether it may be sold: variant and product are published and available.
    pub is_published: bool,
    /// Price of one unit, net of tax.
    pub price: Money,
    /// Tax category, for example `standard`.
    pub tax_class: String,
    /// Weight in grams.
    pub weight_grams: i64,
}

/// A product was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ProductCreated(pub ProductSnapshot);

/// A product or one of its variants was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ProductUpdated(pub ProductSnapshot);

/// The price of a variant was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VariantPriceChanged {
    /// The variant.
    pub variant_id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// Its SKU.
    pub sku: String,
    /// Price of one unit before.
    pub old: Money,
    /// Price of one unit from now on.
    pub new: Money,
    /// Version of the product row after the change; compare with the version of a
    /// product snapshot.
    pub version: i64,
}
