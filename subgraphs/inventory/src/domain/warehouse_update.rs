//! Changes, closes or reopens a warehouse.

use events::Cause;
use events::id::{VariantId, WarehouseId};
use events::inventory::StockChanged;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::availability::load_availability;
use super::input::{self, MAX_NAME};
use crate::InventoryError;
use crate::entity::{stock_level, variant_stock, warehouse};

/// What to change; what is not given stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct WarehouseChange {
    /// New name.
    pub(crate) name: Option<String>,
    /// New priority.
    pub(crate) priority: Option<i32>,
    /// Whether new orders are served from here.
    pub(crate) is_active: Option<bool>,
    /// The version the caller looked at, if they want to be told of changes in between.
    pub(crate) version: Option<i64>,
}

/// Changes a warehouse and returns it with the variants whose availability changed by it. Closing
/// one takes its stock off sale, what orders have already set aside there stays theirs; the change of
/// availability is published like any other.
pub(crate) async fn warehouse_update(
    db: &DatabaseConnection,
    cause: &Cause,
    id: WarehouseId,
    change: &WarehouseChange,
) -> Result<(warehouse::Model, Vec<VariantId>), InventoryError> {
    let name = change
        .name
        .as_deref()
        .map(|name| input::text("name", name, MAX_NAME))
        .transpose()?;
    let txn = outbox::begin(db).await?;
    let before = warehouse::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(&txn)
        .await?
        .ok_or(InventoryError::WarehouseNotFound)?;
    if change
        .version
        .is_some_and(|version| version != before.version)
    {
        return Err(InventoryError::StaleVersion);
    }
    let after = warehouse::Model {
        version: before.version + 1,
        name: name.unwrap_or_else(|| before.name.clone()),
        priority: change.priority.unwrap_or(before.priority),
        is_active: change.is_active.unwrap_or(before.is_active),
        updated_at: cause.now,
        ..before.clone()
    };
    let changed = warehouse::Entity::update_many()
        .set(warehouse::ActiveModel {
            version: Set(after.version),
            name: Set(after.name.clone()),
            priority: Set(after.priority),
            is_active: Set(after.is_active),
            updated_at: Set(after.updated_at),
            ..Default::default()
        })
        .filter(warehouse::Column::Id.eq(before.id))
        .filter(warehouse::Column::Version.eq(before.version))
        .exec(&txn)
        .await?;
    if changed.rows_affected == 0 {
        return Err(InventoryError::StaleVersion);
    }
    let variants = if after.is_active == before.is_active {
        Vec::new()
    } else {
        publish_availability(&txn, cause, &after).await?
    };
    txn.commit().await?;
    Ok((after, variants))
}

/// Publishes the stock of everything that has free units in a warehouse that was closed or opened.
async fn publish_availability(
    txn: &DatabaseTransaction,
    cause: &Cause,
    warehouse: &warehouse::Model,
) -> Result<Vec<VariantId>, InventoryError> {
    let levels = stock_level::Entity::find()
        .filter(stock_level::Column::WarehouseId.eq(warehouse.id))
        .filter(stock_level::Column::OnHand.gt(0))
        .order_by_asc(stock_level::Column::VariantId)
        .all(txn)
        .await?;
    let mut versions = Vec::with_capacity(levels.len());
    for level in &levels {
        versions.push(variant_stock::next_version(txn, level.variant(), cause.now).await?);
    }
    let variants: Vec<VariantId> = levels.iter().map(stock_level::Model::variant).collect();
    let totals = load_availability(txn, &variants).await?;
    for (level, version) in levels.iter().zip(versions) {
        let changed = StockChanged {
            variant_id: level.variant(),
            warehouse_code: warehouse.code.clone(),
            on_hand: level.on_hand,
            reserved: level.reserved,
            total_available: totals.get(&level.variant()).map_or(0, |sum| sum.available),
            version,
        };
        outbox::enqueue(txn, cause, version, changed).await?;
    }
    Ok(variants)
}
