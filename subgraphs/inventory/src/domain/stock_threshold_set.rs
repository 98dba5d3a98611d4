//! Sets when a level counts as low.

use events::Cause;
use events::id::{VariantId, WarehouseId};
use events::inventory::LowStock;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};

use super::input::MAX_UNITS;
use crate::InventoryError;
use crate::entity::stock_level::{self, Column};
use crate::entity::{known_variant, variant_stock, warehouse};

/// Sets the low-stock threshold of a variant in a warehouse. A level that is low from now on is told
/// with `inventory.low_stock`, as if its stock had fallen.
pub(crate) async fn stock_threshold_set(
    db: &DatabaseConnection,
    cause: &Cause,
    variant_id: VariantId,
    warehouse_code: &str,
    low_threshold: i64,
) -> Result<stock_level::Model, InventoryError> {
    if !(0..=MAX_UNITS).contains(&low_threshold) {
        return Err(InventoryError::QuantityInvalid(
            "the threshold must not be negative, nor absurdly large",
        ));
    }
    let txn = outbox::begin(db).await?;
    if !known_variant::is_known(&txn, variant_id).await? {
        return Err(InventoryError::VariantUnknown);
    }
    let warehouse = warehouse::find_by_code(&txn, warehouse_code.trim())
        .await?
        .ok_or(InventoryError::WarehouseNotFound)?;
    let warehouse_id = WarehouseId::from_uuid(warehouse.id);
    stock_level::ensure(&txn, variant_id, warehouse_id, 0, cause.now).await?;
    let before = stock_level::lock_pair(&txn, variant_id, warehouse_id)
        .await?
        .ok_or(InventoryError::Contended)?;
    if before.low_threshold == low_threshold {
        txn.commit().await?;
        return Ok(before);
    }

    let level = stock_level::Entity::update_many()
        .col_expr(Column::LowThreshold, Expr::value(low_threshold))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(cause.now))
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(&txn)
        .await?
        .into_iter()
        .next()
        .ok_or(InventoryError::Contended)?;
    // The stock is the same, but how it is shown may not be.
    let version = variant_stock::next_version(&txn, variant_id, cause.now).await?;
    if before.available() >= before.low_threshold && level.available() < low_threshold {
        let low = LowStock {
            variant_id,
            warehouse_code: warehouse.code,
            available: level.available(),
            threshold: low_threshold,
        };
        outbox::enqueue(&txn, cause, version, low).await?;
    }
    txn.commit().await?;
    Ok(level)
}
