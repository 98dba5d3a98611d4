//! What this service does with other services' events.

use std::sync::Arc;

use events::{Cause, Envelope};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use outbox::{Consumer, HandleError};
use sea_orm::DatabaseTransaction;

use crate::app::App;
use crate::domain::checkout_answer::{checkout_rejected, checkout_started};
use crate::domain::draft::later;
use crate::domain::email_sent::email_sent;
use crate::domain::payment_news::{PaymentNews, payment_news};
use crate::domain::saga::Fact;
use crate::domain::stock_news::stock_news;
use crate::entity::order_payment::AttemptState;
use crate::error::OrderError;
use crate::incoming::Incoming;

/// The events of [`Incoming`].
pub(crate) const INTERESTS: &[&str] = &[
    "cart.checkout_started.v1",
    "cart.checkout_rejected.v1",
    "inventory.held.v1",
    "inventory.hold_rejected.v1",
    "inventory.reserved.v1",
    "inventory.commit_rejected.v1",
    "inventory.released.v1",
    "payment.initiated.v1",
    "payment.succeeded.v1",
    "payment.failed.v1",
    "payment.expired.v1",
    "payment.refunded.v1",
    "notification.email_sent.v1",
];

/// The order service's consumer.
pub(crate) struct OrderConsumer {
    pub(crate) app: Arc<App>,
}

impl Consumer for OrderConsumer {
    fn name(&self) -> &'static str {
        "order"
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
            let event = envelope.read()?;
            let cause = Cause::event(envelope, self.app.clock.now());
            handle(&self.app, txn, &cause, envelope, event).await?;
            Ok(())
        }
        .boxed()
    }

    fn committed(&self, envelope: &Envelope) {
        // Events of an order's story are correlated by the order's id.
        self.app.changes.notify(&envelope.correlationid);
    }
}

async fn handle(
    app: &App,
    txn: &DatabaseTransaction,
    cause: &Cause,
    envelope: &Envelope,
    event: Incoming,
) -> Result<(), OrderError> {
    match event {
        Incoming::CheckoutStarted(started) => checkout_started(app, txn, cause, &started).await,
        Incoming::CheckoutRejected(rejected) => checkout_rejected(txn, cause, &rejected).await,

        Incoming::InventoryHeld { order_id } => {
            stock_news(app, txn, cause, envelope, order_id, &Fact::StockHeld, None).await
        }
        Incoming::InventoryHoldRejected {
            order_id,
            shortages,
        } => {
            stock_news(
                app,
                txn,
                cause,
                envelope,
                order_id,
                &Fact::HoldRejected(shortages),
                None,
            )
            .await
        }
        Incoming::InventoryReserved { order_id } => {
            let kind = Some("InventoryReserved");
            stock_news(
                app,
                txn,
                cause,
                envelope,
                order_id,
                &Fact::StockReserved,
                kind,
            )
            .await
        }
        Incoming::InventoryCommitRejected {
            order_id,
            shortages,
        } => {
            let kind = Some("InventoryCommitRejected");
            stock_news(
                app,
                txn,
                cause,
                envelope,
                order_id,
                &Fact::CommitRejected(shortages),
                kind,
            )
            .await
        }
        Incoming::InventoryReleased { order_id } => {
            stock_news(
                app,
                txn,
                cause,
                envelope,
                order_id,
                &Fact::StockReleased,
                None,
            )
            .await
        }

        Incoming::PaymentInitiated {
            payment_id,
            order_id,
            expires_at,
        } => {
            let news = PaymentNews {
                order_id,
                payment_id,
                state: AttemptState::Open,
                expires_at: Some(expires_at),
                refund_remaining: None,
                fact: Fact::PaymentOpened {
                    extend_to: expires_at + later(app.config.expiry_grace),
                },
                kind: "PaymentInitiated",
            };
            payment_news(app, txn, cause, envelope, news).await
        }
        Incoming::PaymentSucceeded {
            payment_id,
            order_id,
        } => {
            let news = PaymentNews {
                order_id,
                payment_id,
                state: AttemptState::Succeeded,
                expires_at: None,
                refund_remaining: None,
                fact: Fact::PaymentsChanged,
                kind: "PaymentSucceeded",
            };
            payment_news(app, txn, cause, envelope, news).await
        }
        Incoming::PaymentFailed {
            payment_id,
            order_id,
        } => {
            let news = PaymentNews {
                order_id,
                payment_id,
                state: AttemptState::Failed,
                expires_at: None,
                refund_remaining: None,
                fact: Fact::PaymentsChanged,
                kind: "PaymentFailed",
            };
            payment_news(app, txn, cause, envelope, news).await
        }
        Incoming::PaymentExpired {
            payment_id,
            order_id,
        } => {
            let news = PaymentNews {
                order_id,
                payment_id,
                state: AttemptState::Expired,
                expires_at: None,
                refund_remaining: None,
                fact: Fact::PaymentExpired,
                kind: "PaymentExpired",
            };
            payment_news(app, txn, cause, envelope, news).await
        }
        Incoming::PaymentRefunded {
            payment_id,
            order_id,
            remaining,
        } => {
            let news = PaymentNews {
                order_id,
                payment_id,
                state: AttemptState::Refunded,
                expires_at: None,
                refund_remaining: Some(remaining.minor.max(0)),
                fact: Fact::PaymentsChanged,
                kind: "PaymentRefunded",
            };
            payment_news(app, txn, cause, envelope, news).await
        }

        Incoming::EmailSent { order_id } => match order_id {
            Some(order_id) => email_sent(txn, cause, envelope, order_id).await,
            None => Ok(()),
        },
    }
}
