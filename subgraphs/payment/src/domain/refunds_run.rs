//! Asking providers to send money back, until they do or somebody has to do it by hand.

use chrono::TimeDelta;
use events::Cause;
use events::payment::{PaymentRefunded, RefundManualRequired};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::ledger::Transaction;
use super::status::after_refund;
use crate::entity::payable_order;
use crate::entity::payment;
use crate::entity::refund::{self, RefundStatus};
use crate::error::PaymentError;
use crate::provider::{Refund, RefundError};
use crate::state::AppState;

const BATCH: u64 = 100;

/// The pause after `attempts` failures: 2 s, doubling, an hour at most.
fn pause_after(attempts: i32) -> TimeDelta {
    TimeDelta::seconds(2 << attempts.clamp(0, 11)).min(TimeDelta::hours(1))
}

/// Runs every refund that is due.
///
/// # Errors
/// [`PaymentError`] if the database refuses.
pub async fn run_refunds(state: &AppState) -> Result<(), PaymentError> {
    let now = state.clock.now();
    let due = refund::Entity::find()
        .filter(refund::Column::Status.eq(RefundStatus::Requested))
        .filter(refund::Column::NextAttemptAt.lte(now))
        .order_by_asc(refund::Column::NextAttemptAt)
        .limit(BATCH)
        .all(&state.db)
        .await?;
    for refund in due {
        run_refund(state, refund, &Cause::job("payment.run_refunds", now)).await?;
    }
    Ok(())
}

/// Asks the provider for one refund and records the answer; the refund as it is then. The key the
/// provider knows it by never changes, so asking twice sends the money once.
///
/// # Errors
/// [`PaymentError`] if the database refuses.
pub async fn run_refund(
    state: &AppState,
    refund: refund::Model,
    cause: &Cause,
) -> Result<refund::Model, PaymentError> {
    if refund.status != RefundStatus::Requested {
        return Ok(refund);
    }
    let payment = payment::Entity::find_by_id(refund.payment_id)
        .one(&state.db)
        .await?
        .ok_or(PaymentError::PaymentNotFound)?;

    // Ask, outside of any transaction.
    let answer = match (state.provider(payment.provider), &payment.gateway_ref) {
        (Some(provider), Some(gateway_ref)) => {
            let request = Refund {
                gateway_ref: gateway_ref.clone(),
                refund_key: refund.refund_id().to_string(),
                amount: refund.amount(),
            };
            provider.refund(&request).await
        }
        _ => Err(RefundError::Unavailable {
            reason: "the provider is switched off".to_owned(),
        }),
    };

    // Record, unless somebody else has.
    let txn = outbox::begin(&state.db).await?;
    payable_order::Entity::lock(&txn, payment.order_id(), cause.now).await?;
    let refund = refund::Entity::find_by_id(refund.id)
        .one(&txn)
        .await?
        .ok_or(PaymentError::PaymentNotFound)?;
    if refund.status != RefundStatus::Requested {
        txn.commit().await?;
        return Ok(refund);
    }
    let payment = payment::Entity::find_by_id(payment.id)
        .one(&txn)
        .await?
        .ok_or(PaymentError::PaymentNotFound)?;
    match answer {
        Ok(()) => record_done(&txn, &payment, &refund, cause).await?,
        Err(RefundError::Unavailable { reason })
            if refund.attempts + 1 < state.config.refund_attempts as i32 =>
        {
            tracing::warn!(refund.id = %refund.refund_id(), reason, "provider did not refund, will be asked again");
            let change = refund::ActiveModel {
                attempts: Set(refund.attempts + 1),
                next_attempt_at: Set(cause.now + pause_after(refund.attempts)),
                failure_reason: Set(Some(reason)),
                ..Default::default()
            };
            save(&txn, &refund, change, cause).await?;
        }
        Err(RefundError::Unavailable { reason } | RefundError::Refused { code: reason }) => {
            record_manual(&txn, &payment, &refund, reason, cause).await?;
        }
    }
    txn.commit().await?;
    refund::Entity::find_by_id(refund.id)
        .one(&state.db)
        .await?
        .ok_or(PaymentError::PaymentNotFound)
}

