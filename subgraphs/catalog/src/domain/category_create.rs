//! Creating a category.

use events::Cause;
use events::id::CategoryId;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::*;

use super::text;
use crate::CatalogError;
use crate::entity::{category, category_tree};

/// How deep the tree may be.
pub(super) const MAX_DEPTH: i32 = 8;
/// The longest name of a category.
pub(super) const MAX_NAME: usize = 100;

/// A category as it was given.
#[derive(Debug, Clone)]
pub(crate) struct NewCategory {
    pub(crate) name: String,
    pub(crate) slug: Option<String>,
    pub(crate) parent_id: Option<CategoryId>,
}

/// Stores a new category below its parent, or as a root.
pub(crate) async fn category_create(
    db: &DatabaseConnection,
    new: NewCategory,
    cause: &Cause,
) -> Result<category::Model, CatalogError> {
    let name = text::line("name", &new.name, MAX_NAME)?;
    let slug = text::slug_or_from_name(new.slug.as_deref(), &name)?;

    let txn = outbox::begin(db).await?;
    category_tree::lock(&txn).await?;
    let parent = find_parent(&txn, new.parent_id).await?;
    let depth = parent.as_ref().map_or(1, |parent| parent.depth + 1);
    if depth > MAX_DEPTH {
        return Err(CatalogError::CategoryTooDeep);
    }
    let id = CategoryId::generate().uuid();
    let category = category::ActiveModel {
        id: Set(id),
        version: Set(1),
        name_key: Set(text::key(&name)),
        name: Set(name),
        slug: Set(slug),
        parent_id: Set(parent.as_ref().map(|parent| parent.id)),
        path: Set(category::path_below(
            parent.as_ref().map_or("", |parent| &parent.path),
            id,
        )),
        depth: Set(depth),
        created_at: Set(cause.now),
        updated_at: Set(cause.now),
    }
    .insert(&txn)
    .await
    .map_err(|error| CatalogError::from_write(error, "sku"))?;
    txn.commit().await?;
    Ok(category)
}

/// The parent with this identifier, which must exist if one is given.
pub(super) async fn find_parent(
    txn: &impl ConnectionTrait,
    id: Option<CategoryId>,
) -> Result<Option<category::Model>, CatalogError> {
    let Some(id) = id else {
        return Ok(None);
    };
    let parent = category::Entity::find_by_id(id.uuid()).one(txn).await?;
    parent
        .ok_or_else(|| CatalogError::not_found("parentId"))
        .map(Some)
}
