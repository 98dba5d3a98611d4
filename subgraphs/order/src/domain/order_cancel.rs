//! `orderCancel`: the buyer gives up an order that is not paid.

use auth::Principal;
use events::Cause;
use events::id::OrderId;

use super::saga::Fact;
use super::settle::settle;
use super::visibility::is_owner;
use crate::app::App;
use crate::entity::order;
use crate::error::OrderError;

/// How often a person's request is evaluated anew when events change the order at the same moment.
pub(crate) const ATTEMPTS: usize = 5;

/// Cancels a pending order. A payment that was already under way may still revive it.
///
/// # Errors
/// [`OrderError::OrderNotFound`] for everybody but its buyer, [`OrderError::NotCancellable`] once it
/// is paid.
pub(crate) async fn order_cancel(
    app: &App,
    caller: &Principal,
    order_id: OrderId,
    order_token: Option<&str>,
    cause: &Cause,
) -> Result<order::Model, OrderError> {
    for _ in 0..ATTEMPTS {
        let txn = outbox::begin(&app.db).await?;
        let order = order::find(&txn, order_id)
            .await?
            .filter(|order| is_owner(order, caller, order_token))
            .ok_or(OrderError::OrderNotFound)?;
        match settle(app, &txn, cause, order, None, &Fact::BuyerCancels, None).await {
            // The loser of a race looks again.
            Err(OrderError::StaleVersion) => txn.rollback().await?,
            outcome => {
                let order = outcome?;
                txn.commit().await?;
                app.changes.notify(order_id);
                return Ok(order);
            }
        }
    }
    Err(OrderError::StaleVersion)
}
