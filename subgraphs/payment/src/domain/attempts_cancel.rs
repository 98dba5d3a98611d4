//! Finishing attempts the provider has not answered for, and closing those nobody needs any more.

use events::Cause;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::attempt_open::open_attempt;
use super::attempt_settle::{IfOpen, settle_attempt};
use crate::entity::payment::{self, PaymentStatus};
use crate::error::PaymentError;
use crate::state::AppState;

const BATCH: u64 = 100;

/// Opens attempts that were stored but never got their provider's answer: the process ended between
/// the two, or the provider was down. Those that are to be closed are opened at once, since only an
/// attempt the provider knows can be closed there.
///
/// # Errors
/// [`PaymentError`] if the database refuses; a provider that does not answer is asked next time.
pub async fn finish_attempts(state: &AppState) -> Result<(), PaymentError> {
    let now = state.clock.now();
    let stuck = payment::Entity::find()
        .filter(payment::Column::Status.eq(PaymentStatus::Created))
        .filter(
            Condition::any()
                .add(payment::Column::CreatedAt.lte(now - state.config.unfinished_after))
                .add(payment::Column::CancelRequestedAt.is_not_null()),
        )
        .order_by_asc(payment::Column::CreatedAt)
        .limit(BATCH)
        .all(&state.db)
        .await?;
    for attempt in stuck {
        tolerate_silence(
            open_attempt(state, attempt, &Cause::job("payment.finish_attempts", now)).await,
        )?;
    }
    Ok(())
}

/// Closes attempts whose order needs them no more; one that was paid in the meantime counts.
///
/// # Errors
/// [`PaymentError`] if the database refuses; a provider that does not answer is asked next time.
pub async fn cancel_attempts(state: &AppState) -> Result<(), PaymentError> {
    let quiet_since = state.clock.now() - state.config.reconcile_after;
    // Once at once, then with pauses, for the rare one that cannot be closed.
    let unchecked = Condition::any()
        .add(payment::Column::CheckedAt.is_null())
        .add(payment::Column::CheckedAt.lte(quiet_since))
        .add(
            Expr::col(payment::Column::CheckedAt)
                .lte(Expr::col(payment::Column::CancelRequestedAt)),
        );
    let unwanted = payment::Entity::find()
        .filter(payment::Column::CancelRequestedAt.is_not_null())
        .filter(payment::Column::Status.is_in([PaymentStatus::Pending, PaymentStatus::Authorized]))
        .filter(unchecked)
        .order_by_asc(payment::Column::CancelRequestedAt)
        .limit(BATCH)
        .all(&state.db)
        .await?;
    for attempt in unwanted {
        tolerate_silence(settle_attempt(state, &attempt, IfOpen::Cancel).await)?;
    }
    Ok(())
}

/// One provider that does not answer must not keep the others' payments waiting.
pub(crate) fn tolerate_silence<T>(result: Result<T, PaymentError>) -> Result<(), PaymentError> {
    match result {
        Ok(_) | Err(PaymentError::GatewayUnavailable | PaymentError::MethodUnavailable) => Ok(()),
        Err(error) => Err(error),
    }
}
