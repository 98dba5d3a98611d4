//! What other services' events do to the inventory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use clock::Clock;
use events::id::VariantId;
use events::{Cause, Envelope};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use outbox::{Consumer, HandleError};
use sea_orm::DatabaseTransaction;
use sea_orm::prelude::Uuid;
use service::Changes;

use crate::domain::{self, Release};
use crate::incoming::Incoming;
use crate::{Config, NAME};

/// The events of [`Incoming`].
pub(crate) const INTERESTS: &[&str] = &[
    "catalog.product_created.v1",
    "catalog.product_updated.v1",
    "order.created.v1",
    "order.cancelled.v1",
    "order.expired.v1",
    "order.status_changed.v1",
    "payment.initiated.v1",
    "payment.succeeded.v1",
];

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
        let changed = match envelope.read()? {
            Incoming::ProductCreated(event) => {
                domain::variants_learn(txn, &cause, &event).await?;
                Vec::new()
            }
            Incoming::ProductUpdated(event) => {
                domain::variants_learn(txn, &cause, &event).await?;
                Vec::new()
            }
            Incoming::OrderCreated(event) => domain::order_hold(txn, &cause, &event).await?,
            Incoming::PaymentInitiated(event) => {
                domain::hold_extend(txn, &cause, &self.config, &event).await?;
                Vec::new()
            }
            Incoming::PaymentSucceeded(event) => domain::order_commit(txn, &cause, &event).await?,
            Incoming::OrderCancelled {
                order_id,
                release_committed,
            } => {
                let release = Release::Cancelled {
                    committed: release_committed,
                };
                domain::order_release(txn, &cause, order_id, release).await?
            }
            Incoming::OrderExpired { order_id } => {
                domain::order_release(txn, &cause, order_id, Release::OrderExpired).await?
            }
            Incoming::OrderStatusChanged { order_id, to } => {
                // Either may be the first we hear of the shipment.
                if matches!(to.as_str(), "SHIPPED" | "DELIVERED") {
                    domain::order_consume(txn, &cause, order_id).await?;
                }
                Vec::new()
            }
        };
        Ok(changed)
    }
}

impl Consumer for InventoryConsumer {
    fn name(&self) -> &'static str {
        NAME
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
