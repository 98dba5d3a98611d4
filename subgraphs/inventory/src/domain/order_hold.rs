//! Sets stock aside for a new order.

use events::id::{OrderId, VariantId};
use events::inventory::{InventoryHeld, InventoryHoldRejected, Shortage};
use events::{Cause, Event};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Uuid;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::allocate::{Offer, Take, allocate};
use super::demand::Demand;
use super::ledger::{Entry, Ledger, Note};
use crate::InventoryError;
use crate::entity::reservation::{self, State};
use crate::entity::{reservation_line, stock_level, warehouse};
use crate::incoming::OrderCreated;

/// Sets aside everything an order asks for, or nothing, and says so with `inventory.held` or
/// `inventory.hold_rejected`. Once per order: a second call changes nothing. An order that was
/// called off before we heard of it gets nothing either.
pub(crate) async fn order_hold(
    txn: &DatabaseTransaction,
    cause: &Cause,
    order: &OrderCreated,
) -> Result<Vec<VariantId>, InventoryError> {
    let demand = Demand::of_lines(&order.lines)?;

    // Seen before, or called off before it came.
    if let Some(known) = reservation::lock_by_order(txn, order.order_id).await? {
        if known.demand.is_none() {
            let version = known.version + 1;
            let mut row = known.into_active_model();
            row.demand = Set(Some(demand.to_json()));
            row.version = Set(version);
            row.updated_at = Set(cause.now);
            row.update(txn).await?;
        }
        return Ok(Vec::new());
    }

    // Hold.
    let mut ledger = Ledger::open(txn, cause);
    let verdict = hold(txn, &mut ledger, order.order_id, &demand).await?;

    // Remember.
    let reservation_id = Uuid::now_v7();
    let row = reservation::ActiveModel {
        id: Set(reservation_id),
        version: Set(1),
        order_id: Set(order.order_id.uuid()),
        state: Set(if verdict.is_ok() {
            State::Held
        } else {
            State::Rejected
        }),
        demand: Set(Some(demand.to_json())),
        expires_at: Set(order.expires_at),
        extensions: Set(0),
        payment_id: Set(None),
        created_at: Set(cause.now),
        updated_at: Set(cause.now),
    };
    reservation::Entity::insert(row)
        .exec_without_returning(txn)
        .await?;

    // Tell.
    let event: Event = match verdict {
        Ok(takes) => {
            reservation_line::replace(txn, reservation_id, &lines(reservation_id, &takes)).await?;
            InventoryHeld {
                order_id: order.order_id,
                expires_at: order.expires_at,
            }
            .into()
        }
        Err(shortages) => InventoryHoldRejected {
            order_id: order.order_id,
            shortages,
        }
        .into(),
    };
    outbox::enqueue(txn, cause, 1, event).await?;
    ledger.publish().await
}

/// Sets a demand aside from the active warehouses, all or nothing.
pub(super) async fn hold(
    txn: &DatabaseTransaction,
    ledger: &mut Ledger<'_>,
    order_id: OrderId,
    demand: &Demand,
) -> Result<Result<Vec<Take>, Vec<Shortage>>, InventoryError> {
    let warehouses: Vec<Uuid> = warehouse::by_priority()
        .filter(warehouse::Column::IsActive.eq(true))
        .all(txn)
        .await?
        .into_iter()
        .map(|warehouse| warehouse.id)
        .collect();
    let offers: Vec<Offer> = stock_level::Entity::find()
        .filter(
            stock_level::Column::VariantId
                .is_in(demand.iter().map(|(variant_id, _)| variant_id.uuid())),
        )
        .order_by_asc(stock_level::Column::VariantId)
        .order_by_asc(stock_level::Column::WarehouseId)
        .lock_exclusive()
        .all(txn)
        .await?
        .iter()
        .filter_map(|level| {
            let rank = warehouses.iter().position(|id| *id == level.warehouse_id)?;
            let (variant_id, warehouse_id) = (level.variant(), level.warehouse());
            Some(Offer {
                variant_id,
                warehouse_id,
                rank,
                available: level.available(),
            })
        })
        .collect();
    let takes = match allocate(demand, &offers) {
        Ok(takes) => takes,
        Err(shortages) => return Ok(Err(shortages)),
    };
    let note = Note {
        reason: "held for order".to_owned(),
        reference: Some(order_id.to_string()),
        request: None,
    };
    let entries = takes
        .iter()
        .map(|take| Entry {
            variant_id: take.variant_id,
            warehouse_id: take.warehouse_id,
            on_hand: 0,
            reserved: take.quantity,
        })
        .collect();
    ledger.post(&note, entries).await?;
    Ok(Ok(takes))
}

/// The rows that remember where a reservation's units come from.
pub(super) fn lines(reservation_id: Uuid, takes: &[Take]) -> Vec<reservation_line::Model> {
    takes
        .iter()
        .map(|take| reservation_line::Model {
            reservation_id,
            variant_id: take.variant_id.uuid(),
            warehouse_id: take.warehouse_id.uuid(),
            quantity: take.quantity,
        })
        .collect()
}
