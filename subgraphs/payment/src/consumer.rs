//! What payment does with other services' events. Only its own tables change here; whatever needs a
//! provider is written down as an intention and done in the background.

use events::id::OrderId;
use events::{Cause, Envelope};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use outbox::{Consumer, HandleError};
use sea_orm::DatabaseTransaction;

use crate::domain::{order_copy, refund_request};
use crate::entity::payable_order::OrderStatus;
use crate::error::PaymentError;
use crate::incoming::Incoming;
use crate::state::AppState;
use crate::wake::Wake;

/// The events of [`Incoming`].
pub(crate) const INTERESTS: &[&str] = &[
    "order.created.v1",
    "order.confirmed.v1",
    "order.cancelled.v1",
    "order.expired.v1",
    "order.refund_requested.v1",
    "inventory.held.v1",
];

pub(crate) struct PaymentConsumer {
    pub(crate) state: AppState,
    pub(crate) work: Wake,
}

impl Consumer for PaymentConsumer {
    fn name(&self) -> &'static str {
        "payment"
    }

    fn interests(&self) -> &'static [&'static str] {
        INTERESTS
    }

    fn handle<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        async move {
            let now = Cause::event(envelope, self.state.clock.now()).now;
            let version = envelope.subjectversion;
            let record = async |order_id: OrderId, status| {
                order_copy::record_status(txn, order_id, status, version, now).await
            };
            match envelope.read()? {
                Incoming::OrderCreated(event) => {
                    order_copy::record_created(txn, &event, version, now).await?
                }
                Incoming::OrderConfirmed { order_id } => {
                    record(order_id, OrderStatus::Confirmed).await?
                }
                Incoming::OrderCancelled { order_id } => {
                    record(order_id, OrderStatus::Cancelled).await?
                }
                Incoming::OrderExpired { order_id } => {
                    record(order_id, OrderStatus::Expired).await?
                }
                Incoming::InventoryHeld {
                    order_id,
                    expires_at,
                } => {
                    order_copy::record_held(txn, order_id, expires_at, now).await?;
                }
                Incoming::RefundRequested(event) => {
                    refund_request::request_for_order(txn, event, now)
                        .await
                        .map_err(refused)?;
                }
            }
            Ok(())
        }
        .boxed()
    }

    fn committed(&self, envelope: &Envelope) {
        // All these events belong to an order, which is what they are correlated by.
        self.state.changes.notify(&envelope.correlationid);
        self.work.now();
    }
}

/// A refund that breaks a rule will break it next time too: an operator has to look.
fn refused(error: PaymentError) -> HandleError {
    match error {
        PaymentError::Database(error) => error.into(),
        error => HandleError::Permanent(Box::new(error)),
    }
}
