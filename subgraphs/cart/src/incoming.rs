//! What the cart reads of other services' events: the fields it uses, and no others.

use events::contract::Reads;
use events::id::{CartId, OrderId, PaymentId, ProductId, UserId, VariantId};
use money::Money;
use schemars::JsonSchema;
use serde::Deserialize;

/// An event the cart is interested in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
pub(crate) enum Incoming {
    #[serde(rename = "accounts.user_logged_in.v1")]
    UserLoggedIn(UserLoggedIn),
    #[serde(rename = "catalog.product_created.v1")]
    ProductCreated(Product),
    #[serde(rename = "catalog.product_updated.v1")]
    ProductUpdated(Product),
    #[serde(rename = "catalog.variant_price_changed.v1")]
    VariantPriceChanged(VariantPriceChanged),
    #[serde(rename = "inventory.stock_changed.v1")]
    StockChanged {
        variant_id: VariantId,
        total_available: i64,
        version: i64,
    },
    #[serde(rename = "order.checkout_requested.v1")]
    CheckoutRequested(CheckoutRequested),
    #[serde(rename = "order.created.v1")]
    OrderCreated { order_id: OrderId },
    #[serde(rename = "order.confirmed.v1")]
    OrderConfirmed { order_id: OrderId },
    #[serde(rename = "order.cancelled.v1")]
    OrderCancelled { order_id: OrderId },
    #[serde(rename = "order.expired.v1")]
    OrderExpired { order_id: OrderId },
    #[serde(rename = "payment.initiated.v1")]
    PaymentInitiated {
        payment_id: PaymentId,
        order_id: OrderId,
    },
    #[serde(rename = "payment.succeeded.v1")]
    PaymentSucceeded {
        payment_id: PaymentId,
        order_id: OrderId,
    },
    #[serde(rename = "payment.failed.v1")]
    PaymentFailed {
        payment_id: PaymentId,
        order_id: OrderId,
    },
    #[serde(rename = "payment.expired.v1")]
    PaymentExpired {
        payment_id: PaymentId,
        order_id: OrderId,
    },
}

/// A user, perhaps with a guest cart to take over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserLoggedIn {
    pub(crate) user_id: UserId,
    pub(crate) cart_id: Option<CartId>,
    pub(crate) cart_token_hash: Option<String>,
}

/// A product with all its variants.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Product {
    pub(crate) product_id: ProductId,
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) variants: Vec<Variant>,
}

/// A variant of a [`Product`].
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Variant {
    pub(crate) variant_id: VariantId,
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) is_published: bool,
    pub(crate) price: Money,
    pub(crate) tax_class: String,
    pub(crate) weight_grams: i64,
}

/// The new price of a variant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VariantPriceChanged {
    pub(crate) variant_id: VariantId,
    pub(crate) product_id: ProductId,
    pub(crate) sku: String,
    pub(crate) new: Money,
    pub(crate) version: i64,
}

/// The request to turn a cart into an order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckoutRequested {
    pub(crate) order_id: OrderId,
    pub(crate) cart_id: CartId,
    pub(crate) user_id: Option<UserId>,
    pub(crate) cart_token_hash: Option<String>,
    pub(crate) accepted_total: Option<Money>,
}

/// What this consumer reads.
pub fn reads() -> Reads {
    Reads::of::<Incoming>("cart", file!())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consumer::INTERESTS;

    #[test]
    fn the_contracts_with_the_publishers_hold() {
        test_support::check_contract::<Incoming>(&reads(), INTERESTS);
    }
}
