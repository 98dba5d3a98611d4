//! The cart's answer to a checkout request.

use events::Cause;
use events::order::{OrderCancelled, OrderCreated};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait};

use super::draft::OrderDraft;
use super::saga::Fact;
use super::settle::settle;
use super::status::{CancelReason, OrderStatus};
use super::timeline::Entry;
use crate::app::App;
use crate::entity::checkout::{self, CheckoutState};
use crate::entity::{order, order_event, order_line};
use crate::error::OrderError;
use crate::incoming::{CheckoutRejected, CheckoutStarted};

/// The cart is locked and this is its content: resume its pending order, or replace it, or create
/// the first one.
pub(crate) async fn checkout_started(
    app: &App,
    txn: &DatabaseTransaction,
    cause: &Cause,
    started: &CheckoutStarted,
) -> Result<(), OrderError> {
    let checkout = find(txn, started.order_id.uuid()).await?;
    let now = cause.now;

    // A cart that answers after its checkout was given up is let go again.
    match checkout.state {
        CheckoutState::Resolved => return Ok(()),
        CheckoutState::Rejected => return release_cart(txn, cause, &checkout).await,
        CheckoutState::Requested => {}
    }

    let draft = OrderDraft::from_snapshot(
        &checkout,
        &started.cart,
        &app.order_token(checkout.order_id()),
        &app.config,
        now,
    )?;

    if let Some(pending) = order::find_pending(txn, checkout.cart_id()).await? {
        // One whose time is up, though nobody noticed yet, is not worth resuming.
        let pending = settle(app, txn, cause, pending, None, &Fact::Tick, None).await?;
        let same = pending.fingerprint == draft.order.fingerprint
            && pending.user_id == draft.order.user_id;
        if pending.status == OrderStatus::Pending && same {
            // Touched, so that whoever ends it at this moment, and tells its checkouts, either sees
            // this one or makes us look again.
            let from = pending.version;
            let touched = order::Model {
                version: from + 1,
                updated_at: now,
                ..pending
            };
            let pending_id = touched.id;
            if !order::save(txn, touched, from).await? {
                return Err(OrderError::StaleVersion);
            }
            return resolve(txn, &checkout, pending_id, cause).await;
        }
        let replaced = settle(app, txn, cause, pending, None, &Fact::CartChanged, None).await?;
        // Still pending means paid a moment ago: it is about to be confirmed, and its cart with it.
        if replaced.status == OrderStatus::Pending {
            let which = Condition::all().add(checkout::Column::Id.eq(checkout.id));
            checkout::reject(
                txn,
                which,
                "CART_LOCKED",
                "the order of this cart is already paid",
                now,
            )
            .await?;
            return release_cart(txn, cause, &checkout).await;
        }
    }

    let OrderDraft { order, lines } = draft;
    order::insert(txn, order.clone()).await?;
    order_line::insert_all(txn, lines.clone()).await?;
    order_event::append(txn, Entry::own("OrderCreated", cause).row(order.id, now)).await?;
    resolve(txn, &checkout, order.id, cause).await?;
    let created = OrderCreated {
        order_id: order.order_id(),
        cart_id: order.cart_id(),
        user_id: order.user_id(),
        order_token_hash: order.order_token_hash.clone(),
        email: order.email.clone(),
        lines: lines.iter().map(order_line::Model::as_event).collect(),
        totals: order.totals(),
        expires_at: order.expires_at,
    };
    outbox::enqueue(txn, cause, order.version, created).await?;
    Ok(())
}

/// The cart refused; nothing is locked.
pub(crate) async fn checkout_rejected(
    txn: &DatabaseTransaction,
    cause: &Cause,
    rejected: &CheckoutRejected,
) -> Result<(), OrderError> {
    let checkout = find(txn, rejected.order_id.uuid()).await?;
    let which = Condition::all()
        .add(checkout::Column::Id.eq(checkout.id))
        .add(checkout::Column::State.eq(CheckoutState::Requested));
    checkout::reject(txn, which, &rejected.code, &rejected.message, cause.now).await?;
    Ok(())
}

/// Fails if the checkout was given up since it was read; the next delivery sees that.
async fn resolve(
    txn: &DatabaseTransaction,
    checkout: &checkout::Model,
    order_id: uuid::Uuid,
    cause: &Cause,
) -> Result<(), OrderError> {
    match checkout::resolve(txn, checkout.id, order_id, cause.now).await? {
        0 => Err(OrderError::StaleVersion),
        _ => Ok(()),
    }
}

async fn find(txn: &DatabaseTransaction, id: uuid::Uuid) -> Result<checkout::Model, OrderError> {
    checkout::Entity::find_by_id(id)
        .one(txn)
        .await?
        .ok_or(OrderError::OrderNotFound)
}

/// Unlocks the cart of an order that never came to be.
async fn release_cart(
    txn: &DatabaseTransaction,
    cause: &Cause,
    checkout: &checkout::Model,
) -> Result<(), OrderError> {
    let event = OrderCancelled {
        order_id: checkout.order_id(),
        cart_id: checkout.cart_id(),
        reason: CancelReason::CheckoutTimeout.as_str().to_owned(),
        release_committed: false,
    };
    outbox::enqueue(txn, cause, checkout.version + 1, event).await?;
    Ok(())
}
