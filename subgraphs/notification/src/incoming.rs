//! What notification reads of other services' events: the fields it uses, and no others.

use chrono::{DateTime, Utc};
use events::contract::Reads;
use events::id::{OrderId, UserId};
use events::order::OrderTotals;
use money::Money;
use schemars::JsonSchema;
use serde::Deserialize;

/// An event notification is interested in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
pub(crate) enum Incoming {
    #[serde(rename = "order.confirmed.v1")]
    OrderConfirmed(OrderConfirmed),
    #[serde(rename = "order.status_changed.v1")]
    OrderStatusChanged(OrderStatusChanged),
}

/// An order that became official.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderConfirmed {
    pub(crate) order_id: OrderId,
    pub(crate) number: String,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) user_id: Option<UserId>,
    pub(crate) email: String,
    pub(crate) lines: Vec<OrderedLine>,
    pub(crate) totals: OrderTotals,
}

/// A line of a confirmed order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderedLine {
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) quantity: i64,
    pub(crate) price_at_purchase: Money,
}

/// An order that moved on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderStatusChanged {
    pub(crate) order_id: OrderId,
    pub(crate) number: Option<String>,
    pub(crate) email: String,
    pub(crate) to: String,
    pub(crate) carrier: Option<String>,
    pub(crate) tracking_number: Option<String>,
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
