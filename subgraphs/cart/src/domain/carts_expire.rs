//! Closes carts that nobody comes back to.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::Carts;
use crate::entity::cart::{self, CartStatus};
use crate::entity::{payment_copy, request};

/// Abandons and expires carts by their age, and forgets what is only kept for a while. Each step is
/// one statement that says itself what is due, so several replicas may run it at once.
///
/// # Errors
/// [`DbErr`] if the database refuses; what was done before stays done.
pub async fn carts_expire(carts: &Carts) -> Result<(), DbErr> {
    let (db, config, now) = (&carts.db, &carts.config, carts.clock.now());
    let set = |status: CartStatus| {
        cart::Entity::update_many()
            .col_expr(cart::Column::Status, Expr::value(status))
            .col_expr(
                cart::Column::Version,
                Expr::col(cart::Column::Version).add(1),
            )
    };
    // The time of the last change stays: it is what both ages count from.
    let abandoned = set(CartStatus::Abandoned)
        .filter(cart::Column::Status.eq(CartStatus::Active))
        .filter(cart::Column::UpdatedAt.lte(now - config.abandon_after))
        .exec(db)
        .await?;
    let expired = set(CartStatus::Expired)
        .filter(cart::Column::Status.eq(CartStatus::Abandoned))
        .filter(cart::Column::ExpiresAt.lte(now))
        .exec(db)
        .await?;
    let requests = request::purge(db, now - config.idempotency_window).await?;
    let payments = payment_copy::purge(db, now - config.expire_after).await?;
    tracing::debug!(
        abandoned = abandoned.rows_affected,
        expired = expired.rows_affected,
        requests,
        payments,
        "old carts closed"
    );
    Ok(())
}
