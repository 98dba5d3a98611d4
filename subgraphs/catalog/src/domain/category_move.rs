//! Moving a category, with everything below it.

use events::Cause;
use events::id::CategoryId;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::*;
use sea_orm::sea_query::{BinOper, ExprTrait, Func};
use sea_orm::{QueryOrder, QuerySelect};

use super::category_create::{MAX_DEPTH, find_parent};
use super::category_update::begin_change;
use crate::CatalogError;
use crate::entity::{category, category_tree};

/// Puts a category below another one, or makes it a root.
pub(crate) async fn category_move(
    db: &DatabaseConnection,
    id: CategoryId,
    expected_version: Option<i64>,
    parent_id: Option<CategoryId>,
    cause: &Cause,
) -> Result<category::Model, CatalogError> {
    // Nothing else moves from here on
    let txn = outbox::begin(db).await?;
    category_tree::lock(&txn).await?;
    let category = begin_change(&txn, id, expected_version, cause.now).await?;
    let parent = find_parent(&txn, parent_id).await?;

    // Still a tree, and not too deep?
    if parent
        .as_ref()
        .is_some_and(|parent| parent.path.starts_with(&category.path))
    {
        return Err(CatalogError::CategoryCycle);
    }
    let depth_change = parent.as_ref().map_or(1, |parent| parent.depth + 1) - category.depth;
    let in_subtree = category::Column::Path.like(category::subtree_pattern(&category.path));
    let deepest: Option<i32> = category::Entity::find()
        .select_only()
        .column(category::Column::Depth)
        .filter(in_subtree.clone())
        .order_by_desc(category::Column::Depth)
        .limit(1)
        .into_tuple()
        .one(&txn)
        .await?;
    if deepest.unwrap_or(category.depth) + depth_change > MAX_DEPTH {
        return Err(CatalogError::CategoryTooDeep);
    }

    // Move it with everything below it
    let new_path = category::path_below(
        parent.as_ref().map_or("", |parent| &parent.path),
        category.id,
    );
    let kept_from = i32::try_from(category.path.len() + 1).expect("paths have at most eight parts");
    let kept = Func::cust("substr")
        .arg(Expr::col(category::Column::Path))
        .arg(kept_from);
    category::Entity::update_many()
        .col_expr(
            category::Column::Path,
            Expr::value(new_path).binary(BinOper::Custom("||"), kept),
        )
        .col_expr(
            category::Column::Depth,
            Expr::col(category::Column::Depth).add(depth_change),
        )
        .filter(in_subtree)
        .exec(&txn)
        .await?;
    let category = category::ActiveModel {
        id: Unchanged(category.id),
        parent_id: Set(parent.map(|parent| parent.id)),
        ..Default::default()
    }
    .update(&txn)
    .await?;
    txn.commit().await?;
    Ok(category)
}
