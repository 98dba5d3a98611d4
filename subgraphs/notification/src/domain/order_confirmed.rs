//! An order is official: its buyer gets the confirmation.

use chrono::{DateTime, Utc};
use events::Envelope;
use events::id::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};

use super::email_queue::{Draft, email_queue};
use super::template::Template;
use crate::entity::email_log;
use crate::incoming::OrderConfirmed;

pub(crate) async fn order_confirmed(
    txn: &DatabaseTransaction,
    envelope: &Envelope,
    event: &OrderConfirmed,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let draft = Draft {
        template: Template::OrderConfirmation,
        recipient: &event.email,
        number: Some(&event.number),
        order_id: event.order_id,
        user_id: event.user_id,
    };
    email_queue(txn, envelope, draft, now).await?;

    // News of the order may have come before this event, without saying whose order it is.
    if let Some(user_id) = event.user_id.map(UserId::uuid) {
        email_log::Entity::update_many()
            .col_expr(email_log::Column::UserId, Expr::value(user_id))
            .filter(email_log::Column::OrderId.eq(event.order_id.uuid()))
            .filter(email_log::Column::UserId.is_null())
            .exec(txn)
            .await?;
    }
    Ok(())
}
