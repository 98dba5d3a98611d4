//! What payment tells about an order's money.

use chrono::DateTime;
use events::id::{OrderId, PaymentId};
use events::{Cause, Envelope};
use sea_orm::DatabaseTransaction;

use super::saga::Fact;
use super::settle::settle;
use super::timeline::Entry;
use crate::app::App;
use crate::entity::order;
use crate::entity::order_payment::{self, AttemptState};
use crate::error::OrderError;

/// What one event says about one attempt.
#[derive(Debug)]
pub(crate) struct PaymentNews {
    pub(crate) order_id: OrderId,
    pub(crate) payment_id: PaymentId,
    /// The state it tells.
    pub(crate) state: AttemptState,
    /// When the provider gives up, if it says so.
    pub(crate) expires_at: Option<DateTime<chrono::Utc>>,
    /// What is left after a refund, if it was one.
    pub(crate) refund_remaining: Option<i64>,
    pub(crate) fact: Fact,
    /// The timeline's word for it.
    pub(crate) kind: &'static str,
}

/// Merges the news into the attempt and applies it to the order.
pub(crate) async fn payment_news(
    app: &App,
    txn: &DatabaseTransaction,
    cause: &Cause,
    envelope: &Envelope,
    news: PaymentNews,
) -> Result<(), OrderError> {
    let order = order::find(txn, news.order_id)
        .await?
        .ok_or(OrderError::OrderNotFound)?;
    let known = order_payment::of_order(txn, order.id)
        .await?
        .into_iter()
        .find(|one| one.id == news.payment_id.uuid());
    let attempt = match known {
        Some(known) => order_payment::Model {
            version: known.version + 1,
            updated_at: cause.now,
            state: known.state.merged_with(news.state),
            expires_at: news.expires_at.or(known.expires_at),
            // Refunds only take away, so of two reports the smaller rest is the later one.
            refund_remaining_minor: match (known.refund_remaining_minor, news.refund_remaining) {
                (Some(known), Some(told)) => Some(known.min(told)),
                (known, told) => told.or(known),
            },
            ..known
        },
        None => order_payment::Model {
            id: news.payment_id.uuid(),
            version: 1,
            created_at: cause.now,
            updated_at: cause.now,
            order_id: order.id,
            state: news.state,
            expires_at: news.expires_at,
            refund_remaining_minor: news.refund_remaining,
        },
    };
    settle(
        app,
        txn,
        cause,
        order,
        Some(attempt),
        &news.fact,
        Some(Entry::told(envelope, news.kind)),
    )
    .await?;
    Ok(())
}
