//! What payment reads of other services' events: the fields it uses, and no others.

use chrono::{DateTime, Utc};
use events::contract::Reads;
use events::id::{OrderId, PaymentId, UserId};
use money::{Currency, Money};
use schemars::JsonSchema;
use serde::Deserialize;

/// An event payment is interested in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
pub(crate) enum Incoming {
    #[serde(rename = "order.created.v1")]
    OrderCreated(OrderCreated),
    #[serde(rename = "order.confirmed.v1")]
    OrderConfirmed { order_id: OrderId },
    #[serde(rename = "order.cancelled.v1")]
    OrderCancelled { order_id: OrderId },
    #[serde(rename = "order.expired.v1")]
    OrderExpired { order_id: OrderId },
    #[serde(rename = "order.refund_requested.v1")]
    RefundRequested(RefundRequested),
    #[serde(rename = "inventory.held.v1")]
    InventoryHeld {
        order_id: OrderId,
        expires_at: DateTime<Utc>,
    },
}

/// An order that can be paid for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderCreated {
    pub(crate) order_id: OrderId,
    pub(crate) user_id: Option<UserId>,
    pub(crate) order_token_hash: String,
    pub(crate) email: String,
    pub(crate) totals: Totals,
    pub(crate) expires_at: DateTime<Utc>,
}

/// What is to be paid.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Totals {
    pub(crate) currency: Currency,
    pub(crate) total: i64,
}

/// Money that has to go back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefundRequested {
    pub(crate) order_id: OrderId,
    pub(crate) payment_id: Option<PaymentId>,
    pub(crate) amount: Option<Money>,
    pub(crate) reason: String,
    pub(crate) refund_key: String,
}

/// What this consumer reads.
pub fn reads() -> Reads {
    Reads::of::<Incoming>("payment", file!())
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
