//! Events of the order.

use chrono::{DateTime, Utc};
use money::{Currency, Money};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{CartId, OrderId, PaymentId, ProductId, UserId, VariantId};

/// A buyer asked to turn a cart into an order; the cart answers with `cart.checkout_started` or
/// `cart.checkout_rejected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutRequested {
    /// Identifier the order will have.
    pub order_id: OrderId,
    /// The cart.
    pub cart_id: CartId,
    /// The signed-in buyer, if any.
    pub user_id: Option<UserId>,
    /// SHA-256 (hex) of the cart token, for a guest.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub cart_token_hash: Option<String>,
    /// The total the buyer agreed to; another total is refused with `CART_CHANGED`.
    pub accepted_total: Option<Money>,
}

/// An order exists, unpaid. First link of the checkout chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderCreated {
    /// The order.
    pub order_id: OrderId,
    /// The cart it came from.
    pub cart_id: CartId,
    /// The buyer, none for a guest.
    pub user_id: Option<UserId>,
    /// SHA-256 (hex) of the order token, with which a guest proves that the order is theirs.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub order_token_hash: String,
    /// Where messages go.
    #[schemars(extend("format" = "email"))]
    pub email: String,
    /// What is sold.
    pub lines: Vec<OrderedLine>,
    /// Amounts.
    pub totals: OrderTotals,
    /// When the stock hold ends unless a payment extends it.
    pub expires_at: DateTime<Utc>,
}

/// A line of an order, as others need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderedLine {
    /// The variant.
    pub variant_id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// Its SKU.
    pub sku: String,
    /// Name at the time of the order.
    pub name: String,
    /// Units, more than zero.
    pub quantity: i64,
    /// Price of one unit, net of tax, frozen.
    pub price_at_purchase: Money,
}

/// The amounts of an order, in minor units: total = subtotal − discount + shipping + tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderTotals {
    /// Currency of all of them.
    pub currency: Currency,
    /// Σ lines, net.
    pub subtotal: i64,
    /// Discount.
    pub discount: i64,
    /// Shipping, net.
    pub shipping: i64,
    /// Tax.
    pub tax: i64,
    /// What the buyer pays.
    pub total: i64,
}

/// Paid, and stock committed: the order is official. Fifth link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderConfirmed {
    /// The order.
    pub order_id: OrderId,
    /// The cart it came from.
    pub cart_id: CartId,
    /// Its number, for people.
    pub number: String,
    /// When it became official.
    pub placed_at: DateTime<Utc>,
    /// The buyer, none for a guest.
    pub user_id: Option<UserId>,
    /// Where messages go.
    #[schemars(extend("format" = "email"))]
    pub email: String,
    /// What was sold.
    pub lines: Vec<OrderedLine>,
    /// Amounts.
    pub totals: OrderTotals,
}

/// The status of an order changed after it was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderStatusChanged {
    /// The order.
    pub order_id: OrderId,
    /// Its number, when it has one.
    pub number: Option<String>,
    /// Where messages go.
    #[schemars(extend("format" = "email"))]
    pub email: String,
    /// Status before, for example `CONFIRMED`.
    pub from: String,
    /// Status now, for example `PROCESSING`.
    pub to: String,
    /// Carrier, once shipped.
    pub carrier: Option<String>,
    /// Tracking number, once shipped.
    pub tracking_number: Option<String>,
}

/// An order was cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderCancelled {
    /// The order.
    pub order_id: OrderId,
    /// The cart it came from, to be unlocked.
    pub cart_id: CartId,
    /// Why: `hold_rejected`, `buyer`, `staff`, `cart_changed`, `checkout_timeout`, `stock_lost_after_payment`.
    pub reason: String,
    /// Whether stock that was already committed goes back too. False for an order that was unpaid
    /// as far as order knew: if a payment won the race, the commit stands and the order is revived.
    pub release_committed: bool,
}

/// An unpaid order ran out of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderExpired {
    /// The order.
    pub order_id: OrderId,
    /// The cart it came from, to be unlocked.
    pub cart_id: CartId,
}

/// Money has to go back to the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefundRequested {
    /// The order.
    pub order_id: OrderId,
    /// The payment to refund; none = the captured payment of the order.
    pub payment_id: Option<PaymentId>,
    /// How much; none = all that is left.
    pub amount: Option<Money>,
    /// Why.
    pub reason: String,
    /// Same key = same refund.
    pub refund_key: String,
}
