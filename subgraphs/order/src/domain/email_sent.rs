//! An e-mail about an order went out.

use events::id::OrderId;
use events::{Cause, Envelope};
use sea_orm::DatabaseTransaction;

use super::timeline::Entry;
use crate::entity::{order, order_event};
use crate::error::OrderError;

/// Puts the e-mail on the order's timeline; nothing else depends on it.
pub(crate) async fn email_sent(
    txn: &DatabaseTransaction,
    cause: &Cause,
    envelope: &Envelope,
    order_id: OrderId,
) -> Result<(), OrderError> {
    let order = order::find(txn, order_id)
        .await?
        .ok_or(OrderError::OrderNotFound)?;
    let entry = Entry::told(envelope, "EmailNotificationSent");
    order_event::append(txn, entry.row(order.id, cause.now)).await?;
    Ok(())
}
