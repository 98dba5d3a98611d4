use async_graphql::{Context, Object};
use service::ApiError;

use super::input::{
    ProductCreateInput, ProductStatusInput, ProductUpdateInput, VariantCreateInput,
    VariantDeleteInput, VariantPriceSetInput, VariantUpdateInput, given, given_price, version,
};
use super::payload::{
    ProductArchivePayload, ProductCreatePayload, ProductPublishPayload, ProductUnpublishPayload,
    ProductUpdatePayload, VariantCreatePayload, VariantDeletePayload, VariantPriceSetPayload,
    VariantUpdatePayload,
};
use super::product::Product;
use super::user_error::{outcome, parse_id};
use super::variant::ProductVariant;
use super::{Catalog, require_staff};
use crate::CatalogError;
use crate::domain;
use crate::domain::status::ProductStatus;
use crate::entity::product;

/// Changes of products and variants.
#[derive(Default)]
pub(crate) struct ProductMutation;

/// Changes of products and variants.
#[Object]
impl ProductMutation {
    /// Creates a product as a draft, with its variants if given. Needs the permission
    /// `catalog:write`.
    async fn product_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] input: ProductCreateInput,
    ) -> Result<ProductCreatePayload, ApiError> {
        require_staff(ctx)?;
        let catalog = Catalog::of(ctx);
        let created = match input.into_domain() {
            Ok(new) => {
                domain::product_create(&catalog.db, new, catalog.sells_in, &catalog.cause(ctx))
                    .await
            }
            Err(refused) => Err(refused),
        };
        let (product, user_errors) = outcome(created)?;
        Ok(ProductCreatePayload {
            product: product.map(Product),
            user_errors,
        })
    }

    /// Changes a product. Needs the permission `catalog:write`.
    async fn product_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: ProductUpdateInput,
    ) -> Result<ProductUpdatePayload, ApiError> {
        require_staff(ctx)?;
        let (product, user_errors) = outcome(update_product(ctx, input).await)?;
        Ok(ProductUpdatePayload {
            product: product.map(Product),
            user_errors,
        })
    }

    /// Shows a product to everybody. It needs at least one enabled variant. To publish what is
    /// published changes nothing. Needs the permission `catalog:write`.
    async fn product_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] input: ProductStatusInput,
    ) -> Result<ProductPublishPayload, ApiError> {
        require_staff(ctx)?;
        let (product, user_errors) =
            outcome(set_status(ctx, &input, ProductStatus::Published).await)?;
        Ok(ProductPublishPayload {
            product: product.map(Product),
            user_errors,
        })
    }

    /// Takes a published product off the shelves for now. Needs the permission `catalog:write`.
    async fn product_unpublish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] input: ProductStatusInput,
    ) -> Result<ProductUnpublishPayload, ApiError> {
        require_staff(ctx)?;
        let (product, user_errors) =
            outcome(set_status(ctx, &input, ProductStatus::Unpublished).await)?;
        Ok(ProductUnpublishPayload {
            product: product.map(Product),
            user_errors,
        })
    }

    /// Removes a draft or an unpublished product for good. Orders still show it; its slug and SKUs
    /// stay taken. Needs the permission `catalog:write`.
    async fn product_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] input: ProductStatusInput,
    ) -> Result<ProductArchivePayload, ApiError> {
        require_staff(ctx)?;
        let (product, user_errors) =
            outcome(set_status(ctx, &input, ProductStatus::Archived).await)?;
        Ok(ProductArchivePayload {
            product: product.map(Product),
            user_errors,
        })
    }

    /// Adds a variant to a product. Needs the permission `catalog:write`.
    async fn variant_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The variant.")] input: VariantCreateInput,
    ) -> Result<VariantCreatePayload, ApiError> {
        require_staff(ctx)?;
        let catalog = Catalog::of(ctx);
        let created = match parse_id("productId", &input.product_id) {
            Ok(product_id) => {
                let new = input.variant.into_domain();
                domain::variant_create(
                    &catalog.db,
                    product_id,
                    new,
                    catalog.sells_in,
                    &catalog.cause(ctx),
                )
                .await
            }
            Err(refused) => Err(refused),
        };
        let (variant, user_errors) = outcome(created)?;
        Ok(VariantCreatePayload {
            variant: variant.map(ProductVariant),
            user_errors,
        })
    }

    /// Changes a variant. Needs the permission `catalog:write`.
    async fn variant_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: VariantUpdateInput,
    ) -> Result<VariantUpdatePayload, ApiError> {
        require_staff(ctx)?;
        let catalog = Catalog::of(ctx);
        let updated = match parse_id("variantId", &input.variant_id) {
            Ok(id) => {
                let expected = version(input.version);
                let change = input.into_domain();
                domain::variant_update(
                    &catalog.db,
                    id,
                    expected,
                    change,
                    catalog.sells_in,
                    &catalog.cause(ctx),
                )
                .await
            }
            Err(refused) => Err(refused),
        };
        let (variant, user_errors) = outcome(updated)?;
        Ok(VariantUpdatePayload {
            variant: variant.map(ProductVariant),
            user_errors,
        })
    }

    /// Removes a variant for good. Orders still show it; its SKU stays taken. Needs the permission
    /// `catalog:write`.
    async fn variant_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The variant.")] input: VariantDeleteInput,
    ) -> Result<VariantDeletePayload, ApiError> {
        require_staff(ctx)?;
        let catalog = Catalog::of(ctx);
        let deleted = match parse_id("variantId", &input.variant_id) {
            Ok(id) => {
                domain::variant_delete(&catalog.db, id, version(input.version), &catalog.cause(ctx))
                    .await
            }
            Err(refused) => Err(refused),
        };
        let (product, user_errors) = outcome(deleted)?;
        Ok(VariantDeletePayload {
            product: product.map(Product),
            user_errors,
        })
    }

    /// Sets the price of a variant. Carts show the new price at once; orders keep theirs. Needs the
    /// permission `catalog:write`.
    async fn variant_price_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The price.")] input: VariantPriceSetInput,
    ) -> Result<VariantPriceSetPayload, ApiError> {
        require_staff(ctx)?;
        let catalog = Catalog::of(ctx);
        let set = match parse_id("variantId", &input.variant_id) {
            Ok(id) => {
                let price = given_price(input.price);
                let compare_at = given(input.compare_at_price).map(|price| price.map(given_price));
                let (expected, cause) = (version(input.version), catalog.cause(ctx));
                domain::variant_price_set(
                    &catalog.db,
                    id,
                    expected,
                    &price,
                    compare_at,
                    catalog.sells_in,
                    &cause,
                )
                .await
            }
            Err(refused) => Err(refused),
        };
        let (variant, user_errors) = outcome(set)?;
        Ok(VariantPriceSetPayload {
            variant: variant.map(ProductVariant),
            user_errors,
        })
    }
}

async fn update_product(
    ctx: &Context<'_>,
    input: ProductUpdateInput,
) -> Result<product::Model, CatalogError> {
    let catalog = Catalog::of(ctx);
    let id = parse_id("productId", &input.product_id)?;
    let expected = version(input.version);
    domain::product_update(
        &catalog.db,
        id,
        expected,
        input.into_domain()?,
        &catalog.cause(ctx),
    )
    .await
}

async fn set_status(
    ctx: &Context<'_>,
    input: &ProductStatusInput,
    to: ProductStatus,
) -> Result<product::Model, CatalogError> {
    let catalog = Catalog::of(ctx);
    let id = parse_id("productId", &input.product_id)?;
    domain::product_status_set(
        &catalog.db,
        id,
        version(input.version),
        to,
        &catalog.cause(ctx),
    )
    .await
}
