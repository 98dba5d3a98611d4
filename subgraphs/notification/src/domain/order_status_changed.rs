//! An order moved on: its buyer is told if it is something buyers wait for.

use chrono::{DateTime, Utc};
use events::Envelope;
use events::id::UserId;
use sea_orm::{DatabaseTransaction, DbErr};

use super::email_queue::{Draft, email_queue};
use super::template::Template;
use crate::entity::email_log;
use crate::incoming::OrderStatusChanged;

pub(crate) async fn order_status_changed(
    txn: &DatabaseTransaction,
    envelope: &Envelope,
    event: &OrderStatusChanged,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let Some(template) = Template::for_status(&event.to) else {
        return Ok(());
    };
    // The event does not say whose order it is; the confirmation did.
    let user_id = email_log::find_user_of_order(txn, event.order_id.uuid()).await?;
    let draft = Draft {
        template,
        recipient: &event.email,
        number: event.number.as_deref(),
        order_id: event.order_id,
        user_id: user_id.map(UserId::from_uuid),
    };
    email_queue(txn, envelope, draft, now).await
}
