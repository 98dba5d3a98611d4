//! Keeping the copy of an order in step with the events about it.

use std::cmp::max;

use chrono::{DateTime, Utc};
use events::id::OrderId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter,
};

use crate::config::Config;
use crate::entity::payable_order::{self, OrderStatus};
use crate::entity::payment::{self, PaymentStatus};
use crate::incoming::OrderCreated;

/// Takes over what an order is about. A later status that was seen first stays.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub(crate) async fn record_created(
    txn: &DatabaseTransaction,
    event: &OrderCreated,
    version: i64,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let order = payable_order::Entity::lock(txn, event.order_id, now).await?;
    let expires_at = order
        .expires_at
        .map_or(event.expires_at, |known| max(known, event.expires_at));
    let newest = max(order.version, version);
    let mut row: payable_order::ActiveModel = order.into();
    row.version = Set(newest);
    row.user_id = Set(event.user_id.map(|user_id| user_id.uuid()));
    row.email = Set(Some(event.email.clone()));
    row.order_token_hash = Set(Some(event.order_token_hash.clone()));
    row.amount_minor = Set(Some(event.totals.total));
    row.currency = Set(Some(event.totals.currency.code().to_owned()));
    row.expires_at = Set(Some(expires_at));
    row.update(txn).await?;
    Ok(())
}

/// Stock is set aside: the order may be paid, until `expires_at` at least.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn record_held(
    txn: &DatabaseTransaction,
    order_id: OrderId,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let order = payable_order::Entity::lock(txn, order_id, now).await?;
    let expires_at = order
        .expires_at
        .map_or(expires_at, |known| max(known, expires_at));
    let mut row: payable_order::ActiveModel = order.into();
    row.is_held = Set(true);
    row.expires_at = Set(Some(expires_at));
    row.update(txn).await?;
    Ok(())
}

/// Takes over the order's status unless a newer one is known. When the order is over, its open
/// attempt is marked to be closed at the provider; a background job does that, since the buyer may
/// be paying at this very moment.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn record_status(
    txn: &DatabaseTransaction,
    order_id: OrderId,
    status: OrderStatus,
    version: i64,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let order = payable_order::Entity::lock(txn, order_id, now).await?;
    if version <= order.version {
        return Ok(());
    }
    let mut row: payable_order::ActiveModel = order.into();
    row.version = Set(version);
    row.status = Set(status);
    row.update(txn).await?;
    match status {
        OrderStatus::Cancelled | OrderStatus::Expired => request_cancel(txn, order_id, now).await,
        OrderStatus::Pending | OrderStatus::Confirmed => Ok(()),
    }
}

/// Marks the order's open attempt to be closed at the provider.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn request_cancel(
    txn: &DatabaseTransaction,
    order_id: OrderId,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    payment::Entity::update_many()
        .col_expr(payment::Column::CancelRequestedAt, Expr::value(now))
        .col_expr(payment::Column::UpdatedAt, Expr::value(now))
        .col_expr(
            payment::Column::Version,
            Expr::col(payment::Column::Version).add(1),
        )
        .filter(payment::Column::OrderId.eq(order_id.uuid()))
        .filter(payment::Column::Status.is_in(PaymentStatus::OPEN))
        .filter(payment::Column::CancelRequestedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

/// How often a payment may extend the time of its order.
const MAX_EXTENSIONS: i32 = 3;

/// An attempt was opened: the order may be paid until it ends plus the grace period, as its stock
/// hold is extended likewise. The caller holds the order's lock.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn extend(
    txn: &DatabaseTransaction,
    order: payable_order::Model,
    attempt_expires_at: DateTime<Utc>,
    config: &Config,
) -> Result<(), DbErr> {
    let extended = attempt_expires_at + config.hold_grace;
    if order.extensions >= MAX_EXTENSIONS || order.expires_at.is_some_and(|known| known >= extended)
    {
        return Ok(());
    }
    let extensions = order.extensions + 1;
    let mut row: payable_order::ActiveModel = order.into();
    row.expires_at = Set(Some(extended));
    row.extensions = Set(extensions);
    row.update(txn).await?;
    Ok(())
}
