use async_graphql::{Context, ID, Object};
use events::id::CategoryId;
use service::ApiError;

use super::category::Category;
use super::input::{
    CategoryCreateInput, CategoryDeleteInput, CategoryMoveInput, CategoryUpdateInput, version,
};
use super::payload::{
    CategoryCreatePayload, CategoryDeletePayload, CategoryMovePayload, CategoryUpdatePayload,
};
use super::user_error::{outcome, parse_id};
use super::{Catalog, require_staff};
use crate::CatalogError;
use crate::domain;
use crate::entity::category;

/// Changes of the category tree.
#[derive(Default)]
pub(crate) struct CategoryMutation;

/// Changes of the category tree.
#[Object]
impl CategoryMutation {
    /// Creates a category. Needs the permission `catalog:write`.
    async fn category_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category.")] input: CategoryCreateInput,
    ) -> Result<CategoryCreatePayload, ApiError> {
        require_staff(ctx)?;
        let catalog = Catalog::of(ctx);
        let created = match input.into_domain() {
            Ok(new) => domain::category_create(&catalog.db, new, &catalog.cause(ctx)).await,
            Err(refused) => Err(refused),
        };
        let (category, user_errors) = outcome(created)?;
        Ok(CategoryCreatePayload {
            category: category.map(Category),
            user_errors,
        })
    }

    /// Renames a category. Needs the permission `catalog:write`.
    async fn category_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: CategoryUpdateInput,
    ) -> Result<CategoryUpdatePayload, ApiError> {
        require_staff(ctx)?;
        let catalog = Catalog::of(ctx);
        let updated = match parse_id("categoryId", &input.category_id) {
            Ok(id) => {
                let expected = version(input.version);
                domain::category_update(
                    &catalog.db,
                    id,
                    expected,
                    input.into_domain(),
                    &catalog.cause(ctx),
                )
                .await
            }
            Err(refused) => Err(refused),
        };
        let (category, user_errors) = outcome(updated)?;
        Ok(CategoryUpdatePayload {
            category: category.map(Category),
            user_errors,
        })
    }

    /// Puts a category, with everything below it, to another place of the tree. Needs the
    /// permission `catalog:write`.
    async fn category_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to.")] input: CategoryMoveInput,
    ) -> Result<CategoryMovePayload, ApiError> {
        require_staff(ctx)?;
        let (category, user_errors) = outcome(move_category(ctx, &input).await)?;
        Ok(CategoryMovePayload {
            category: category.map(Category),
            user_errors,
        })
    }

    /// Deletes a category that has neither products nor subcategories. Needs the permission
    /// `catalog:write`.
    async fn category_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category.")] input: CategoryDeleteInput,
    ) -> Result<CategoryDeletePayload, ApiError> {
        require_staff(ctx)?;
        let (deleted, user_errors) = outcome(delete_category(ctx, &input).await)?;
        Ok(CategoryDeletePayload {
            deleted_category_id: deleted.map(ID::from),
            user_errors,
        })
    }
}

async fn move_category(
    ctx: &Context<'_>,
    input: &CategoryMoveInput,
) -> Result<category::Model, CatalogError> {
    let catalog = Catalog::of(ctx);
    let id = parse_id("categoryId", &input.category_id)?;
    let parent_id = input
        .parent_id
        .as_ref()
        .map(|id| parse_id("parentId", id))
        .transpose()?;
    domain::category_move(
        &catalog.db,
        id,
        version(input.version),
        parent_id,
        &catalog.cause(ctx),
    )
    .await
}

async fn delete_category(
    ctx: &Context<'_>,
    input: &CategoryDeleteInput,
) -> Result<CategoryId, CatalogError> {
    let catalog = Catalog::of(ctx);
    let id = parse_id("categoryId", &input.category_id)?;
    domain::category_delete(&catalog.db, id, version(input.version), &catalog.cause(ctx)).await?;
    Ok(id)
}
