//! Writes what the saga decided: the order, its timeline and its events, in the caller's
//! transaction.

use events::Cause;
use events::order::{
    OrderCancelled, OrderConfirmed, OrderExpired, OrderStatusChanged, RefundRequested,
};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction};

use super::saga::{self, Effect, Fact};
use super::status::OrderStatus;
use super::timeline::Entry;
use crate::app::App;
use crate::entity::order_payment::{self};
use crate::entity::{checkout, order, order_event, order_line, order_number};
use crate::error::OrderError;

/// Applies `fact` to `order` and writes the outcome. `entry` goes on the timeline before what
/// follows from the fact. `attempt` is a payment attempt the fact brings or changes.
///
/// # Errors
/// [`OrderError::StaleVersion`] if somebody else changed the order since it was read; the saga's
/// refusals; [`OrderError::Database`]. The caller's transaction must then roll back.
pub(crate) async fn settle(
    app: &App,
    txn: &DatabaseTransaction,
    cause: &Cause,
    order: order::Model,
    attempt: Option<order_payment::Model>,
    fact: &Fact,
    entry: Option<Entry>,
) -> Result<order::Model, OrderError> {
    let was_official = order.number.is_some();
    let after = settle_one(app, txn, cause, order, attempt, fact, entry).await?;

    // A late payment revived it after its buyer had checked the same cart out again: they are not to
    // pay for that a second time.
    if after.number.is_some()
        && !was_official
        && let Some(successor) = order::find_pending(txn, after.cart_id()).await?
        && successor.fingerprint == after.fingerprint
    {
        settle_one(app, txn, cause, successor, None, &Fact::CartChanged, None).await?;
    }
    Ok(after)
}

async fn settle_one(
    app: &App,
    txn: &DatabaseTransaction,
    cause: &Cause,
    order: order::Model,
    attempt: Option<order_payment::Model>,
    fact: &Fact,
    entry: Option<Entry>,
) -> Result<order::Model, OrderError> {
    let before = order;
    let mut after = before.clone();
    let attempt_changed = attempt.is_some();
    if let Some(attempt) = attempt {
        order_payment::store(txn, attempt).await?;
    }
    let payments = order_payment::of_order(txn, before.id).await?;
    let effects = saga::apply(&mut after, &payments, fact, cause.now)?;

    // The number comes from the same transaction that makes the order official.
    if effects.contains(&Effect::Confirmed) {
        after.number = Some(order_number::next(txn, &app.config.number_prefix, cause.now).await?);
        after.placed_at = Some(cause.now);
    }

    // The version guards the attempts too.
    if after != before || attempt_changed {
        after.version = before.version + 1;
        after.updated_at = cause.now;
        if !order::save(txn, after.clone(), before.version).await? {
            return Err(OrderError::StaleVersion);
        }
    }

    if let Some(entry) = entry {
        order_event::append(txn, entry.row(after.id, cause.now)).await?;
    }
    for effect in effects {
        carry_out(txn, cause, &before, &after, effect).await?;
    }
    Ok(after)
}

async fn carry_out(
    txn: &DatabaseTransaction,
    cause: &Cause,
    before: &order::Model,
    after: &order::Model,
    effect: Effect,
) -> Result<(), OrderError> {
    let (order_id, cart_id, version) = (after.order_id(), after.cart_id(), after.version);
    match effect {
        Effect::Confirmed => {
            moved(txn, cause, before, after, "OrderConfirmed").await?;
            let lines = order_line::of_orders(txn, [after.id]).await?;
            let event = OrderConfirmed {
                order_id,
                cart_id,
                number: after.number.clone().expect("set just before"),
                placed_at: after.placed_at.expect("set just before"),
                user_id: after.user_id(),
                email: after.email.clone(),
                lines: lines.iter().map(order_line::Model::as_event).collect(),
                totals: after.totals(),
            };
            outbox::enqueue(txn, cause, version, event).await?;
        }
        Effect::Cancelled {
            reason,
            release_committed,
        } => {
            moved(txn, cause, before, after, "OrderCancelled").await?;
            let event = OrderCancelled {
                order_id,
                cart_id,
                reason: reason.as_str().to_owned(),
                release_committed,
            };
            outbox::enqueue(txn, cause, version, event).await?;
        }
        Effect::CancelledAgain {
            reason,
            release_committed,
        } => {
            let event = OrderCancelled {
                order_id,
                cart_id,
                reason: reason.as_str().to_owned(),
                release_committed,
            };
            outbox::enqueue(txn, cause, version, event).await?;
        }
        Effect::Expired => {
            moved(txn, cause, before, after, "OrderExpired").await?;
            outbox::enqueue(txn, cause, version, OrderExpired { order_id, cart_id }).await?;
        }
        Effect::StatusChanged => {
            let kind = match after.status {
                OrderStatus::Processing => "OrderProcessing",
                OrderStatus::Shipped => "OrderShipped",
                OrderStatus::Delivered => "OrderDelivered",
                OrderStatus::Pending | OrderStatus::Confirmed => "OrderStatusChanged",
                OrderStatus::Cancelled | OrderStatus::Expired => "OrderStatusChanged",
            };
            moved(txn, cause, before, after, kind).await?;
            let event = OrderStatusChanged {
                order_id,
                number: after.number.clone(),
                email: after.email.clone(),
                from: before.status.as_str().to_owned(),
                to: after.status.as_str().to_owned(),
                carrier: after.carrier.clone(),
                tracking_number: after.tracking_number.clone(),
            };
            outbox::enqueue(txn, cause, version, event).await?;
        }
        Effect::RefundRequested(reason) => {
            order_event::append(
                txn,
                Entry::own("RefundRequested", cause).row(after.id, cause.now),
            )
            .await?;
            let event = RefundRequested {
                order_id,
                payment_id: after.captured_payment_id(),
                amount: None,
                reason: reason.as_str().to_owned(),
                // This service asks for an order's money at most once.
                refund_key: format!("order:{order_id}"),
            };
            outbox::enqueue(txn, cause, version, event).await?;
        }
        Effect::CheckoutFailed { code, message } => {
            let which = Condition::all()
                .add(checkout::Column::ResolvedOrderId.eq(after.id))
                .add(checkout::Column::State.eq(checkout::CheckoutState::Resolved));
            checkout::reject(txn, which, code, message, cause.now).await?;
        }
    }
    Ok(())
}

/// Puts a change of status on the timeline.
async fn moved(
    txn: &DatabaseTransaction,
    cause: &Cause,
    before: &order::Model,
    after: &order::Model,
    kind: &'static str,
) -> Result<(), OrderError> {
    let mut row = Entry::own(kind, cause).row(after.id, cause.now);
    row.from_status = Some(before.status);
    row.to_status = Some(after.status);
    order_event::append(txn, row).await?;
    Ok(())
}
