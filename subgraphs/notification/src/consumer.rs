//! What the service does with other services' events.

use std::sync::Arc;

use clock::Clock;
use events::Envelope;
use futures_util::future::BoxFuture;
use outbox::HandleError;
use sea_orm::DatabaseTransaction;
use tokio::sync::Notify;

use crate::domain::order_confirmed::order_confirmed;
use crate::domain::order_status_changed::order_status_changed;
use crate::incoming::Incoming;

/// The events of [`Incoming`].
pub(crate) const INTERESTS: &[&str] = &["order.confirmed.v1", "order.status_changed.v1"];

/// Queues mail for the events that buyers hear of.
pub struct NotificationConsumer {
    clock: Clock,
    queued: Arc<Notify>,
}

impl NotificationConsumer {
    /// A consumer that says through `queued` when there may be mail to send.
    pub fn new(clock: Clock, queued: Arc<Notify>) -> Self {
        Self { clock, queued }
    }
}

impl outbox::Consumer for NotificationConsumer {
    fn name(&self) -> &'static str {
        crate::NAME
    }

    fn interests(&self) -> &'static [&'static str] {
        INTERESTS
    }

    fn handle<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        Box::pin(async move {
            let now = self.clock.now();
            match envelope.read()? {
                Incoming::OrderConfirmed(event) => {
                    order_confirmed(txn, envelope, &event, now).await?
                }
                Incoming::OrderStatusChanged(event) => {
                    order_status_changed(txn, envelope, &event, now).await?;
                }
            }
            Ok(())
        })
    }

    fn committed(&self, _: &Envelope) {
        self.queued.notify_one();
    }
}
