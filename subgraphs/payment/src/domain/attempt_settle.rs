//! Asking the provider about an attempt, and closing it there.

use chrono::{DateTime, Utc};
use events::Cause;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::payment_apply::{Applied, apply};
use crate::entity::payment::{self, ProviderName};
use crate::error::PaymentError;
use crate::provider::{ChargeState, ProviderError};
use crate::state::AppState;

/// What to do with a charge that is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfOpen {
    /// Leave it to the buyer.
    Leave,
    /// Its time is over: close it at the provider, EXPIRED here.
    Expire,
    /// Its order needs it no more: close it at the provider, CANCELLED here.
    Cancel,
}

/// Asks the provider what became of the attempt and applies the answer as if it had come by webhook.
/// The provider is asked before anything is closed, so that a payment that was made is never lost.
///
/// # Errors
/// [`PaymentError::GatewayUnavailable`] if the provider did not answer; nothing has changed then.
pub async fn settle_attempt(
    state: &AppState,
    attempt: &payment::Model,
    if_open: IfOpen,
) -> Result<Applied, PaymentError> {
    let provider = state
        .provider(attempt.provider)
        .ok_or(PaymentError::MethodUnavailable)?;
    let gateway_ref = attempt
        .gateway_ref
        .as_deref()
        .ok_or(PaymentError::GatewayUnavailable)?;

    let mut charge = provider
        .fetch_status(gateway_ref)
        .await
        .map_err(not_answered)?;
    if charge == ChargeState::Open && if_open != IfOpen::Leave {
        charge = provider.cancel(gateway_ref).await.map_err(not_answered)?;
    }
    if charge == ChargeState::Cancelled && if_open == IfOpen::Expire {
        charge = ChargeState::Expired;
    }

    let cause = provider_cause(attempt.provider, None, state.clock.now());
    let txn = outbox::begin(&state.db).await?;
    let applied = apply(&txn, attempt, &charge, &cause).await?;
    payment::Entity::update_many()
        .col_expr(payment::Column::CheckedAt, Expr::value(cause.now))
        .filter(payment::Column::Id.eq(attempt.id))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok(applied)
}

/// Why something happens that a provider told us.
pub(crate) fn provider_cause(
    provider: ProviderName,
    told_by: Option<String>,
    now: DateTime<Utc>,
) -> Cause {
    Cause {
        causation_id: told_by,
        ..Cause::job(provider.as_str(), now)
    }
}

fn not_answered(error: ProviderError) -> PaymentError {
    tracing::warn!(
        error = &error as &dyn std::error::Error,
        "provider could not be asked about a payment"
    );
    PaymentError::GatewayUnavailable
}
