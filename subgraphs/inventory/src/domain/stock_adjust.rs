//! Corrects stock by hand: deliveries, losses, counts.

use events::Cause;
use events::id::{VariantId, WarehouseId};
use sea_orm::{ConnectionTrait, DatabaseConnection, SqlErr};

use super::input::{self, MAX_KEY, MAX_UNITS};
use super::ledger::{Entry, Ledger, Note};
use crate::entity::{known_variant, stock_level, stock_movement, warehouse};
use crate::{Config, InventoryError};

/// What somebody wants to change.
#[derive(Debug, Clone)]
pub(crate) struct Adjustment {
    /// The variant.
    pub(crate) variant_id: VariantId,
    /// Code of the warehouse.
    pub(crate) warehouse_code: String,
    /// Units more, or fewer.
    pub(crate) delta: i64,
    /// Why.
    pub(crate) reason: String,
    /// Same key, same change.
    pub(crate) idempotency_key: String,
}

/// What an adjustment led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Adjusted {
    /// The level right after the adjustment.
    pub(crate) level: stock_level::Model,
    /// Whether it was done just now; false for a repetition.
    pub(crate) is_new: bool,
}

/// Changes the units on hand. Units set aside for orders cannot be taken away.
///
/// The same `actor` with the same key gets the same answer, the level as it was right after the
/// adjustment; a key that was used for something else is refused.
pub(crate) async fn stock_adjust(
    db: &DatabaseConnection,
    cause: &Cause,
    config: &Config,
    actor: &str,
    adjustment: &Adjustment,
) -> Result<Adjusted, InventoryError> {
    // What is wrong with the input itself.
    let key = input::text("idempotencyKey", &adjustment.idempotency_key, MAX_KEY)?;
    let reason = input::reason(&adjustment.reason)?;
    let code = adjustment.warehouse_code.trim();
    let Adjustment {
        variant_id, delta, ..
    } = *adjustment;
    if delta == 0 {
        return Err(InventoryError::QuantityInvalid(
            "the change must not be zero",
        ));
    }
    if delta.abs() > MAX_UNITS {
        return Err(InventoryError::QuantityInvalid("the change is too large"));
    }
    let hash = auth::hash_token(&serde_json::json!([variant_id, code, delta, reason]).to_string());

    // A repetition.
    if let Some(done) = repetition(db, actor, &key, &hash).await? {
        return Ok(done);
    }

    let txn = outbox::begin(db).await?;
    if !known_variant::is_known(&txn, variant_id).await? {
        return Err(InventoryError::VariantUnknown);
    }
    let warehouse = warehouse::find_by_code(&txn, code)
        .await?
        .ok_or(InventoryError::WarehouseNotFound)?;
    if !warehouse.is_active {
        return Err(InventoryError::WarehouseInactive);
    }
    let warehouse_id = WarehouseId::from_uuid(warehouse.id);

    // What the level can bear.
    stock_level::ensure(
        &txn,
        variant_id,
        warehouse_id,
        config.default_low_threshold,
        cause.now,
    )
    .await?;
    let level = stock_level::lock_pair(&txn, variant_id, warehouse_id)
        .await?
        .ok_or(InventoryError::Contended)?;
    // The same request may have been done while this one waited for its turn.
    if let Some(done) = repetition(&txn, actor, &key, &hash).await? {
        return Ok(done);
    }
    if level.available() + delta < 0 {
        return Err(InventoryError::AdjustmentBelowReserved {
            available: level.available(),
        });
    }
    if level.on_hand + delta > MAX_UNITS {
        return Err(InventoryError::QuantityInvalid(
            "no warehouse holds that many units",
        ));
    }

    // The change. Should another replica have been faster with the same key, the unique index says so.
    let mut ledger = Ledger::open(&txn, cause);
    let note = Note {
        reason,
        reference: None,
        request: Some((key.clone(), hash.clone())),
    };
    match ledger
        .post(
            &note,
            vec![Entry {
                variant_id,
                warehouse_id,
                on_hand: delta,
                reserved: 0,
            }],
        )
        .await
    {
        Ok(()) => {}
        Err(InventoryError::Database(error))
            if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) =>
        {
            drop(ledger);
            txn.rollback().await?;
            return repetition(db, actor, &key, &hash)
                .await?
                .ok_or(InventoryError::Database(error));
        }
        Err(error) => return Err(error),
    }
    let level = ledger
        .level(variant_id, warehouse_id)
        .cloned()
        .ok_or(InventoryError::Contended)?;
    ledger.publish().await?;
    txn.commit().await?;
    Ok(Adjusted {
        level,
        is_new: true,
    })
}

/// The answer this actor got for this key, if any.
async fn repetition(
    db: &impl ConnectionTrait,
    actor: &str,
    key: &str,
    hash: &str,
) -> Result<Option<Adjusted>, InventoryError> {
    let Some(done) = stock_movement::find_by_key(db, actor, key).await? else {
        return Ok(None);
    };
    if done.request_hash.as_deref() != Some(hash) {
        return Err(InventoryError::IdempotencyKeyReused);
    }
    let variant_id = VariantId::from_uuid(done.variant_id);
    let warehouse_id = WarehouseId::from_uuid(done.warehouse_id);
    let level = stock_level::find_pair(db, variant_id, warehouse_id).await?;
    Ok(level.map(|level| Adjusted {
        level: stock_level::Model {
            on_hand: done.balance_after,
            reserved: done.reserved_after,
            version: done.level_version,
            updated_at: done.created_at,
            ..level
        },
        is_new: false,
    }))
}
