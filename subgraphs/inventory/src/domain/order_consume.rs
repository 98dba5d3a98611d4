//! Notes that the goods of an order are on their way.

use events::Cause;
use events::id::OrderId;
use sea_orm::DatabaseTransaction;

use super::status::may_become;
use crate::InventoryError;
use crate::entity::reservation::{self, State};

/// Marks a committed reservation as shipped: from now on a cancellation does not put anything back.
/// The stock itself does not change, it went down when the order was paid.
pub(crate) async fn order_consume(
    txn: &DatabaseTransaction,
    cause: &Cause,
    order_id: OrderId,
) -> Result<(), InventoryError> {
    let Some(known) = reservation::lock_by_order(txn, order_id).await? else {
        return Err(InventoryError::OrderUnknown);
    };
    if !may_become(known.state, State::Consumed) {
        if known.state != State::Consumed {
            tracing::warn!(order.id = %order_id, state = ?known.state, "an order was shipped without committed stock");
        }
        return Ok(());
    }
    if reservation::advance(txn, &known, State::Consumed, None, cause.now).await? {
        Ok(())
    } else {
        Err(InventoryError::Contended)
    }
}
