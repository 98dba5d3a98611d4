//! `paymentRefund`: a member of staff sends money back.

use events::Cause;
use events::id::PaymentId;
use money::Money;
use sea_orm::EntityTrait;

use super::input;
use super::refund_request::{self, RefundOrder};
use super::refunds_run::run_refund;
use crate::entity::{payment, refund};
use crate::error::PaymentError;
use crate::state::AppState;

/// What a member of staff asks for.
#[derive(Debug, Clone)]
pub struct RefundInput {
    /// The payment.
    pub payment_id: PaymentId,
    /// How much; none = all that is left.
    pub amount: Option<Money>,
    /// Why, in words.
    pub reason: Option<String>,
    /// The same key is the same refund.
    pub idempotency_key: String,
}

/// Writes the refund down and asks the provider at once. If the provider does not answer, the refund
/// stays `REQUESTED` and is tried again in the background.
///
/// # Errors
/// [`PaymentError`] by the rules of refunds; nothing was changed then.
pub async fn refund_payment(
    state: &AppState,
    input: RefundInput,
    cause: &Cause,
) -> Result<refund::Model, PaymentError> {
    let key = input::idempotency_key(&input.idempotency_key)?;
    let reason = input::reason(input.reason.as_deref())?;
    let payment = payment::Entity::find_by_id(input.payment_id.uuid())
        .one(&state.db)
        .await?
        .ok_or(PaymentError::PaymentNotFound)?;

    let order = RefundOrder {
        refund_key: format!("staff:{}:{key}", input.payment_id),
        amount: input.amount,
        reason: reason.unwrap_or_else(|| "staff".to_owned()),
    };
    let txn = outbox::begin(&state.db).await?;
    let refund = refund_request::request(&txn, &payment, order, cause.now).await?;
    txn.commit().await?;
    run_refund(state, refund, cause).await
}
