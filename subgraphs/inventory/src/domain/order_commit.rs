//! Takes the goods of a paid order off the shelf.

use events::Cause;
use events::id::{OrderId, VariantId};
use events::inventory::{Allocation, InventoryCommitRejected, InventoryReserved};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, IntoActiveModel};

use super::demand::Demand;
use super::ledger::{Entry, Ledger, Note, warehouse_codes};
use super::order_hold::{hold, lines};
use super::status::may_become;
use crate::InventoryError;
use crate::entity::reservation::{self, State};
use crate::entity::reservation_line;
use crate::incoming::PaymentSucceeded;

/// Commits the hold of a paid order and says so with `inventory.reserved`.
///
/// If the hold is over by now, it is tried once more: held again and committed in one step, or, if
/// there is no stock, refused with `inventory.commit_rejected`, upon which the money goes back. That
/// verdict is given once per order, whatever comes later.
pub(crate) async fn order_commit(
    txn: &DatabaseTransaction,
    cause: &Cause,
    payment: &PaymentSucceeded,
) -> Result<Vec<VariantId>, InventoryError> {
    let order_id = payment.order_id;
    let Some(known) = reservation::lock_by_order(txn, order_id).await? else {
        return Err(InventoryError::OrderUnknown);
    };
    if known.payment_id.is_some() {
        return Ok(Vec::new());
    }
    if !may_become(known.state, State::Committed) {
        return Err(InventoryError::EventMalformed(
            "a payment for an order that cannot be committed",
        ));
    }

    // Hold again if need be.
    let mut ledger = Ledger::open(txn, cause);
    let held = if known.state == State::Held {
        reservation_line::of(txn, known.id).await?
    } else {
        // Called off before we heard of it, and paid all the same: wait until we know what it is.
        let demand = Demand::from_json(
            known
                .demand
                .as_deref()
                .ok_or(InventoryError::OrderUnknown)?,
        )?;
        match hold(txn, &mut ledger, order_id, &demand).await? {
            Ok(takes) => {
                let again = lines(known.id, &takes);
                reservation_line::replace(txn, known.id, &again).await?;
                again
            }
            Err(shortages) => {
                let version = known.version + 1;
                let mut row = known.into_active_model();
                row.payment_id = Set(Some(payment.payment_id.uuid()));
                row.version = Set(version);
                row.updated_at = Set(cause.now);
                row.update(txn).await?;
                outbox::enqueue(
                    txn,
                    cause,
                    version,
                    InventoryCommitRejected {
                        order_id,
                        shortages,
                    },
                )
                .await?;
                return ledger.publish().await;
            }
        }
    };

    // Commit.
    if !reservation::advance(
        txn,
        &known,
        State::Committed,
        Some(payment.payment_id),
        cause.now,
    )
    .await?
    {
        return Err(InventoryError::Contended);
    }
    ledger
        .post(
            &sold(order_id),
            entries(&held, |quantity| (-quantity, -quantity)),
        )
        .await?;

    // Tell.
    let codes = warehouse_codes(txn, held.iter().map(|line| line.warehouse_id)).await?;
    let allocations = held
        .iter()
        .map(|line| Allocation {
            variant_id: VariantId::from_uuid(line.variant_id),
            warehouse_code: codes.get(&line.warehouse_id).cloned().unwrap_or_default(),
            quantity: line.quantity,
        })
        .collect();
    outbox::enqueue(
        txn,
        cause,
        known.version + 1,
        InventoryReserved {
            order_id,
            allocations,
        },
    )
    .await?;
    ledger.publish().await
}

fn sold(order_id: OrderId) -> Note {
    Note {
        reason: "sold".to_owned(),
        reference: Some(order_id.to_string()),
        request: None,
    }
}

/// Ledger entries for a reservation's lines; `change` gives the changes of (on hand, reserved).
pub(super) fn entries(
    lines: &[reservation_line::Model],
    change: impl Fn(i64) -> (i64, i64),
) -> Vec<Entry> {
    lines
        .iter()
        .map(|line| {
            let (on_hand, reserved) = change(line.quantity);
            Entry {
                variant_id: VariantId::from_uuid(line.variant_id),
                warehouse_id: events::id::WarehouseId::from_uuid(line.warehouse_id),
                on_hand,
                reserved,
            }
        })
        .collect()
}
