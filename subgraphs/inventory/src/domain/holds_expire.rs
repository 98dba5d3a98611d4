//! Ends holds whose time is over.

use chrono::{DateTime, Utc};
use events::Cause;
use events::id::{OrderId, VariantId};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::order_release::{Release, give_back};
use crate::InventoryError;
use crate::entity::reservation::{self, Column, State};

/// Holds looked at in one go.
const BATCH: u64 = 100;

/// Ends every hold that is past its time, each in a transaction of its own, and returns the variants
/// whose stock changed. Several replicas may do so at once: each hold is looked at again under lock,
/// and whoever comes second finds it gone. A hold that cannot be ended does not keep the others.
pub(crate) async fn holds_expire(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
) -> Result<Vec<VariantId>, InventoryError> {
    let mut changed = Vec::new();
    loop {
        let due = reservation::Entity::find()
            .filter(Column::State.eq(State::Held))
            .filter(Column::ExpiresAt.lte(now))
            .order_by_asc(Column::ExpiresAt)
            .limit(BATCH)
            .all(db)
            .await?;
        if due.is_empty() {
            return Ok(changed);
        }
        let mut failure = None;
        for reservation in due {
            match hold_expire(db, now, reservation.order()).await {
                Ok(variants) => changed.extend(variants),
                Err(error) => failure = Some(error),
            }
        }
        if let Some(error) = failure {
            return Err(error);
        }
    }
}

/// Ends the hold of one order, unless that has happened or its time was extended.
async fn hold_expire(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    order_id: OrderId,
) -> Result<Vec<VariantId>, InventoryError> {
    let txn = outbox::begin(db).await?;
    let known = reservation::lock_by_order(&txn, order_id).await?;
    let Some(known) = known.filter(|known| known.state == State::Held && known.expires_at <= now)
    else {
        return Ok(Vec::new());
    };
    let cause = Cause::job("inventory.expire_holds", now);
    let changed = give_back(&txn, &cause, &known, Release::HoldExpired).await?;
    txn.commit().await?;
    Ok(changed)
}
