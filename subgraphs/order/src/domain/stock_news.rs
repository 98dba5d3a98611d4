//! What inventory tells about an order's stock.

use events::id::OrderId;
use events::{Cause, Envelope};
use sea_orm::DatabaseTransaction;

use super::saga::Fact;
use super::settle::settle;
use super::timeline::Entry;
use crate::app::App;
use crate::entity::order;
use crate::error::OrderError;

/// Applies what inventory told. `kind` is the timeline's word for it; a hold and its release are
/// inventory's own business and not shown to the buyer.
pub(crate) async fn stock_news(
    app: &App,
    txn: &DatabaseTransaction,
    cause: &Cause,
    envelope: &Envelope,
    order_id: OrderId,
    fact: &Fact,
    kind: Option<&'static str>,
) -> Result<(), OrderError> {
    let order = order::find(txn, order_id)
        .await?
        .ok_or(OrderError::OrderNotFound)?;
    let entry = kind.map(|kind| Entry::told(envelope, kind));
    settle(app, txn, cause, order, None, fact, entry).await?;
    Ok(())
}
