//! The `OrderLine` type.

use async_graphql::{ID, Object, SimpleObject};
use events::id::OrderLineId;
use service::graphql::Money;

use crate::entity::order_line;

pub(crate) struct OrderLine(pub(crate) order_line::Model);

/// One form of a product, such as a size and color: what has a SKU, a price and stock.
#[derive(SimpleObject)]
#[graphql(unresolvable)]
pub(crate) struct ProductVariant {
    /// Identifier.
    pub(crate) id: ID,
}

/// A line of an order, frozen at checkout.
#[Object]
impl OrderLine {
    /// Identifier.
    async fn id(&self) -> ID {
        OrderLineId::from_uuid(self.0.id).to_string().into()
    }

    /// SKU of the variant.
    async fn sku(&self) -> &str {
        &self.0.sku
    }

    /// Name of product and variant at the time of the order.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Units.
    async fn quantity(&self) -> i32 {
        i32::try_from(self.0.quantity).unwrap_or(i32::MAX)
    }

    /// Price of one unit at the time of the order, before tax. It never changes.
    async fn price_at_purchase(&self) -> Money {
        self.0.money(self.0.price_minor).into()
    }

    /// Price × quantity, before discount and tax.
    async fn line_total(&self) -> Money {
        self.0.money(self.0.line_total_minor).into()
    }

    /// Discount on this line, zero or more.
    async fn discount(&self) -> Money {
        self.0.money(self.0.discount_minor).into()
    }

    /// Tax on this line.
    async fn tax(&self) -> Money {
        self.0.money(self.0.tax_minor).into()
    }

    /// The variant as it is today; null if it is gone or the catalog does not answer.
    async fn variant(&self) -> Option<ProductVariant> {
        Some(ProductVariant {
            id: self.0.variant_id().to_string().into(),
        })
    }
}
