//! What the order service reads of other services' events: the fields it uses, and no others.

use chrono::{DateTime, Utc};
use events::cart::CartSnapshot;
use events::contract::Reads;
use events::id::{OrderId, PaymentId};
use events::inventory::Shortage;
use money::Money;
use schemars::JsonSchema;
use serde::Deserialize;

/// An event the order service is interested in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
#[expect(
    clippy::large_enum_variant,
    reason = "events live one at a time, on their way from JSON into a match"
)]
pub(crate) enum Incoming {
    #[serde(rename = "cart.checkout_started.v1")]
    CheckoutStarted(CheckoutStarted),
    #[serde(rename = "cart.checkout_rejected.v1")]
    CheckoutRejected(CheckoutRejected),
    #[serde(rename = "inventory.held.v1")]
    InventoryHeld { order_id: OrderId },
    #[serde(rename = "inventory.hold_rejected.v1")]
    InventoryHoldRejected {
        order_id: OrderId,
        shortages: Vec<Shortage>,
    },
    #[serde(rename = "inventory.reserved.v1")]
    InventoryReserved { order_id: OrderId },
    #[serde(rename = "inventory.commit_rejected.v1")]
    InventoryCommitRejected {
        order_id: OrderId,
        shortages: Vec<Shortage>,
    },
    #[serde(rename = "inventory.released.v1")]
    InventoryReleased { order_id: OrderId },
    #[serde(rename = "payment.initiated.v1")]
    PaymentInitiated {
        payment_id: PaymentId,
        order_id: OrderId,
        expires_at: DateTime<Utc>,
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
    #[serde(rename = "payment.refunded.v1")]
    PaymentRefunded {
        payment_id: PaymentId,
        order_id: OrderId,
        remaining: Money,
    },
    #[serde(rename = "notification.email_sent.v1")]
    EmailSent { order_id: Option<OrderId> },
}

/// A locked cart; the order copies all of its content.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckoutStarted {
    pub(crate) order_id: OrderId,
    pub(crate) cart: CartSnapshot,
}

/// Why a cart was not locked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckoutRejected {
    pub(crate) order_id: OrderId,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// What this consumer reads.
pub fn reads() -> Reads {
    Reads::of::<Incoming>("order", file!())
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
