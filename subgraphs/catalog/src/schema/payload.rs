//! What the mutations answer.

use async_graphql::{ID, SimpleObject};

use super::category::Category;
use super::product::Product;
use super::user_error::CatalogUserError;
use super::variant::ProductVariant;

/// What `productCreate` answers.
#[derive(SimpleObject)]
pub(crate) struct ProductCreatePayload {
    /// The product, a draft; null if it was refused.
    pub(super) product: Option<Product>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `productUpdate` answers.
#[derive(SimpleObject)]
pub(crate) struct ProductUpdatePayload {
    /// The product as it is now; null if it was refused.
    pub(super) product: Option<Product>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `productPublish` answers.
#[derive(SimpleObject)]
pub(crate) struct ProductPublishPayload {
    /// The product as it is now; null if it was refused.
    pub(super) product: Option<Product>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `productUnpublish` answers.
#[derive(SimpleObject)]
pub(crate) struct ProductUnpublishPayload {
    /// The product as it is now; null if it was refused.
    pub(super) product: Option<Product>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `productArchive` answers.
#[derive(SimpleObject)]
pub(crate) struct ProductArchivePayload {
    /// The product as it is now; null if it was refused.
    pub(super) product: Option<Product>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `variantCreate` answers.
#[derive(SimpleObject)]
pub(crate) struct VariantCreatePayload {
    /// The variant; null if it was refused.
    pub(super) variant: Option<ProductVariant>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `variantUpdate` answers.
#[derive(SimpleObject)]
pub(crate) struct VariantUpdatePayload {
    /// The variant as it is now; null if it was refused.
    pub(super) variant: Option<ProductVariant>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `variantPriceSet` answers.
#[derive(SimpleObject)]
pub(crate) struct VariantPriceSetPayload {
    /// The variant as it is now; null if it was refused.
    pub(super) variant: Option<ProductVariant>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `variantDelete` answers.
#[derive(SimpleObject)]
pub(crate) struct VariantDeletePayload {
    /// The product without the variant; null if it was refused.
    pub(super) product: Option<Product>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `categoryCreate` answers.
#[derive(SimpleObject)]
pub(crate) struct CategoryCreatePayload {
    /// The category; null if it was refused.
    pub(super) category: Option<Category>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `categoryUpdate` answers.
#[derive(SimpleObject)]
pub(crate) struct CategoryUpdatePayload {
    /// The category as it is now; null if it was refused.
    pub(super) category: Option<Category>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `categoryMove` answers.
#[derive(SimpleObject)]
pub(crate) struct CategoryMovePayload {
    /// The category as it is now; null if it was refused.
    pub(super) category: Option<Category>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}

/// What `categoryDelete` answers.
#[derive(SimpleObject)]
pub(crate) struct CategoryDeletePayload {
    /// Identifier of the category that is gone; null if it was refused.
    pub(super) deleted_category_id: Option<ID>,
    /// Why it was refused; empty if it was not.
    pub(super) user_errors: Vec<CatalogUserError>,
}
