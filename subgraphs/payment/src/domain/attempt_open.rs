//! Opening a stored attempt with its provider.
//!
//! The attempt was committed as `CREATED` before the provider hears of it, and the provider is asked
//! with a key that never changes. So this can be run again after a crash at any point: the provider
//! answers with the same charge, and the answer is recorded once.

use events::Cause;
use events::payment::{PaymentFailed, PaymentInitiated};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::order_copy;
use crate::entity::payable_order;
use crate::entity::payment::{self, PaymentStatus};
use crate::error::PaymentError;
use crate::provider::{Initiate, Initiated, ProviderError};
use crate::state::AppState;

/// Asks the provider for the attempt's charge and records the answer; the attempt as it is then.
///
/// # Errors
/// [`PaymentError::GatewayUnavailable`] if the provider did not answer: the attempt stays as it is,
/// and a later call goes on. [`PaymentError::MethodUnavailable`] if the provider is gone.
pub async fn open_attempt(
    state: &AppState,
    attempt: payment::Model,
    cause: &Cause,
) -> Result<payment::Model, PaymentError> {
    if attempt.status != PaymentStatus::Created {
        return Ok(attempt);
    }
    let provider = state
        .provider(attempt.provider)
        .ok_or(PaymentError::MethodUnavailable)?;
    let request = Initiate {
        payment_id: attempt.payment_id(),
        order_id: attempt.order_id(),
        idempotency_key: attempt.payment_id().to_string(),
        amount: attempt.amount(),
        expires_at: attempt.expires_at,
    };

    // Ask the provider, a few times, outside of any transaction.
    let mut retries = state.config.provider_retries.iter();
    let answer = loop {
        match provider.initiate(&request).await {
            Err(ProviderError::Unavailable { reason }) => match retries.next() {
                Some(pause) => tokio::time::sleep(*pause).await,
                None => {
                    tracing::warn!(payment.id = %request.payment_id, reason, "provider did not open the attempt");
                    return Err(PaymentError::GatewayUnavailable);
                }
            },
            answer => break answer,
        }
    };
    match answer {
        Ok(initiated) => record_opened(state, &request, initiated, cause).await,
        Err(ProviderError::Rejected { code }) => {
            record_rejected(state, &request, code, cause).await
        }
        Err(ProviderError::Unavailable { .. }) => Err(PaymentError::GatewayUnavailable),
    }
}

async fn record_opened(
    state: &AppState,
    request: &Initiate,
    initiated: Initiated,
    cause: &Cause,
) -> Result<payment::Model, PaymentError> {
    let txn = outbox::begin(&state.db).await?;
    let order = payable_order::Entity::lock(&txn, request.order_id, cause.now).await?;
    let attempt = reload(&txn, request).await?;
    // Somebody else recorded it, or it is over already.
    if attempt.status != PaymentStatus::Created {
        txn.commit().await?;
        return Ok(attempt);
    }

    let action = serde_json::to_string(&initiated.action).expect("actions are plain data");
    let change = payment::ActiveModel {
        status: Set(PaymentStatus::Pending),
        gateway_ref: Set(Some(initiated.gateway_ref)),
        action: Set(Some(action)),
        expires_at: Set(initiated.expires_at),
        ..Default::default()
    };
    let attempt = payment::Entity::save(&txn, &attempt, change, cause.now).await?;

    // An attempt that is to be closed again is no news to anybody.
    if attempt.cancel_requested_at.is_none() {
        order_copy::extend(&txn, order, attempt.expires_at, &state.config).await?;
        let event = PaymentInitiated {
            payment_id: attempt.payment_id(),
            order_id: attempt.order_id(),
            provider: attempt.provider.as_str().to_owned(),
            amount: attempt.amount(),
            expires_at: attempt.expires_at,
        };
        outbox::enqueue(&txn, cause, attempt.version, event).await?;
    }
    txn.commit().await?;
    Ok(attempt)
}

async fn record_rejected(
    state: &AppState,
    request: &Initiate,
    code: String,
    cause: &Cause,
) -> Result<payment::Model, PaymentError> {
    let txn = outbox::begin(&state.db).await?;
    payable_order::Entity::lock(&txn, request.order_id, cause.now).await?;
    let attempt = reload(&txn, request).await?;
    if attempt.status != PaymentStatus::Created {
        txn.commit().await?;
        return Ok(attempt);
    }
    let change = payment::ActiveModel {
        status: Set(PaymentStatus::Failed),
        failure_reason: Set(Some(code.clone())),
        ..Default::default()
    };
    let attempt = payment::Entity::save(&txn, &attempt, change, cause.now).await?;
    let event = PaymentFailed {
        payment_id: attempt.payment_id(),
        order_id: attempt.order_id(),
        reason: code,
        retryable: true,
    };
    outbox::enqueue(&txn, cause, attempt.version, event).await?;
    txn.commit().await?;
    Ok(attempt)
}

async fn reload(
    txn: &sea_orm::DatabaseTransaction,
    request: &Initiate,
) -> Result<payment::Model, PaymentError> {
    payment::Entity::find_by_id(request.payment_id.uuid())
        .one(txn)
        .await?
        .ok_or(PaymentError::PaymentNotFound)
}
