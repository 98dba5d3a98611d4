//! `CartCost`.

use async_graphql::SimpleObject;
use service::graphql::Money;

use crate::domain::Cost;

/// What a cart costs: total = subtotal − discount + shipping + tax, exactly.
#[derive(SimpleObject)]
pub(crate) struct CartCost {
    /// Sum of the lines, net of tax.
    subtotal: Money,
    /// Discount on the goods, zero or more.
    discount: Money,
    /// Shipping, net of tax; zero until a method is chosen.
    shipping: Money,
    /// Tax on goods and shipping, computed per line.
    tax: Money,
    /// What the buyer pays.
    total: Money,
}

impl From<&Cost> for CartCost {
    fn from(cost: &Cost) -> Self {
        Self {
            subtotal: cost.subtotal.into(),
            discount: cost.discount.into(),
            shipping: cost.shipping.into(),
            tax: cost.tax.into(),
            total: cost.total.into(),
        }
    }
}
