//! What other services' events mean for carts.

use events::{Cause, Envelope, Event};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use outbox::{Consumer, HandleError};
use sea_orm::DatabaseTransaction;

use crate::domain::{self, Carts};
use crate::entity::payment_copy::{self, PaymentState};
use crate::entity::stock_copy;
use crate::error::CartError;

/// Handles the events that carts depend on.
pub(crate) struct CartConsumer {
    pub(crate) carts: Carts,
}

impl Consumer for CartConsumer {
    fn name(&self) -> &'static str {
        "cart"
    }

    fn interests(&self) -> &'static [&'static str] {
        &[
            "accounts.user_logged_in.v1",
            "catalog.product_created.v1",
            "catalog.product_updated.v1",
            "catalog.variant_price_changed.v1",
            "inventory.stock_changed.v1",
            "order.cancelled.v1",
            "order.checkout_requested.v1",
            "order.confirmed.v1",
            "order.created.v1",
            "order.expired.v1",
            "payment.expired.v1",
            "payment.failed.v1",
            "payment.initiated.v1",
            "payment.succeeded.v1",
        ]
    }

    fn handle<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        self.apply(txn, envelope).boxed()
    }
}

impl CartConsumer {
    async fn apply(
        &self,
        txn: &DatabaseTransaction,
        envelope: &Envelope,
    ) -> Result<(), HandleError> {
        let (carts, now) = (&self.carts, self.carts.clock.now());
        let cause = Cause::event(envelope, now);
        match envelope.event()? {
            // Copies.
            Event::ProductCreated(event) => domain::product_changed(txn, &event.0).await?,
            Event::ProductUpdated(event) => domain::product_changed(txn, &event.0).await?,
            Event::VariantPriceChanged(event) => domain::price_changed(txn, &event).await?,
            Event::StockChanged(event) => {
                let (variant_id, available, version) = (
                    event.variant_id.uuid(),
                    event.total_available,
                    event.version,
                );
                stock_copy::store(
                    txn,
                    stock_copy::Model {
                        variant_id,
                        available,
                        version,
                    },
                )
                .await?;
            }

            // Buyers.
            Event::UserLoggedIn(event) => {
                domain::cart_take_over(carts, txn, &cause, &event).await?
            }

            // Checkout.
            Event::CheckoutRequested(event) => {
                domain::checkout_start(carts, txn, &cause, &event).await?
            }
            Event::OrderCreated(event) => domain::order_created(txn, event.order_id, now).await?,
            Event::OrderConfirmed(event) => {
                domain::order_confirmed(txn, event.order_id, now).await?
            }
            Event::OrderCancelled(event) => domain::order_ended(txn, event.order_id, now).await?,
            Event::OrderExpired(event) => domain::order_ended(txn, event.order_id, now).await?,

            // Payment.
            Event::PaymentInitiated(event) => {
                payment_copy::opened(txn, event.payment_id.uuid(), event.order_id.uuid(), now)
                    .await?;
            }
            Event::PaymentSucceeded(event) => {
                let (payment_id, order_id) = (event.payment_id.uuid(), event.order_id.uuid());
                payment_copy::ended(txn, payment_id, order_id, PaymentState::Succeeded, now)
                    .await?;
            }
            Event::PaymentFailed(event) => {
                let (payment_id, order_id) = (event.payment_id.uuid(), event.order_id.uuid());
                payment_copy::ended(txn, payment_id, order_id, PaymentState::Closed, now).await?;
            }
            Event::PaymentExpired(event) => {
                let (payment_id, order_id) = (event.payment_id.uuid(), event.order_id.uuid());
                payment_copy::ended(txn, payment_id, order_id, PaymentState::Closed, now).await?;
            }

            // Not in `interests`.
            Event::UserRegistered(_)
            | Event::CartLineAdded(_)
            | Event::CartLineRemoved(_)
            | Event::CheckoutStarted(_)
            | Event::CheckoutRejected(_)
            | Event::OrderStatusChanged(_)
            | Event::RefundRequested(_)
            | Event::InventoryHeld(_)
            | Event::InventoryHoldRejected(_)
            | Event::InventoryReserved(_)
            | Event::InventoryCommitRejected(_)
            | Event::InventoryReleased(_)
            | Event::LowStock(_)
            | Event::PaymentRefunded(_)
            | Event::RefundManualRequired(_)
            | Event::EmailNotificationSent(_)
            | Event::EmailFailed(_) => {}
        }
        Ok(())
    }
}

impl From<CartError> for HandleError {
    fn from(error: CartError) -> Self {
        match error {
            CartError::Database(error) => error.into(),
            rule => Self::Permanent(Box::new(rule)),
        }
    }
}
