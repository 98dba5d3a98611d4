//! What payment adds to orders.

use async_graphql::dataloader::DataLoader;
use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use events::id::OrderId;
use service::ApiError;

use super::loaders::PaymentsOfOrder;
use super::payment::Payment;

/// An order. It exists from checkout on and becomes official, with a number, once it is paid and its
/// stock is committed.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct Order {
    /// Identifier.
    pub(super) id: ID,
}

#[ComplexObject]
impl Order {
    /// The attempts to pay this order, oldest first. There are few: one is open at a time.
    async fn payments(&self, ctx: &Context<'_>) -> Result<Option<Vec<Payment>>, ApiError> {
        let Ok(order_id) = self.id.parse::<OrderId>() else {
            return Ok(None);
        };
        let loader = ctx.data_unchecked::<DataLoader<PaymentsOfOrder>>();
        let rows = loader.load_one(order_id.uuid()).await?.unwrap_or_default();
        Ok(Some(rows.into_iter().map(Payment).collect()))
    }
}
