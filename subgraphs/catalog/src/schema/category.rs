use async_graphql::{Context, ID, Object};
use events::id::CategoryId;
use service::ApiError;
use service::graphql::BigInt;

use super::loader;
use super::loaders::ChildrenOf;
use crate::entity::category;

/// A node of the category tree.
pub(crate) struct Category(pub(super) category::Model);

impl Category {
    fn category_id(&self) -> CategoryId {
        CategoryId::from_uuid(self.0.id)
    }
}

/// A node of the category tree.
#[Object]
impl Category {
    /// Identifier.
    async fn id(&self) -> ID {
        self.category_id().into()
    }

    /// Name in URLs, unique among categories.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Display name, unique among categories.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The category above; null for a root.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Category>, ApiError> {
        let Some(id) = self.0.parent_id else {
            return Ok(None);
        };
        Ok(loader(ctx)
            .load_one(CategoryId::from_uuid(id))
            .await?
            .map(Category))
    }

    /// The categories right below, by name.
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Category>, ApiError> {
        let rows = loader(ctx)
            .load_one(ChildrenOf(self.category_id()))
            .await?
            .unwrap_or_default();
        Ok(rows.into_iter().map(Category).collect())
    }

    /// The categories above, from the root down to the parent: the trail of breadcrumbs.
    async fn ancestors(&self, ctx: &Context<'_>) -> Result<Vec<Category>, ApiError> {
        let own = self.0.id;
        let ids: Vec<_> = self
            .0
            .path_ids()
            .into_iter()
            .filter(|id| *id != own)
            .map(CategoryId::from_uuid)
            .collect();
        let mut rows = loader(ctx).load_many(ids.iter().copied()).await?;
        Ok(ids
            .iter()
            .filter_map(|id| rows.remove(id))
            .map(Category)
            .collect())
    }

    /// Grows with every change; send it with a change to be sure that nobody else changed the
    /// category in between.
    async fn version(&self) -> BigInt {
        BigInt(self.0.version)
    }
}
