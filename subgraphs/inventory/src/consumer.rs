//! What other services' events do to the inventory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use clock::Clock;
use events::id::VariantId;
use events::{Cause, Envelope, Event};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use outbox::{Consumer, HandleError};
use sea_orm::DatabaseTransaction;
use sea_orm::prelude::Uuid;
use service::Changes;

use crate::domain::{self, Release};
use crate::{Config, NAME};

/// Handles events for the inventory.
pub(crate) struct InventoryConsumer {
    clock: Clock,
    config: Arc<Config>,
    changes: Changes,
    /// Variants changed by events whose transaction has not committed yet, by event id.
    changed: Mutex<HashMap<Uuid, Vec<VariantId>>>,
}

impl InventoryConsumer {
    /// A consumer that tells `changes` which variants changed.
    pub(crate) fn new(clock: Clock, config: Arc<Config>, changes: Changes) -> Self {
        Self {
            clock,
            config,
            changes,
            changed: Mutex::default(),
        }
    }

    async fn apply(
        &self,
        txn: &DatabaseTransaction,
        envelope: &Envelope,
    ) -> Result<Vec<VariantId>, HandleError> {
        let cause = Cause::event(envelope, self.clock.now());
        let changed = match envelope.event()? {
            Event::ProductCreated(event) => {
                domain::variants_learn(txn, &cause, &event.0).await?;
                Vec::new()
            }
            Event::ProductUpdated(event) => {
                domain::variants_learn(txn, &cause, &event.0).await?;
                Vec::new()
            }
            Event::OrderCreated(event) => domain::order_hold(txn, &cause, &event).await?,
            Event::PaymentInitiated(event) => {
                domain::hold_extend(txn, &cause, &self.config, &event).await?;
                Vec::new()
            }
            Event::PaymentSucceeded(event) => domain::order_commit(txn, &cause, &event).await?,
            Event::OrderCancelled(event) => {
                let release = Release::Cancelled {
                    committed: event.release_committed,
                };
                domain::order_release(txn, &cause, event.order_id, release).await?
            }
            Event::OrderExpired(event) => {
                domain::order_release(txn, &cause, event.order_id, Release::OrderExpired).await?
            }
            Event::OrderStatusChanged(event) => {
                // Either may be the first we hear of the shipment.
                if matches!(event.to.as_str(), "SHIPPED" | "DELIVERED") {
                    domain::order_consume(txn, &cause, event.order_id).await?;
                }
                Vec::new()
            }
            _ => Vec::new(),
        };
        Ok(changed)
    }
}

impl Consumer for InventoryConsumer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn interests(&self) -> &'static [&'static str] {
        &[
            "catalog.product_created.v1",
            "catalog.product_updated.v1",
            "order.created.v1",
            "order.cancelled.v1",
            "order.expired.v1",
            "order.status_changed.v1",
            "payment.initiated.v1",
            "payment.succeeded.v1",
        ]
    }

    fn handle<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        async move {
            let variants = self.apply(txn, envelope).await?;
            if !variants.is_empty() {
                self.changed
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(envelope.id, variants);
            }
            Ok(())
        }
        .boxed()
    }

    fn committed(&self, envelope: &Envelope) {
        let variants = self
            .changed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&envelope.id);
        for variant_id in variants.into_iter().flatten() {
            self.changes.notify(variant_id);
        }
    }
}
