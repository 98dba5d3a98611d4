//! The stock of the demo shop.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use events::Cause;
use events::id::{StockLevelId, StockMovementId, VariantId, WarehouseId};
use events::inventory::StockChanged;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseConnection, DatabaseTransaction, EntityTrait, QuerySelect};

use crate::InventoryError;
use crate::entity::{known_variant, stock_level, stock_movement, variant_stock, warehouse};

/// Rows per statement; SQLite allows some 32 000 values in one.
const BATCH: usize = 500;
/// The demo levels' low-stock threshold.
const LOW_THRESHOLD: i64 = 5;
/// The demo warehouses: code, name, priority.
const WAREHOUSES: [(&str, &str, i32); 2] =
    [("MAIN", "Main warehouse", 1), ("EAST", "East warehouse", 2)];

/// Fills the warehouses `MAIN` and `EAST`: variant, SKU, units in each. A variant that ever had stock
/// is left alone, so that this can be called at every start.
///
/// # Errors
/// [`InventoryError`] if the database refuses; nothing was changed then.
pub async fn load(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    levels: impl IntoIterator<Item = (VariantId, String, i64, i64)>,
) -> Result<(), InventoryError> {
    let cause = Cause::job("inventory.demo", now);
    let txn = outbox::begin(db).await?;
    let warehouses = open_warehouses(&txn, now).await?;
    let stocked: HashSet<Uuid> = variant_stock::Entity::find()
        .select_only()
        .column(variant_stock::Column::VariantId)
        .into_tuple()
        .all(&txn)
        .await?
        .into_iter()
        .collect();
    let new: Vec<(VariantId, String, i64, i64)> = levels
        .into_iter()
        .filter(|(variant_id, ..)| !stocked.contains(&variant_id.uuid()))
        .collect();

    for batch in new.chunks(BATCH) {
        // Known from now on; the catalog's own word, when it comes, is newer.
        let known = batch
            .iter()
            .map(|(variant_id, sku, ..)| known_variant::ActiveModel {
                variant_id: Set(variant_id.uuid()),
                sku: Set(sku.clone()),
                name: Set(sku.clone()),
                is_published: Set(true),
                product_version: Set(0),
                updated_at: Set(now),
            });
        known_variant::Entity::insert_many(known)
            .on_conflict(
                OnConflict::column(known_variant::Column::VariantId)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&txn)
            .await?;
        let versions = batch
            .iter()
            .map(|(variant_id, ..)| variant_stock::ActiveModel {
                variant_id: Set(variant_id.uuid()),
                version: Set(1),
                updated_at: Set(now),
            });
        variant_stock::Entity::insert_many(versions)
            .exec_without_returning(&txn)
            .await?;
        put_on_shelves(&txn, &cause, warehouses, batch).await?;
        for (variant_id, _, main, east) in batch {
            let changed = StockChanged {
                variant_id: *variant_id,
                warehouse_code: "MAIN".to_owned(),
                on_hand: *main,
                reserved: 0,
                total_available: main + east,
                version: 1,
            };
            outbox::enqueue(&txn, &cause, 1, changed).await?;
        }
    }
    txn.commit().await?;
    Ok(())
}

/// Opens the demo warehouses unless they are there; returns `MAIN` and `EAST`.
async fn open_warehouses(
    txn: &DatabaseTransaction,
    now: DateTime<Utc>,
) -> Result<[Uuid; 2], InventoryError> {
    let rows = WAREHOUSES.map(|(code, name, priority)| warehouse::ActiveModel {
        id: Set(WarehouseId::from_name(code).uuid()),
        version: Set(1),
        code: Set(code.to_owned()),
        name: Set(name.to_owned()),
        priority: Set(priority),
        is_active: Set(true),
        created_at: Set(now),
        updated_at: Set(now),
    });
    warehouse::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::column(warehouse::Column::Code)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    let mut ids = [Uuid::nil(); 2];
    for (id, (code, ..)) in ids.iter_mut().zip(WAREHOUSES) {
        *id = warehouse::find_by_code(txn, code)
            .await?
            .ok_or(InventoryError::WarehouseNotFound)?
            .id;
    }
    Ok(ids)
}

/// Writes the levels of a batch and the first line of each one's history.
async fn put_on_shelves(
    txn: &DatabaseTransaction,
    cause: &Cause,
    [main_id, east_id]: [Uuid; 2],
    batch: &[(VariantId, String, i64, i64)],
) -> Result<(), InventoryError> {
    let mut levels = Vec::new();
    let mut movements = Vec::new();
    for (variant_id, _, main, east) in batch {
        for (warehouse_id, units) in [(main_id, *main), (east_id, *east)] {
            levels.push(stock_level::ActiveModel {
                id: Set(StockLevelId::generate().uuid()),
                version: Set(1),
                variant_id: Set(variant_id.uuid()),
                warehouse_id: Set(warehouse_id),
                on_hand: Set(units),
                reserved: Set(0),
                low_threshold: Set(LOW_THRESHOLD),
                created_at: Set(cause.now),
                updated_at: Set(cause.now),
            });
            // Nothing arrived, nothing to write down.
            if units == 0 {
                continue;
            }
            movements.push(stock_movement::ActiveModel {
                seq: NotSet,
                id: Set(StockMovementId::generate().uuid()),
                variant_id: Set(variant_id.uuid()),
                warehouse_id: Set(warehouse_id),
                delta_on_hand: Set(units),
                delta_reserved: Set(0),
                reason: Set("opening stock".to_owned()),
                reference: Set(None),
                actor: Set(cause.actor.clone()),
                balance_after: Set(units),
                reserved_after: Set(0),
                level_version: Set(1),
                idempotency_key: Set(None),
                request_hash: Set(None),
                created_at: Set(cause.now),
            });
        }
    }
    stock_level::Entity::insert_many(levels)
        .exec_without_returning(txn)
        .await?;
    if !movements.is_empty() {
        stock_movement::Entity::insert_many(movements)
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}
