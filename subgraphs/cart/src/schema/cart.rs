//! `Cart`.

use async_graphql::{Enum, ID, Object};
use chrono::{DateTime, Utc};
use events::id::CartId;
use service::graphql::{BigInt, CurrencyCode, PostalAddress};

use super::cart_line::CartLine;
use super::cost::CartCost;
use super::shipping::ShippingMethod;
use super::warning::CartWarning;
use crate::domain::CartView;
use crate::entity::cart;

/// Where a cart stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "cart::CartStatus")]
pub(crate) enum CartStatus {
    /// It is being filled.
    Active,
    /// It was checked out as an order that is not paid yet. Changing it makes it `ACTIVE` again; while
    /// a payment is open, changes are refused with `CART_LOCKED`.
    Checkout,
    /// Its order is confirmed; it cannot be changed any more.
    Converted,
    /// It was not used for a while; using it makes it `ACTIVE` again.
    Abandoned,
    /// It was not used for so long that it is closed.
    Expired,
    /// It was a guest's cart and went into the cart of the user who signed in.
    Merged,
}

/// What a buyer is about to order. Amounts are computed from present prices whenever the cart is read.
pub(crate) struct Cart(pub(crate) CartView);

/// What a buyer is about to order. Amounts are computed from present prices whenever the cart is read.
#[Object]
impl Cart {
    /// Identifier.
    async fn id(&self) -> ID {
        CartId::from_uuid(self.0.cart.id).to_string().into()
    }

    /// Currency of every amount in the cart.
    async fn currency_code(&self) -> CurrencyCode {
        // Carts are only created in currencies of the API.
        CurrencyCode::from_currency(self.0.currency).unwrap_or(CurrencyCode::Idr)
    }

    /// The most units the cart may hold, over all lines.
    async fn capacity(&self) -> i32 {
        self.0.cart.capacity
    }

    /// Units in the cart, over all lines.
    async fn total_quantity(&self) -> i32 {
        self.0.cart.total_quantity
    }

    /// The lines, in the order they were added; at most as many as `capacity`.
    async fn lines(&self) -> Vec<CartLine> {
        self.0.lines.iter().cloned().map(CartLine::from).collect()
    }

    /// What the cart costs now.
    async fn cost(&self) -> CartCost {
        CartCost::from(&self.0.cost)
    }

    /// Where the cart stands.
    async fn status(&self) -> CartStatus {
        self.0.cart.status.into()
    }

    /// Where the parcel goes, once it is set.
    async fn shipping_address(&self) -> Option<PostalAddress> {
        self.0.shipping_address.clone().map(PostalAddress::from)
    }

    /// How the parcel is sent, once it is chosen.
    async fn shipping_method(&self) -> Option<ShippingMethod> {
        self.0.shipping_method.clone().map(ShippingMethod::from)
    }

    /// How the parcel can be sent, with prices for what the cart holds now: the few methods the shop
    /// has for this currency.
    async fn shipping_methods(&self) -> Vec<ShippingMethod> {
        self.0
            .shipping_methods
            .iter()
            .cloned()
            .map(ShippingMethod::from)
            .collect()
    }

    /// Where messages about the order go; for a signed-in user at first the account's address.
    async fn email(&self) -> Option<&str> {
        self.0.cart.email.as_deref()
    }

    /// What the buyer should know: changed prices, missing stock, lines that were dropped. A changed
    /// price is reported until the next change of the cart, whose answer reports it for the last time.
    /// There are a few per line at most.
    async fn warnings(&self) -> Vec<CartWarning> {
        self.0
            .warnings
            .iter()
            .cloned()
            .map(CartWarning::from)
            .collect()
    }

    /// When the cart was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.cart.created_at
    }

    /// When the cart is closed unless it is used.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.cart.expires_at
    }

    /// When the cart last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.cart.updated_at
    }

    /// Grows with every change of the cart.
    async fn version(&self) -> BigInt {
        BigInt(self.0.cart.version)
    }
}
