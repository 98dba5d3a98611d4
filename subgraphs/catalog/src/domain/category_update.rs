//! Renaming a category.

use chrono::{DateTime, Utc};
use events::Cause;
use events::id::CategoryId;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::*;
use sea_orm::sea_query::ExprTrait;

use super::category_create::MAX_NAME;
use super::text;
use crate::CatalogError;
use crate::entity::category;

/// What to change; `None` leaves as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct CategoryChange {
    pub(crate) name: Option<String>,
    pub(crate) slug: Option<String>,
}

/// Changes the name or slug of a category.
pub(crate) async fn category_update(
    db: &DatabaseConnection,
    id: CategoryId,
    expected_version: Option<i64>,
    change: CategoryChange,
    cause: &Cause,
) -> Result<category::Model, CatalogError> {
    let mut row = category::ActiveModel {
        id: Unchanged(id.uuid()),
        ..Default::default()
    };
    if let Some(name) = change.name {
        let name = text::line("name", &name, MAX_NAME)?;
        row.name_key = Set(text::key(&name));
        row.name = Set(name);
    }
    if let Some(slug) = change.slug {
        row.slug = Set(text::slug("slug", &slug)?);
    }

    let txn = outbox::begin(db).await?;
    let mut category = begin_change(&txn, id, expected_version, cause.now).await?;
    if row.is_changed() {
        category = row
            .update(&txn)
            .await
            .map_err(|error| CatalogError::from_write(error, "sku"))?;
    }
    txn.commit().await?;
    Ok(category)
}

/// Raises the category's version and returns the row.
pub(super) async fn begin_change(
    txn: &impl ConnectionTrait,
    id: CategoryId,
    expected_version: Option<i64>,
    now: DateTime<Utc>,
) -> Result<category::Model, CatalogError> {
    let mut raise = category::Entity::update_many()
        .col_expr(
            category::Column::Version,
            Expr::col(category::Column::Version).add(1),
        )
        .col_expr(category::Column::UpdatedAt, Expr::value(now))
        .filter(category::Column::Id.eq(id.uuid()));
    if let Some(version) = expected_version {
        raise = raise.filter(category::Column::Version.eq(version));
    }
    let raised = raise.exec(txn).await?.rows_affected == 1;
    let category = category::Entity::find_by_id(id.uuid()).one(txn).await?;
    let category = category.ok_or_else(|| CatalogError::not_found("categoryId"))?;
    if raised {
        Ok(category)
    } else {
        Err(CatalogError::StaleVersion)
    }
}
