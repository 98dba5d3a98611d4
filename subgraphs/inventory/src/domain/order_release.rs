//! Gives back what an order had set aside.

use events::Cause;
use events::id::{OrderId, VariantId};
use events::inventory::InventoryReleased;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Uuid;
use sea_orm::{DatabaseTransaction, EntityTrait};

use super::ledger::{Ledger, Note};
use super::order_commit::entries;
use super::status::may_become;
use crate::InventoryError;
use crate::entity::reservation::{self, State};
use crate::entity::reservation_line;

/// Why stock is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Release {
    /// The order was cancelled; `committed` = also what is already paid for.
    Cancelled {
        /// Whether paid stock goes back too.
        committed: bool,
    },
    /// The order ran out of time, unpaid.
    OrderExpired,
    /// The hold itself ran out of time.
    HoldExpired,
}

impl Release {
    fn state(self) -> State {
        match self {
            Self::Cancelled { .. } | Self::OrderExpired => State::Released,
            Self::HoldExpired => State::Expired,
        }
    }

    fn event_reason(self) -> &'static str {
        match self {
            Self::Cancelled { .. } => "cancelled",
            Self::OrderExpired => "order_expired",
            Self::HoldExpired => "expired",
        }
    }

    fn history_reason(self) -> &'static str {
        match self {
            Self::Cancelled { .. } => "order cancelled",
            Self::OrderExpired => "order expired",
            Self::HoldExpired => "hold expired",
        }
    }
}

/// Gives back what an order had set aside, if it still has. An order we have not heard of is
/// remembered as called off, so that it gets nothing when it comes.
pub(crate) async fn order_release(
    txn: &DatabaseTransaction,
    cause: &Cause,
    order_id: OrderId,
    release: Release,
) -> Result<Vec<VariantId>, InventoryError> {
    let Some(known) = reservation::lock_by_order(txn, order_id).await? else {
        remember_called_off(txn, cause, order_id).await?;
        return Ok(Vec::new());
    };
    match known.state {
        State::Held => give_back(txn, cause, &known, release).await,
        // Without `committed` the payment won the race: the order will be revived.
        State::Committed if release == (Release::Cancelled { committed: true }) => {
            give_back(txn, cause, &known, release).await
        }
        State::Committed | State::Rejected | State::Consumed | State::Released | State::Expired => {
            Ok(Vec::new())
        }
    }
}

/// Puts the units of a held or committed reservation back.
pub(super) async fn give_back(
    txn: &DatabaseTransaction,
    cause: &Cause,
    known: &reservation::Model,
    release: Release,
) -> Result<Vec<VariantId>, InventoryError> {
    let state = release.state();
    if !may_become(known.state, state)
        || !reservation::advance(txn, known, state, None, cause.now).await?
    {
        return Err(InventoryError::Contended);
    }
    let lines = reservation_line::of(txn, known.id).await?;
    let was_sold = known.state == State::Committed;
    let mut ledger = Ledger::open(txn, cause);
    let note = Note {
        reason: release.history_reason().to_owned(),
        reference: Some(known.order().to_string()),
        request: None,
    };
    ledger
        .post(
            &note,
            entries(&lines, |quantity| {
                if was_sold {
                    (quantity, 0)
                } else {
                    (0, -quantity)
                }
            }),
        )
        .await?;
    let event = InventoryReleased {
        order_id: known.order(),
        reason: release.event_reason().to_owned(),
    };
    outbox::enqueue(txn, cause, known.version + 1, event).await?;
    ledger.publish().await
}

async fn remember_called_off(
    txn: &DatabaseTransaction,
    cause: &Cause,
    order_id: OrderId,
) -> Result<(), InventoryError> {
    let row = reservation::ActiveModel {
        id: Set(Uuid::now_v7()),
        version: Set(1),
        order_id: Set(order_id.uuid()),
        state: Set(State::Released),
        demand: Set(None),
        expires_at: Set(cause.now),
        extensions: Set(0),
        payment_id: Set(None),
        created_at: Set(cause.now),
        updated_at: Set(cause.now),
    };
    reservation::Entity::insert(row)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
