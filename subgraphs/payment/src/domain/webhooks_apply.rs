//! Working through the inbox of webhooks.

use chrono::TimeDelta;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::attempt_settle::provider_cause;
use super::payment_apply::apply;
use crate::entity::{gateway_event, payment};
use crate::error::PaymentError;
use crate::provider::ChargeState;
use crate::state::AppState;

const BATCH: u64 = 100;

/// After this many looks it is given up: about three days.
const MAX_ATTEMPTS: i32 = 80;

/// The pause after `attempts` looks in vain: 1 s, doubling, an hour at most.
fn pause_after(attempts: i32) -> TimeDelta {
    TimeDelta::seconds(1 << attempts.clamp(0, 12)).min(TimeDelta::hours(1))
}

/// Applies every webhook that is due, oldest first, each in a transaction of its own. One that cannot
/// be applied is put off, so that those behind it pass.
///
/// # Errors
/// [`PaymentError`] if the database refuses; what is not applied yet is applied by the next run.
pub async fn apply_webhooks(state: &AppState) -> Result<(), PaymentError> {
    loop {
        let due = gateway_event::Entity::find()
            .filter(gateway_event::Column::AppliedAt.is_null())
            .filter(gateway_event::Column::NextAttemptAt.lte(state.clock.now()))
            .order_by_asc(gateway_event::Column::ReceivedAt)
            .order_by_asc(gateway_event::Column::Id)
            .limit(BATCH)
            .all(&state.db)
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        for event in due {
            if let Err(error) = apply_one(state, &event).await {
                tracing::error!(
                    provider = event.provider.as_str(),
                    webhook = event.dedupe_key,
                    error = &error as &dyn std::error::Error,
                    "webhook not applied, will be tried again"
                );
                postpone(state, &event, "FAILED").await?;
            }
        }
    }
}

async fn apply_one(state: &AppState, event: &gateway_event::Model) -> Result<(), PaymentError> {
    let now = state.clock.now();
    let txn = outbox::begin(&state.db).await?;

    // Claim it first: of two workers one gets it, and the mark commits with the effect.
    let claimed = gateway_event::Entity::update_many()
        .col_expr(gateway_event::Column::AppliedAt, Expr::value(now))
        .col_expr(gateway_event::Column::UpdatedAt, Expr::value(now))
        .col_expr(
            gateway_event::Column::Version,
            Expr::col(gateway_event::Column::Version).add(1),
        )
        .filter(gateway_event::Column::Id.eq(event.id))
        .filter(gateway_event::Column::AppliedAt.is_null())
        .exec(&txn)
        .await?;
    if claimed.rows_affected == 0 {
        txn.commit().await?;
        return Ok(());
    }

    // It may be faster than our own note of the charge: then it waits.
    let payment =
        payment::Entity::find_by_gateway_ref(&txn, event.provider, &event.gateway_ref).await?;
    let Some(payment) = payment else {
        txn.rollback().await?;
        return postpone(state, event, "UNKNOWN_CHARGE").await;
    };

    let charge: ChargeState =
        serde_json::from_str(&event.event).map_err(|error| DbErr::Json(error.to_string()))?;
    let cause = provider_cause(event.provider, Some(event.dedupe_key.clone()), now);
    let applied = apply(&txn, &payment, &charge, &cause).await?;
    gateway_event::Entity::update_many()
        .col_expr(
            gateway_event::Column::Outcome,
            Expr::value(applied.as_str()),
        )
        .filter(gateway_event::Column::Id.eq(event.id))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok(())
}

/// Looks again later; after the last look the webhook is given up as `outcome`.
async fn postpone(
    state: &AppState,
    event: &gateway_event::Model,
    outcome: &str,
) -> Result<(), PaymentError> {
    let now = state.clock.now();
    let attempts = event.attempts + 1;
    let mut update = gateway_event::Entity::update_many()
        .col_expr(gateway_event::Column::Attempts, Expr::value(attempts))
        .col_expr(
            gateway_event::Column::NextAttemptAt,
            Expr::value(now + pause_after(event.attempts)),
        )
        .col_expr(gateway_event::Column::UpdatedAt, Expr::value(now));
    if attempts >= MAX_ATTEMPTS {
        tracing::error!(
            provider = event.provider.as_str(),
            webhook = event.dedupe_key,
            outcome,
            "a webhook is given up"
        );
        update = update
            .col_expr(gateway_event::Column::AppliedAt, Expr::value(now))
            .col_expr(gateway_event::Column::Outcome, Expr::value(outcome));
    }
    update
        .filter(gateway_event::Column::Id.eq(event.id))
        .filter(gateway_event::Column::AppliedAt.is_null())
        .exec(&state.db)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_a_second_to_an_hour_and_last_for_days() {
        assert_eq!(pause_after(0), TimeDelta::seconds(1));
        assert_eq!(pause_after(3), TimeDelta::seconds(8));
        assert_eq!(pause_after(12), TimeDelta::hours(1));
        assert_eq!(pause_after(i32::MAX), TimeDelta::hours(1));
        let total: TimeDelta = (0..MAX_ATTEMPTS).map(pause_after).sum();
        assert!(total > TimeDelta::hours(60), "{total}");
    }
}
