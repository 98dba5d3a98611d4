//! Keeping the copy of the stock, which lists filter by.
//!
//! The copy is as old as the event on its way here, normally well below a second; it decides what a
//! list shows, never what is sold.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::*;
use sea_orm::sea_query::{ExprTrait, OnConflict};

use super::product_change::stock_of;
use super::summary;
use crate::entity::{product, variant, variant_stock};
use crate::incoming::StockChanged;

/// Takes over what inventory says, unless something newer is known already.
pub(crate) async fn stock_copy(
    txn: &impl ConnectionTrait,
    change: &StockChanged,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    // Keep the newest
    let news = variant_stock::ActiveModel {
        variant_id: Set(change.variant_id.uuid()),
        available: Set(change.total_available),
        version: Set(change.version),
        updated_at: Set(now),
    };
    let newer_only = OnConflict::column(variant_stock::Column::VariantId)
        .update_columns([
            variant_stock::Column::Available,
            variant_stock::Column::Version,
            variant_stock::Column::UpdatedAt,
        ])
        .action_and_where(
            Expr::col((variant_stock::Entity, variant_stock::Column::Version)).lt(change.version),
        )
        .to_owned();
    let kept = variant_stock::Entity::insert(news)
        .on_conflict(newer_only)
        .exec_without_returning(txn)
        .await?;
    if kept == 0 {
        return Ok(());
    }

    // Say it on the product's row; its version stays, because nothing staff edits has changed
    let Some(variant) = variant::Entity::find_by_id(change.variant_id.uuid())
        .one(txn)
        .await?
    else {
        return Ok(());
    };
    product::lock(txn, variant.product_id).await?;
    let variants = variant::of_products([variant.product_id]).all(txn).await?;
    let available = stock_of(txn, &variants).await?;
    product::ActiveModel {
        id: Unchanged(variant.product_id),
        in_stock: Set(summary::is_in_stock(&variants, &available)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}