async fn record_done(
    txn: &DatabaseTransaction,
    payment: &payment::Model,
    refund: &refund::Model,
    cause: &Cause,
) -> Result<(), PaymentError> {
    let change = refund::ActiveModel {
        status: Set(RefundStatus::Succeeded),
        attempts: Set(refund.attempts + 1),
        failure_reason: Set(None),
        ..Default::default()
    };
    save(txn, refund, change, cause).await?;

    let refunded = payment.refunded_minor + refund.amount_minor;
    let has_manual = refund::Entity::find()
        .filter(refund::Column::PaymentId.eq(payment.id))
        .filter(refund::Column::Status.eq(RefundStatus::Manual))
        .one(txn)
        .await?
        .is_some();
    let change = payment::ActiveModel {
        refunded_minor: Set(refunded),
        status: Set(after_refund(
            payment.status,
            payment.amount_minor,
            refunded,
            has_manual,
        )),
        ..Default::default()
    };
    let payment = payment::Entity::save(txn, payment, change, cause.now).await?;
    Transaction::refund(&payment, refund)
        .book(txn, payment.id, cause.now)
        .await?;

    // A duplicate capture never counted for the order, so its refund is no news to anybody.
    if payment.status.is_captured() {
        let event = PaymentRefunded {
            refund_id: refund.refund_id(),
            payment_id: payment.payment_id(),
            order_id: payment.order_id(),
            amount: refund.amount(),
            remaining: payment.money(payment.amount_minor - refunded),
        };
        outbox::enqueue(txn, cause, payment.version, event).await?;
    }
    Ok(())
}

async fn record_manual(
    txn: &DatabaseTransaction,
    payment: &payment::Model,
    refund: &refund::Model,
    reason: String,
    cause: &Cause,
) -> Result<(), PaymentError> {
    tracing::error!(refund.id = %refund.refund_id(), reason, "a refund has to be done by hand");
    let change = refund::ActiveModel {
        status: Set(RefundStatus::Manual),
        attempts: Set(refund.attempts + 1),
        failure_reason: Set(Some(reason.clone())),
        ..Default::default()
    };
    save(txn, refund, change, cause).await?;
    let change = payment::ActiveModel {
        status: Set(after_refund(
            payment.status,
            payment.amount_minor,
            payment.refunded_minor,
            true,
        )),
        ..Default::default()
    };
    let payment = payment::Entity::save(txn, payment, change, cause.now).await?;
    let event = RefundManualRequired {
        refund_id: refund.refund_id(),
        payment_id: payment.payment_id(),
        order_id: payment.order_id(),
        amount: refund.amount(),
        reason,
    };
    outbox::enqueue(txn, cause, payment.version, event).await?;
    Ok(())
}

/// Writes `change` while the refund is still asked for.
async fn save(
    txn: &DatabaseTransaction,
    refund: &refund::Model,
    change: refund::ActiveModel,
    cause: &Cause,
) -> Result<(), PaymentError> {
    let updated = refund::Entity::update_many()
        .set(refund::ActiveModel {
            updated_at: Set(cause.now),
            ..change
        })
        .col_expr(
            refund::Column::Version,
            Expr::col(refund::Column::Version).add(1),
        )
        .filter(refund::Column::Id.eq(refund.id))
        .filter(refund::Column::Status.eq(RefundStatus::Requested))
        .exec(txn)
        .await?;
    if updated.rows_affected == 0 {
        return Err(sea_orm::DbErr::RecordNotUpdated.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_two_seconds_to_an_hour() {
        assert_eq!(pause_after(0), TimeDelta::seconds(2));
        assert_eq!(pause_after(4), TimeDelta::seconds(32));
        assert_eq!(pause_after(i32::MAX), TimeDelta::hours(1));
    }
}
