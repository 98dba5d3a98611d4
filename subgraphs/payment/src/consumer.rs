//! What payment does with other services' events. Only its own tables change here; whatever needs a
//! provider is written down as an intention and done in the background.

use events::id::OrderId;
use events::{Cause, Envelope, Event};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use outbox::{Consumer, HandleError};
use sea_orm::DatabaseTransaction;

use crate::domain::{order_copy, refund_request};
use crate::entity::payable_order::OrderStatus;
use crate::error::PaymentError;
use crate::state::AppState;
use crate::wake::Wake;

pub(crate) struct PaymentConsumer {
    pub(crate) state: AppState,
    pub(crate) work: Wake,
}

impl Consumer for PaymentConsumer {
    fn name(&self) -> &'static str {
        "payment"
    }

    fn interests(&self) -> &'static [&'static str] {
        &[
            "order.created.v1",
            "order.confirmed.v1",
            "order.cancelled.v1",
            "order.expired.v1",
            "order.refund_requested.v1",
            "inventory.held.v1",
        ]
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
            match envelope.event()? {
                Event::OrderCreated(event) => {
                    order_copy::record_created(txn, &event, version, now).await?
                }
                Event::OrderConfirmed(event) => {
                    record(event.order_id, OrderStatus::Confirmed).await?
                }
                Event::OrderCancelled(event) => {
                    record(event.order_id, OrderStatus::Cancelled).await?
                }
                Event::OrderExpired(event) => record(event.order_id, OrderStatus::Expired).await?,
                Event::InventoryHeld(event) => {
                    order_copy::record_held(txn, event.order_id, event.expires_at, now).await?;
                }
                Event::RefundRequested(event) => {
                    refund_request::request_for_order(txn, event, now)
                        .await
                        .map_err(refused)?;
                }
                // The transport only delivers what `interests` names.
                _ => {}
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
