//! Events of the cart.

use money::{Currency, Money};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::PostalAddress;
use crate::id::{CartId, OrderId, ProductId, UserId, VariantId};

/// Units of a variant were put into a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CartLineAdded {
    /// The cart.
    pub cart_id: CartId,
    /// Its owner, none for a guest.
    pub user_id: Option<UserId>,
    /// The variant.
    pub variant_id: VariantId,
    /// Units added, more than zero.
    pub quantity: i64,
}

/// Units of a variant were taken out of a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CartLineRemoved {
    /// The cart.
    pub cart_id: CartId,
    /// Its owner, none for a guest.
    pub user_id: Option<UserId>,
    /// The variant.
    pub variant_id: VariantId,
    /// Units removed, more than zero.
    pub quantity: i64,
}

/// The cart accepted a checkout request and is locked to the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutStarted {
    /// The order that was asked for in `order.checkout_requested`.
    pub order_id: OrderId,
    /// What the cart holds, priced.
    pub cart: CartSnapshot,
}

/// The cart refused a checkout request; nothing was locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutRejected {
    /// The order that was asked for.
    pub order_id: OrderId,
    /// Stable code for the client: `CART_NOT_FOUND`, `CART_EMPTY`, `CART_CHANGED`, `CART_LOCKED`,
    /// `ADDRESS_REQUIRED`, `EMAIL_REQUIRED`, `SHIPPING_METHOD_REQUIRED`, `VARIANT_NOT_PURCHASABLE`.
    pub code: String,
    /// A sentence for the developer who reads the answer.
    pub message: String,
}

/// A cart at the moment of checkout: everything an order copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CartSnapshot {
    /// The cart.
    pub cart_id: CartId,
    /// Owner, none for a guest.
    pub user_id: Option<UserId>,
    /// Where the confirmation goes.
    #[schemars(extend("format" = "email"))]
    pub email: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// Equal for equal content (lines, prices, address, shipping): tells a resumed checkout from a
    /// changed one.
    pub fingerprint: String,
    /// The lines, in cart order.
    pub lines: Vec<CartSnapshotLine>,
    /// Where the parcel goes.
    pub shipping_address: PostalAddress,
    /// Code of the shipping method.
    pub shipping_method: String,
    /// Σ line subtotals, before discount and tax.
    pub subtotal: i64,
    /// Discount on the goods, zero or more.
    pub discount: i64,
    /// Shipping, net of tax.
    pub shipping: i64,
    /// Tax on goods and shipping.
    pub tax: i64,
    /// subtotal − discount + shipping + tax.
    pub total: i64,
}

/// A line of a [`CartSnapshot`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CartSnapshotLine {
    /// The variant.
    pub variant_id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// Its SKU.
    pub sku: String,
    /// Name to print on the order: product and variant.
    pub name: String,
    /// Units, more than zero.
    pub quantity: i64,
    /// Price of one unit, net of tax.
    pub unit_price: Money,
    /// Discount on this line, zero or more, in minor units.
    pub discount: i64,
    /// Tax on this line, in minor units.
    pub tax: i64,
}
