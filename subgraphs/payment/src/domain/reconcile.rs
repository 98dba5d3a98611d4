//! Asking providers about attempts whose webhook never came, and ending those whose time is over.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::attempt_settle::{IfOpen, settle_attempt};
use super::attempts_cancel::tolerate_silence;
use crate::entity::payment::{self, PaymentStatus};
use crate::error::PaymentError;
use crate::state::AppState;

const BATCH: u64 = 200;

/// Asks about every attempt that is over its time (and closes it, unless it was paid) and about every
/// one that has been waiting for a while.
///
/// # Errors
/// [`PaymentError`] if the database refuses; a provider that does not answer is asked next time.
pub async fn reconcile(state: &AppState) -> Result<(), PaymentError> {
    let now = state.clock.now();
    let quiet_since = now - state.config.reconcile_after;
    let unchecked = || {
        Condition::any()
            .add(payment::Column::CheckedAt.is_null())
            .add(payment::Column::CheckedAt.lte(quiet_since))
    };
    // Once at once when its time is over, then with pauses: a charge the provider keeps open or
    // reports with a wrong amount stays here until somebody deals with it.
    let not_since_expiry = unchecked()
        .add(Expr::col(payment::Column::CheckedAt).lte(Expr::col(payment::Column::ExpiresAt)));
    let doubtful = payment::Entity::find()
        .filter(payment::Column::Status.is_in([PaymentStatus::Pending, PaymentStatus::Authorized]))
        .filter(
            Condition::any()
                .add(
                    Condition::all()
                        .add(payment::Column::ExpiresAt.lte(now))
                        .add(not_since_expiry),
                )
                .add(
                    Condition::all()
                        .add(payment::Column::CreatedAt.lte(quiet_since))
                        .add(unchecked()),
                ),
        )
        .order_by_asc(payment::Column::ExpiresAt)
        .limit(BATCH)
        .all(&state.db)
        .await?;
    for attempt in doubtful {
        let if_open = if attempt.expires_at <= now {
            IfOpen::Expire
        } else {
            IfOpen::Leave
        };
        tolerate_silence(settle_attempt(state, &attempt, if_open).await)?;
    }
    Ok(())
}
