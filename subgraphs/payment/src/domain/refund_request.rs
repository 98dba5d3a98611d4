//! Writing down that money has to go back. The provider is asked afterwards.

use chrono::{DateTime, Utc};
use events::id::{OrderId, RefundId};
use money::Money;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait,
    QueryFilter,
};

use super::input::body_hash;
use crate::entity::payable_order;
use crate::entity::payment::{self, PaymentStatus};
use crate::entity::refund::{self, RefundStatus};
use crate::error::PaymentError;
use crate::incoming::RefundRequested;

/// A refund to be written down.
#[derive(Debug, Clone)]
pub struct RefundOrder {
    /// The same key is the same refund.
    pub refund_key: String,
    /// How much; none = all that is left.
    pub amount: Option<Money>,
    /// Why, in words.
    pub reason: String,
}

/// Payments that money can be sent back from.
const REFUNDABLE: [PaymentStatus; 4] = [
    PaymentStatus::Paid,
    PaymentStatus::PartiallyRefunded,
    PaymentStatus::RefundManual,
    PaymentStatus::DuplicateCapture,
];

/// Writes the refund down, or finds the one this key wrote before. What is asked for is set aside in
/// the statement that checks that there is that much, so that refunds that run at the same time
/// cannot exceed the capture together.
///
/// # Errors
/// [`PaymentError`] by the rules of refunds.
pub async fn request(
    txn: &DatabaseTransaction,
    payment: &payment::Model,
    order: RefundOrder,
    now: DateTime<Utc>,
) -> Result<refund::Model, PaymentError> {
    payable_order::Entity::lock(txn, payment.order_id(), now).await?;
    let payment = payment::Entity::find_by_id(payment.id)
        .one(txn)
        .await?
        .ok_or(PaymentError::PaymentNotFound)?;

    // The same key again?
    let asked_for = order.amount.map_or_else(String::new, |amount| {
        format!("{} {}", amount.minor, amount.currency)
    });
    let body_hash = body_hash(&[&payment.payment_id().to_string(), &asked_for]);
    let known = refund::Entity::find()
        .filter(refund::Column::RefundKey.eq(&order.refund_key))
        .one(txn)
        .await?;
    if let Some(known) = known {
        return if known.body_hash == body_hash {
            Ok(known)
        } else {
            Err(PaymentError::IdempotencyKeyReused)
        };
    }

    // How much?
    let left = if REFUNDABLE.contains(&payment.status) {
        payment.amount_minor - payment.refund_requested_minor
    } else {
        0
    };
    let amount = order.amount.unwrap_or_else(|| payment.money(left));
    if amount.currency != payment.amount().currency {
        return Err(PaymentError::AmountMismatch {
            currency: payment.currency,
        });
    }
    if order.amount.is_some() && amount.minor <= 0 {
        return Err(PaymentError::InputInvalid {
            field: "amount",
            problem: "The amount must be more than zero.",
        });
    }

    // Set it aside.
    let requested = Expr::col(payment::Column::RefundRequestedMinor).add(amount.minor);
    let reserved = payment::Entity::update_many()
        .col_expr(payment::Column::RefundRequestedMinor, requested.clone())
        .col_expr(
            payment::Column::Version,
            Expr::col(payment::Column::Version).add(1),
        )
        .col_expr(payment::Column::UpdatedAt, Expr::value(now))
        .filter(payment::Column::Id.eq(payment.id))
        .filter(payment::Column::Status.is_in(REFUNDABLE))
        .filter(
            Condition::all()
                .add(Expr::value(amount.minor).gt(0))
                .add(requested.lte(Expr::col(payment::Column::AmountMinor))),
        )
        .exec(txn)
        .await?;
    if reserved.rows_affected == 0 {
        return Err(PaymentError::RefundExceedsCaptured { left_minor: left });
    }
    let row = refund::ActiveModel {
        id: Set(RefundId::generate().uuid()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        payment_id: Set(payment.id),
        order_id: Set(payment.order_id),
        refund_key: Set(order.refund_key),
        body_hash: Set(body_hash),
        amount_minor: Set(amount.minor),
        currency: Set(payment.currency),
        status: Set(RefundStatus::Requested),
        reason: Set(order.reason),
        failure_reason: Set(None),
        attempts: Set(0),
        next_attempt_at: Set(now),
    };
    Ok(row.insert(txn).await?)
}

/// Writes down the refund that order asks for.
///
/// # Errors
/// [`PaymentError::PaymentNotFound`] if the order has no such payment; else by the rules of refunds.
pub(crate) async fn request_for_order(
    txn: &DatabaseTransaction,
    event: RefundRequested,
    now: DateTime<Utc>,
) -> Result<(), PaymentError> {
    let order_id: OrderId = event.order_id;
    let payment = match event.payment_id {
        Some(payment_id) => {
            payment::Entity::find_by_id(payment_id.uuid())
                .filter(payment::Column::OrderId.eq(order_id.uuid()))
                .one(txn)
                .await?
        }
        None => payment::Entity::find_captured(txn, order_id).await?,
    };
    let payment = payment.ok_or(PaymentError::PaymentNotFound)?;
    let order = RefundOrder {
        refund_key: format!("order:{order_id}:{}", event.refund_key),
        amount: event.amount,
        reason: event.reason,
    };
    let wants_all = order.amount.is_none();
    match request(txn, &payment, order, now).await {
        // All that is left is nothing: it is on its way back already.
        Err(PaymentError::RefundExceedsCaptured { left_minor: 0 }) if wants_all => Ok(()),
        result => result.map(|_| ()),
    }
}
