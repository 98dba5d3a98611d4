//! What other services' events mean for carts.

use events::{Cause, Envelope};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use outbox::{Consumer, HandleError};
use sea_orm::DatabaseTransaction;

use crate::domain::{self, Carts};
use crate::entity::payment_copy::{self, PaymentState};
use crate::entity::stock_copy;
use crate::error::CartError;
use crate::incoming::Incoming;

/// The events of [`Incoming`].
pub(crate) const INTERESTS: &[&str] = &[
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
];

/// Handles the events that carts depend on.
pub(crate) struct CartConsumer {
    pub(crate) carts: Carts,
}

impl Consumer for CartConsumer {
    fn name(&self) -> &'static str {
        "cart"
    }

    fn interests(&self) -> &'static [&'static str] {
        INTERESTS
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
        match envelope.read()? {
            // Copies.
            Incoming::ProductCreated(event) => domain::product_changed(txn, &event).await?,
            Incoming::ProductUpdated(event) => domain::product_changed(txn, &event).await?,
            Incoming::VariantPriceChanged(event) => domain::price_changed(txn, &event).await?,
            Incoming::StockChanged {
                variant_id,
                total_available,
                version,
            } => {
                let copy = stock_copy::Model {
                    variant_id: variant_id.uuid(),
                    available: total_available,
                    version,
                };
                stock_copy::store(txn, copy).await?;
            }

            // Buyers.
            Incoming::UserLoggedIn(event) => {
                domain::cart_take_over(carts, txn, &cause, &event).await?
            }

            // Checkout.
            Incoming::CheckoutRequested(event) => {
                domain::checkout_start(carts, txn, &cause, &event).await?
            }
            Incoming::OrderCreated { order_id } => {
                domain::order_created(txn, order_id, now).await?
            }
            Incoming::OrderConfirmed { order_id } => {
                domain::order_confirmed(txn, order_id, now).await?
            }
            Incoming::OrderCancelled { order_id } | Incoming::OrderExpired { order_id } => {
                domain::order_ended(txn, order_id, now).await?
            }

            // Payment.
            Incoming::PaymentInitiated {
                payment_id,
                order_id,
            } => payment_copy::opened(txn, payment_id.uuid(), order_id.uuid(), now).await?,
            Incoming::PaymentSucceeded {
                payment_id,
                order_id,
            } => {
                let (payment_id, order_id) = (payment_id.uuid(), order_id.uuid());
                payment_copy::ended(txn, payment_id, order_id, PaymentState::Succeeded, now)
                    .await?;
            }
            Incoming::PaymentFailed {
                payment_id,
                order_id,
            }
            | Incoming::PaymentExpired {
                payment_id,
                order_id,
            } => {
                let (payment_id, order_id) = (payment_id.uuid(), order_id.uuid());
                payment_copy::ended(txn, payment_id, order_id, PaymentState::Closed, now).await?;
            }
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
