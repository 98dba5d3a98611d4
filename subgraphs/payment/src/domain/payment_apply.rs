//! Applying a provider's word about a charge to our books.

use chrono::{DateTime, Utc};
use events::Cause;
use events::payment::{PaymentExpired, PaymentFailed, PaymentSucceeded};
use money::Money;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use super::ledger::Transaction;
use super::order_copy::request_cancel;
use super::refund_request::{self, RefundOrder};
use super::status::{Step, step};
use crate::entity::difference::{self, DifferenceKind};
use crate::entity::payable_order;
use crate::entity::payment::{self, PaymentStatus};
use crate::error::PaymentError;
use crate::provider::ChargeState;

/// What a provider's word led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The order is paid.
    Captured,
    /// The order was paid already; this money goes back.
    DuplicateCapture,
    /// The attempt is over.
    Closed,
    /// Amount or currency are not what was asked for; nothing moved but the list of differences.
    Difference,
    /// Nothing new.
    Ignored,
}

impl Applied {
    /// The name in the inbox of webhooks.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Captured => "CAPTURED",
            Self::DuplicateCapture => "DUPLICATE_CAPTURE",
            Self::Closed => "CLOSED",
            Self::Difference => "DIFFERENCE",
            Self::Ignored => "IGNORED",
        }
    }
}

/// Applies `state` to the payment, in the caller's transaction. Saying the same twice changes
/// nothing the second time.
///
/// # Errors
/// [`PaymentError`] if the database refuses or the payment does not exist.
pub async fn apply(
    txn: &DatabaseTransaction,
    payment: &payment::Model,
    state: &ChargeState,
    cause: &Cause,
) -> Result<Applied, PaymentError> {
    // From here on nobody else changes the payments of this order; look again.
    payable_order::Entity::lock(txn, payment.order_id(), cause.now).await?;
    let payment = payment::Entity::find_by_id(payment.id)
        .one(txn)
        .await?
        .ok_or(PaymentError::PaymentNotFound)?;

    match (step(payment.status, state), state) {
        (Step::Capture, ChargeState::Paid { amount }) if *amount != payment.amount() => {
            record_difference(
                txn,
                &payment,
                DifferenceKind::AmountMismatch,
                *amount,
                cause.now,
            )
            .await?;
            Ok(Applied::Difference)
        }
        (Step::Capture, _) => capture(txn, &payment, cause).await,
        (Step::Close(status), state) => {
            close(txn, &payment, status, state, cause).await?;
            Ok(Applied::Closed)
        }
        (Step::Ignore, _) => Ok(Applied::Ignored),
    }
}

async fn capture(
    txn: &DatabaseTransaction,
    payment: &payment::Model,
    cause: &Cause,
) -> Result<Applied, PaymentError> {
    let is_first = payment::Entity::find_captured(txn, payment.order_id())
        .await?
        .is_none();
    let status = if is_first {
        PaymentStatus::Paid
    } else {
        PaymentStatus::DuplicateCapture
    };
    let change = payment::ActiveModel {
        status: Set(status),
        paid_at: Set(Some(cause.now)),
        failure_reason: Set(None),
        ..Default::default()
    };
    let payment = payment::Entity::save(txn, payment, change, cause.now).await?;
    Transaction::capture(&payment)
        .book(txn, payment.id, cause.now)
        .await?;

    if !is_first {
        record_difference(
            txn,
            &payment,
            DifferenceKind::DuplicateCapture,
            payment.amount(),
            cause.now,
        )
        .await?;
        let order = RefundOrder {
            refund_key: format!("duplicate:{}", payment.payment_id()),
            amount: None,
            reason: "the order was already paid".to_owned(),
        };
        refund_request::request(txn, &payment, order, cause.now).await?;
        return Ok(Applied::DuplicateCapture);
    }

    // Another attempt may be open beside a late payment; it must not be paid as well.
    request_cancel(txn, payment.order_id(), cause.now).await?;
    let event = PaymentSucceeded {
        payment_id: payment.payment_id(),
        order_id: payment.order_id(),
        provider: payment.provider.as_str().to_owned(),
        amount: payment.amount(),
        gateway_ref: payment.gateway_ref.clone().unwrap_or_default(),
        paid_at: cause.now,
    };
    outbox::enqueue(txn, cause, payment.version, event).await?;
    Ok(Applied::Captured)
}

async fn close(
    txn: &DatabaseTransaction,
    payment: &payment::Model,
    status: PaymentStatus,
    state: &ChargeState,
    cause: &Cause,
) -> Result<(), PaymentError> {
    let reason = match state {
        ChargeState::Failed { reason } => Some(reason.clone()),
        ChargeState::Cancelled => Some("cancelled".to_owned()),
        ChargeState::Open | ChargeState::Paid { .. } | ChargeState::Expired => None,
    };
    let change = payment::ActiveModel {
        status: Set(status),
        failure_reason: Set(reason.clone()),
        ..Default::default()
    };
    let payment = payment::Entity::save(txn, payment, change, cause.now).await?;
    let (payment_id, order_id) = (payment.payment_id(), payment.order_id());
    match (status, reason) {
        (PaymentStatus::Expired, _) => {
            outbox::enqueue(
                txn,
                cause,
                payment.version,
                PaymentExpired {
                    payment_id,
                    order_id,
                },
            )
            .await?;
        }
        // Closed because we asked for it: whoever had us ask knows.
        (PaymentStatus::Cancelled, _) if payment.cancel_requested_at.is_some() => {}
        (_, reason) => {
            let reason = reason.unwrap_or_else(|| "failed".to_owned());
            let event = PaymentFailed {
                payment_id,
                order_id,
                reason,
                retryable: true,
            };
            outbox::enqueue(txn, cause, payment.version, event).await?;
        }
    }
    Ok(())
}

async fn record_difference(
    txn: &DatabaseTransaction,
    payment: &payment::Model,
    kind: DifferenceKind,
    actual: Money,
    now: DateTime<Utc>,
) -> Result<(), PaymentError> {
    tracing::error!(payment.id = %payment.payment_id(), ?kind, "provider and books do not agree");
    let once = [
        difference::Column::PaymentId,
        difference::Column::Kind,
        difference::Column::ActualMinor,
        difference::Column::ActualCurrency,
    ];
    difference::Entity::insert(difference::ActiveModel {
        id: Set(Uuid::now_v7()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        payment_id: Set(payment.id),
        kind: Set(kind),
        expected_minor: Set(payment.amount_minor),
        expected_currency: Set(payment.currency.clone()),
        actual_minor: Set(actual.minor),
        actual_currency: Set(actual.currency.code().to_owned()),
    })
    .on_conflict(OnConflict::columns(once).do_nothing().to_owned())
    .exec_without_returning(txn)
    .await?;
    Ok(())
}
