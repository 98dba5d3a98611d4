//! `CartLine`.

use async_graphql::{ID, SimpleObject};
use service::graphql::Money;

use crate::domain::LineView;

/// Units of one variant in a cart.
#[derive(SimpleObject)]
pub(crate) struct CartLine {
    /// Identifier; opaque, stays the same while the line is in the cart.
    id: ID,
    /// Units.
    quantity: i32,
    /// Present price of one unit, net of tax.
    unit_price: Money,
    /// Price of all units, net of tax.
    line_total: Money,
    /// The variant as it is today; null if it is gone or the catalog does not answer.
    variant: Option<ProductVariant>,
}

/// One form of a product, such as a size and color: what has a SKU, a price and stock.
#[derive(SimpleObject)]
#[graphql(unresolvable = "id")]
pub(crate) struct ProductVariant {
    /// Identifier.
    id: ID,
}

impl From<LineView> for CartLine {
    fn from(line: LineView) -> Self {
        Self {
            id: line.id.to_string().into(),
            quantity: line.quantity,
            unit_price: line.unit_price.into(),
            line_total: line.line_total.into(),
            variant: Some(ProductVariant {
                id: line.variant_id.to_string().into(),
            }),
        }
    }
}
