//! The job `order.expire`: gives up what nobody answers or pays.

use events::Cause;
use events::id::OrderId;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::draft::later;
use super::saga::Fact;
use super::settle::settle;
use super::status::{OrderStatus, StockState};
use crate::app::App;
use crate::entity::{checkout, order};
use crate::error::OrderError;

/// Orders per look at the database.
const BATCH: u64 = 100;

/// Rejects checkouts the cart did not answer, cancels orders whose stock nobody decided on, expires
/// orders that were not paid. Safe to run on several replicas: every write is guarded by a state or a
/// version.
///
/// # Errors
/// [`OrderError::Database`]; the next run continues.
pub(crate) async fn order_expire(app: &App) -> Result<(), OrderError> {
    let cause = Cause::job("order.expire", app.clock.now());

    let overdue = Condition::all()
        .add(checkout::Column::State.eq(checkout::CheckoutState::Requested))
        .add(checkout::Column::AnswerDueAt.lte(cause.now));
    checkout::reject(
        &app.db,
        overdue,
        "TRY_AGAIN",
        "the cart did not answer in time; try again",
        cause.now,
    )
    .await?;

    let unpaid = Condition::all()
        .add(order::Column::Status.eq(OrderStatus::Pending))
        .add(order::Column::CapturedPaymentId.is_null());
    let undecided = unpaid
        .clone()
        .add(order::Column::StockState.eq(StockState::None))
        .add(order::Column::CreatedAt.lte(cause.now - later(app.config.answer_timeout)));
    give_up(app, &cause, undecided, &Fact::VerdictMissing).await?;
    give_up(
        app,
        &cause,
        unpaid.add(order::Column::ExpiresAt.lte(cause.now)),
        &Fact::Tick,
    )
    .await
}

async fn give_up(
    app: &App,
    cause: &Cause,
    which: Condition,
    fact: &Fact,
) -> Result<(), OrderError> {
    // By id, so that an order that cannot be given up does not stop those behind it.
    let mut after = Uuid::nil();
    loop {
        let due: Vec<Uuid> = order::Entity::find()
            .select_only()
            .column(order::Column::Id)
            .filter(which.clone())
            .filter(order::Column::Id.gt(after))
            .order_by_asc(order::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(&app.db)
            .await?;
        let Some(last) = due.last() else {
            return Ok(());
        };
        after = *last;
        for id in due {
            if let Err(error) = give_up_one(app, cause, OrderId::from_uuid(id), fact).await {
                tracing::warn!(order.id = %OrderId::from_uuid(id), error = &error as &dyn std::error::Error, "order not given up, the next run tries again");
            }
        }
    }
}

async fn give_up_one(
    app: &App,
    cause: &Cause,
    order_id: OrderId,
    fact: &Fact,
) -> Result<(), OrderError> {
    let txn = outbox::begin(&app.db).await?;
    let order = order::find(&txn, order_id)
        .await?
        .ok_or(OrderError::OrderNotFound)?;
    settle(app, &txn, cause, order, None, fact, None).await?;
    txn.commit().await?;
    app.changes.notify(order_id);
    Ok(())
}
