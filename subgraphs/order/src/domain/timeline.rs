//! What an order's history shows, and in which order.

use events::Envelope;
use sea_orm::prelude::DateTimeUtc;
use uuid::Uuid;

use crate::entity::order_event;

/// Types of entries in the order in which the checkout chain runs; decides between entries of the
/// same moment.
const CHAIN: [&str; 15] = [
    "OrderCreated",
    "PaymentInitiated",
    "PaymentFailed",
    "PaymentExpired",
    "PaymentSucceeded",
    "InventoryReserved",
    "InventoryCommitRejected",
    "OrderConfirmed",
    "OrderExpired",
    "OrderCancelled",
    "RefundRequested",
    "PaymentRefunded",
    "OrderProcessing",
    "OrderShipped",
    "OrderDelivered",
];

/// Something to put on the timeline.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) event_id: Uuid,
    pub(crate) kind: &'static str,
    pub(crate) occurred_at: DateTimeUtc,
    pub(crate) actor: Option<String>,
}

impl Entry {
    /// What another service told, at the time when it happened there.
    pub(crate) fn told(envelope: &Envelope, kind: &'static str) -> Self {
        Self {
            event_id: envelope.id,
            kind,
            occurred_at: envelope.time,
            actor: envelope.actor.clone(),
        }
    }

    /// What happened here and now.
    pub(crate) fn own(kind: &'static str, cause: &events::Cause) -> Self {
        Self {
            event_id: Uuid::now_v7(),
            kind,
            occurred_at: cause.now,
            actor: cause.actor.clone(),
        }
    }

    /// The entry's row, without a change of status.
    pub(crate) fn row(self, order_id: Uuid, now: DateTimeUtc) -> order_event::Model {
        order_event::Model {
            id: Uuid::now_v7(),
            order_id,
            event_id: self.event_id,
            kind: self.kind.to_owned(),
            occurred_at: self.occurred_at,
            recorded_at: now,
            actor: self.actor,
            from_status: None,
            to_status: None,
        }
    }
}

/// Sorts entries by the time they happened, and those of the same moment as the chain runs.
pub(crate) fn sort(entries: &mut [order_event::Model]) {
    entries.sort_by_cached_key(|entry| {
        let rank = CHAIN
            .iter()
            .position(|kind| *kind == entry.kind)
            .unwrap_or(CHAIN.len());
        (entry.occurred_at, rank, entry.id)
    });
}
