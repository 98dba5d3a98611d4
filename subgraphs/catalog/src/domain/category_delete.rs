//! Deleting a category.

use events::Cause;
use events::id::CategoryId;
use sea_orm::prelude::*;
use sea_orm::{Condition, SqlErr};

use super::category_update::begin_change;
use crate::CatalogError;
use crate::entity::{category, category_tree, product};

/// Deletes a category that has neither products (of any status) nor subcategories.
pub(crate) async fn category_delete(
    db: &DatabaseConnection,
    id: CategoryId,
    expected_version: Option<i64>,
    cause: &Cause,
) -> Result<(), CatalogError> {
    let txn = outbox::begin(db).await?;
    category_tree::lock(&txn).await?;
    let category = begin_change(&txn, id, expected_version, cause.now).await?;
    let child = category::Entity::find()
        .filter(category::Column::ParentId.eq(category.id))
        .one(&txn)
        .await?;
    let product = product::Entity::find()
        .filter(Condition::all().add(product::Column::CategoryId.eq(category.id)))
        .one(&txn)
        .await?;
    if child.is_some() || product.is_some() {
        return Err(CatalogError::CategoryNotEmpty);
    }
    let deleted = category::Entity::delete_by_id(category.id).exec(&txn).await;
    // A product may have come into it since we looked: the foreign key notices.
    if let Err(error) = deleted {
        return Err(match error.sql_err() {
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => CatalogError::CategoryNotEmpty,
            _ => error.into(),
        });
    }
    txn.commit().await?;
    Ok(())
}
