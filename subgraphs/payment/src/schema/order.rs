//! What payment adds to orders.

use async_graphql::dataloader::DataLoader;
use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use events::id::OrderId;
use service::ApiError;

use super::loaders::PaymentsOfOrder;
use super::payment::Payment;

/// An order. The service that owns it decides who gets to see it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct Order {
    /// Opaque identifier.
    pub(super) id: ID,
}

#[ComplexObject]
impl Order {
    /// The attempts to pay this order, oldest first.
    async fn payments(&self, ctx: &Context<'_>) -> Result<Option<Vec<Payment>>, ApiError> {
        let Ok(order_id) = self.id.parse::<OrderId>() else {
            return Ok(None);
        };
        let loader = ctx.data_unchecked::<DataLoader<PaymentsOfOrder>>();
        let rows = loader.load_one(order_id.uuid()).await?.unwrap_or_default();
        Ok(Some(rows.into_iter().map(Payment).collect()))
    }
}
