//! Events of the payment.

use chrono::{DateTime, Utc};
use money::Money;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{OrderId, PaymentId, RefundId};

/// A payment attempt was opened with a provider. Second link of the checkout chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentInitiated {
    /// The attempt.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// `DEMO`, `STRIPE`, `MIDTRANS` or `PAYPAL`.
    pub provider: String,
    /// What is to be paid.
    pub amount: Money,
    /// When the provider gives up; the stock hold is extended to this plus a grace period.
    pub expires_at: DateTime<Utc>,
}

/// The provider has the money. Third link of the chain. At most once per order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentSucceeded {
    /// The attempt.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// The provider.
    pub provider: String,
    /// What was paid.
    pub amount: Money,
    /// The provider's own reference.
    pub gateway_ref: String,
    /// When it was paid.
    pub paid_at: DateTime<Utc>,
}

/// An attempt failed; another one may follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentFailed {
    /// The attempt.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// The provider's reason code, for example `declined`.
    pub reason: String,
    /// Whether another attempt makes sense.
    pub retryable: bool,
}

/// The provider gave up waiting for the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentExpired {
    /// The attempt.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
}

/// Money went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRefunded {
    /// The refund.
    pub refund_id: RefundId,
    /// The payment.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// How much went back this time.
    pub amount: Money,
    /// How much of the capture is left.
    pub remaining: Money,
}

/// A refund has to be done by hand: the provider has no refund API for the method, or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefundManualRequired {
    /// The refund.
    pub refund_id: RefundId,
    /// The payment.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// How much has to go back.
    pub amount: Money,
    /// Why it could not be done by the provider.
    pub reason: String,
}
