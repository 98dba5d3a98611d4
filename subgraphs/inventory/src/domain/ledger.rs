//! The one way stock changes: level, history and events, together or not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use events::Cause;
use events::id::{StockMovementId, VariantId, WarehouseId};
use events::inventory::{LowStock, StockChanged};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::availability::load_availability;
use crate::InventoryError;
use crate::entity::{stock_level, stock_movement, variant_stock, warehouse};

/// A change of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The variant.
    pub(crate) variant_id: VariantId,
    /// The warehouse.
    pub(crate) warehouse_id: WarehouseId,
    /// Change of the units that lie there.
    pub(crate) on_hand: i64,
    /// Change of the units set aside.
    pub(crate) reserved: i64,
}

/// Why stock changes, for the history.
#[derive(Debug, Clone, Default)]
pub(crate) struct Note {
    /// In words.
    pub(crate) reason: String,
    /// What it belongs to, for example an order id.
    pub(crate) reference: Option<String>,
    /// The caller's idempotency key and the hash of their input.
    pub(crate) request: Option<(String, String)>,
}

struct Changed {
    level: stock_level::Model,
    was_low: bool,
}

/// Changes levels within one transaction and publishes what became of them at its end.
#[must_use = "a ledger that is not published changes stock in silence"]
pub(crate) struct Ledger<'a> {
    txn: &'a DatabaseTransaction,
    cause: &'a Cause,
    changed: BTreeMap<(VariantId, WarehouseId), Changed>,
}

fn is_low(available: i64, threshold: i64) -> bool {
    available < threshold
}

impl<'a> Ledger<'a> {
    /// Opens the ledger in a transaction.
    pub(crate) fn open(txn: &'a DatabaseTransaction, cause: &'a Cause) -> Self {
        Self {
            txn,
            cause,
            changed: BTreeMap::new(),
        }
    }

    /// Applies entries, in (variant, warehouse) order so that transactions lock rows in one order.
    ///
    /// The guard is part of each statement. An entry that the level cannot bear means that somebody
    /// was faster: [`InventoryError::Contended`], and the transaction must roll back.
    pub(crate) async fn post(
        &mut self,
        note: &Note,
        mut entries: Vec<Entry>,
    ) -> Result<(), InventoryError> {
        use stock_level::Column;

        entries.sort_by_key(|entry| (entry.variant_id, entry.warehouse_id));
        let mut movements = Vec::with_capacity(entries.len());
        for entry in entries {
            let on_hand_after = Expr::col(Column::OnHand).add(entry.on_hand);
            let reserved_after = Expr::col(Column::Reserved).add(entry.reserved);
            let updated = stock_level::Entity::update_many()
                .col_expr(Column::OnHand, on_hand_after.clone())
                .col_expr(Column::Reserved, reserved_after.clone())
                .col_expr(Column::Version, Expr::col(Column::Version).add(1))
                .col_expr(Column::UpdatedAt, Expr::value(self.cause.now))
                .filter(Column::VariantId.eq(entry.variant_id.uuid()))
                .filter(Column::WarehouseId.eq(entry.warehouse_id.uuid()))
                .filter(reserved_after.clone().gte(0))
                .filter(on_hand_after.gte(reserved_after))
                .exec_with_returning(self.txn)
                .await?;
            let Some(level) = updated.into_iter().next() else {
                return Err(InventoryError::Contended);
            };
            let available_before = level.available() - entry.on_hand + entry.reserved;
            let (idempotency_key, request_hash) = note.request.clone().unzip();
            movements.push(stock_movement::ActiveModel {
                seq: NotSet,
                id: Set(StockMovementId::generate().uuid()),
                variant_id: Set(level.variant_id),
                warehouse_id: Set(level.warehouse_id),
                delta_on_hand: Set(entry.on_hand),
                delta_reserved: Set(entry.reserved),
                reason: Set(note.reason.clone()),
                reference: Set(note.reference.clone()),
                actor: Set(self.cause.actor.clone()),
                balance_after: Set(level.on_hand),
                reserved_after: Set(level.reserved),
                level_version: Set(level.version),
                idempotency_key: Set(idempotency_key),
                request_hash: Set(request_hash),
                created_at: Set(self.cause.now),
            });
            let was_low = is_low(available_before, level.low_threshold);
            self.changed
                .entry((entry.variant_id, entry.warehouse_id))
                .and_modify(|changed| changed.level = level.clone())
                .or_insert(Changed { level, was_low });
        }
        stock_movement::Entity::insert_many(movements)
            .exec_without_returning(self.txn)
            .await?;
        Ok(())
    }

    /// The level as it is after what was posted.
    pub(crate) fn level(
        &self,
        variant_id: VariantId,
        warehouse_id: WarehouseId,
    ) -> Option<&stock_level::Model> {
        self.changed
            .get(&(variant_id, warehouse_id))
            .map(|changed| &changed.level)
    }

    /// Publishes the changes: one `inventory.stock_changed` per level, and one `inventory.low_stock`
    /// per level that fell below its threshold. Returns the variants that changed.
    pub(crate) async fn publish(self) -> Result<Vec<VariantId>, InventoryError> {
        if self.changed.is_empty() {
            return Ok(Vec::new());
        }
        // Versions first: they lock the variants, so that the sums read afterwards are final.
        let mut versions = HashMap::new();
        for (variant_id, warehouse_id) in self.changed.keys() {
            let version =
                variant_stock::next_version(self.txn, *variant_id, self.cause.now).await?;
            versions.insert((*variant_id, *warehouse_id), version);
        }
        let variants: BTreeSet<VariantId> = self
            .changed
            .keys()
            .map(|(variant_id, _)| *variant_id)
            .collect();
        let variants: Vec<VariantId> = variants.into_iter().collect();
        let totals = load_availability(self.txn, &variants).await?;
        let codes = warehouse_codes(
            self.txn,
            self.changed
                .keys()
                .map(|(_, warehouse_id)| warehouse_id.uuid()),
        )
        .await?;

        for (key, Changed { level, was_low }) in &self.changed {
            let (variant_id, version) = (key.0, versions[key]);
            let warehouse_code = codes.get(&level.warehouse_id).cloned().unwrap_or_default();
            let changed = StockChanged {
                variant_id,
                warehouse_code: warehouse_code.clone(),
                on_hand: level.on_hand,
                reserved: level.reserved,
                total_available: totals.get(&variant_id).map_or(0, |sum| sum.available),
                version,
            };
            outbox::enqueue(self.txn, self.cause, version, events::Event::from(changed)).await?;
            if !was_low && is_low(level.available(), level.low_threshold) {
                let low = LowStock {
                    variant_id,
                    warehouse_code,
                    available: level.available(),
                    threshold: level.low_threshold,
                };
                outbox::enqueue(self.txn, self.cause, version, events::Event::from(low)).await?;
            }
        }
        Ok(variants)
    }
}

/// The codes of these warehouses, in one statement.
pub(crate) async fn warehouse_codes(
    txn: &DatabaseTransaction,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, InventoryError> {
    let ids: BTreeSet<Uuid> = ids.collect();
    let rows = warehouse::Entity::find()
        .filter(warehouse::Column::Id.is_in(ids))
        .all(txn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.code)).collect())
}
