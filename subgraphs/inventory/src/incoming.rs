//! What the inventory reads of other services' events: the fields it uses, and no others.

use chrono::{DateTime, Utc};
use events::contract::Reads;
use events::id::{OrderId, PaymentId, VariantId};
use schemars::JsonSchema;
use serde::Deserialize;

/// An event the inventory is interested in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
pub(crate) enum Incoming {
    #[serde(rename = "catalog.product_created.v1")]
    ProductCreated(Product),
    #[serde(rename = "catalog.product_updated.v1")]
    ProductUpdated(Product),
    #[serde(rename = "order.created.v1")]
    OrderCreated(OrderCreated),
    #[serde(rename = "order.status_changed.v1")]
    OrderStatusChanged { order_id: OrderId, to: String },
    #[serde(rename = "order.cancelled.v1")]
    OrderCancelled {
        order_id: OrderId,
        release_committed: bool,
    },
    #[serde(rename = "order.expired.v1")]
    OrderExpired { order_id: OrderId },
    #[serde(rename = "payment.initiated.v1")]
    PaymentInitiated(PaymentInitiated),
    #[serde(rename = "payment.succeeded.v1")]
    PaymentSucceeded(PaymentSucceeded),
}

/// A product with all its variants.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Product {
    pub(crate) version: i64,
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
}

/// An order that wants stock.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderCreated {
    pub(crate) order_id: OrderId,
    pub(crate) lines: Vec<OrderedLine>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// Units that an order wants.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderedLine {
    pub(crate) variant_id: VariantId,
    pub(crate) quantity: i64,
}

/// A payment under way.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentInitiated {
    pub(crate) order_id: OrderId,
    pub(crate) expires_at: DateTime<Utc>,
}

/// A payment that came.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentSucceeded {
    pub(crate) payment_id: PaymentId,
    pub(crate) order_id: OrderId,
}

/// What this consumer reads.
pub fn reads() -> Reads {
    Reads::of::<Incoming>(crate::NAME, file!())
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
