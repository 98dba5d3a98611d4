//! Lets a hold outlive the payment that is under way.

use events::Cause;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::entity::reservation::{self, Column, State};
use crate::incoming::PaymentInitiated;
use crate::{Config, InventoryError};

/// Extends the hold of an order to the payment's expiry plus a grace period. Never shortens it, and
/// does so a limited number of times, so that nobody keeps goods off the shelf by opening payments.
/// A hold that is over stays over: should the payment succeed, it is held again then.
pub(crate) async fn hold_extend(
    txn: &DatabaseTransaction,
    cause: &Cause,
    config: &Config,
    payment: &PaymentInitiated,
) -> Result<(), InventoryError> {
    if reservation::lock_by_order(txn, payment.order_id)
        .await?
        .is_none()
    {
        return Err(InventoryError::OrderUnknown);
    }
    let until = payment.expires_at + config.hold_grace;
    let extended = reservation::Entity::update_many()
        .col_expr(Column::ExpiresAt, Expr::value(until))
        .col_expr(Column::Extensions, Expr::col(Column::Extensions).add(1))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(cause.now))
        .filter(Column::OrderId.eq(payment.order_id.uuid()))
        .filter(Column::State.eq(State::Held))
        .filter(Column::ExpiresAt.lt(until))
        .filter(Column::Extensions.lt(config.max_extensions))
        .exec(txn)
        .await?;
    if extended.rows_affected == 0 {
        tracing::info!(order.id = %payment.order_id, "hold not extended: over, long enough, or extended too often");
    }
    Ok(())
}
