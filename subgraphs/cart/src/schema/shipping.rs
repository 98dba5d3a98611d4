//! `ShippingMethod`.

use async_graphql::SimpleObject;
use service::graphql::Money;

use crate::domain::ShippingQuote;

/// A way to send the parcel.
#[derive(SimpleObject)]
pub(crate) struct ShippingMethod {
    /// Stable code, for `cartShippingMethodSet`.
    code: String,
    /// Display name.
    name: String,
    /// Price, net of tax; depends on the weight of what the cart holds.
    price: Money,
    /// Working days until the parcel arrives.
    estimated_days: i32,
}

impl From<ShippingQuote> for ShippingMethod {
    fn from(quote: ShippingQuote) -> Self {
        Self {
            code: quote.code,
            name: quote.name,
            price: quote.price.into(),
            estimated_days: quote.estimated_days,
        }
    }
}
