//! All events, as one enum.

use serde_json::Value;

use crate::EnvelopeError;
use crate::accounts::{UserLoggedIn, UserRegistered};
use crate::cart::{CartLineAdded, CartLineRemoved, CheckoutRejected, CheckoutStarted};
use crate::catalog::{ProductCreated, ProductUpdated, VariantPriceChanged};
use crate::id::OrderId;
use crate::inventory::{
    InventoryCommitRejected, InventoryHeld, InventoryHoldRejected, InventoryReleased,
    InventoryReserved, LowStock, StockChanged,
};
use crate::notification::{EmailFailed, EmailNotificationSent};
use crate::order::{
    CheckoutRequested, OrderCancelled, OrderConfirmed, OrderCreated, OrderExpired,
    OrderStatusChanged, RefundRequested,
};
use crate::payment::{
    PaymentExpired, PaymentFailed, PaymentInitiated, PaymentRefunded, PaymentSucceeded,
    RefundManualRequired,
};

/// Any event of the shop. A consumer matches on the ones it declared its interest in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each variant is documented at the struct it carries"
)]
#[expect(
    clippy::large_enum_variant,
    reason = "events live one at a time, on their way from JSON into a match"
)]
pub enum Event {
    UserRegistered(UserRegistered),
    UserLoggedIn(UserLoggedIn),
    ProductCreated(ProductCreated),
    ProductUpdated(ProductUpdated),
    VariantPriceChanged(VariantPriceChanged),
    CartLineAdded(CartLineAdded),
    CartLineRemoved(CartLineRemoved),
    CheckoutStarted(CheckoutStarted),
    CheckoutRejected(CheckoutRejected),
    CheckoutRequested(CheckoutRequested),
    OrderCreated(OrderCreated),
    OrderConfirmed(OrderConfirmed),
    OrderStatusChanged(OrderStatusChanged),
    OrderCancelled(OrderCancelled),
    OrderExpired(OrderExpired),
    RefundRequested(RefundRequested),
    InventoryHeld(InventoryHeld),
    InventoryHoldRejected(InventoryHoldRejected),
    InventoryReserved(InventoryReserved),
    InventoryCommitRejected(InventoryCommitRejected),
    InventoryReleased(InventoryReleased),
    StockChanged(StockChanged),
    LowStock(LowStock),
    PaymentInitiated(PaymentInitiated),
    PaymentSucceeded(PaymentSucceeded),
    PaymentFailed(PaymentFailed),
    PaymentExpired(PaymentExpired),
    PaymentRefunded(PaymentRefunded),
    RefundManualRequired(RefundManualRequired),
    EmailNotificationSent(EmailNotificationSent),
    EmailFailed(EmailFailed),
}

impl Event {
    /// Every event type there is, for topology and contract tests.
    pub const TYPES: &'static [&'static str] = &[
        "accounts.user_registered.v1",
        "accounts.user_logged_in.v1",
        "catalog.product_created.v1",
        "catalog.product_updated.v1",
        "catalog.variant_price_changed.v1",
        "cart.line_added.v1",
        "cart.line_removed.v1",
        "cart.checkout_started.v1",
        "cart.checkout_rejected.v1",
        "order.checkout_requested.v1",
        "order.created.v1",
        "order.confirmed.v1",
        "order.status_changed.v1",
        "order.cancelled.v1",
        "order.expired.v1",
        "order.refund_requested.v1",
        "inventory.held.v1",
        "inventory.hold_rejected.v1",
        "inventory.reserved.v1",
        "inventory.commit_rejected.v1",
        "inventory.released.v1",
        "inventory.stock_changed.v1",
        "inventory.low_stock.v1",
        "payment.initiated.v1",
        "payment.succeeded.v1",
        "payment.failed.v1",
        "payment.expired.v1",
        "payment.refunded.v1",
        "payment.refund_manual_required.v1",
        "notification.email_sent.v1",
        "notification.email_failed.v1",
    ];

    /// The type and routing key, `<context>.<event>.v<version>`.
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::UserRegistered(_) => "accounts.user_registered.v1",
            Self::UserLoggedIn(_) => "accounts.user_logged_in.v1",
            Self::ProductCreated(_) => "catalog.product_created.v1",
            Self::ProductUpdated(_) => "catalog.product_updated.v1",
            Self::VariantPriceChanged(_) => "catalog.variant_price_changed.v1",
            Self::CartLineAdded(_) => "cart.line_added.v1",
            Self::CartLineRemoved(_) => "cart.line_removed.v1",
            Self::CheckoutStarted(_) => "cart.checkout_started.v1",
            Self::CheckoutRejected(_) => "cart.checkout_rejected.v1",
            Self::CheckoutRequested(_) => "order.checkout_requested.v1",
            Self::OrderCreated(_) => "order.created.v1",
            Self::OrderConfirmed(_) => "order.confirmed.v1",
            Self::OrderStatusChanged(_) => "order.status_changed.v1",
            Self::OrderCancelled(_) => "order.cancelled.v1",
            Self::OrderExpired(_) => "order.expired.v1",
            Self::RefundRequested(_) => "order.refund_requested.v1",
            Self::InventoryHeld(_) => "inventory.held.v1",
            Self::InventoryHoldRejected(_) => "inventory.hold_rejected.v1",
            Self::InventoryReserved(_) => "inventory.reserved.v1",
            Self::InventoryCommitRejected(_) => "inventory.commit_rejected.v1",
            Self::InventoryReleased(_) => "inventory.released.v1",
            Self::StockChanged(_) => "inventory.stock_changed.v1",
            Self::LowStock(_) => "inventory.low_stock.v1",
            Self::PaymentInitiated(_) => "payment.initiated.v1",
            Self::PaymentSucceeded(_) => "payment.succeeded.v1",
            Self::PaymentFailed(_) => "payment.failed.v1",
            Self::PaymentExpired(_) => "payment.expired.v1",
            Self::PaymentRefunded(_) => "payment.refunded.v1",
            Self::RefundManualRequired(_) => "payment.refund_manual_required.v1",
            Self::EmailNotificationSent(_) => "notification.email_sent.v1",
            Self::EmailFailed(_) => "notification.email_failed.v1",
        }
    }

    /// The identifier of the aggregate the event is about.
    pub fn subject(&self) -> String {
        match self {
            Self::UserRegistered(e) => e.user_id.to_string(),
            Self::UserLoggedIn(e) => e.user_id.to_string(),
            Self::ProductCreated(e) => e.0.product_id.to_string(),
            Self::ProductUpdated(e) => e.0.product_id.to_string(),
            Self::VariantPriceChanged(e) => e.product_id.to_string(),
            Self::CartLineAdded(e) => e.cart_id.to_string(),
            Self::CartLineRemoved(e) => e.cart_id.to_string(),
            Self::CheckoutStarted(e) => e.cart.cart_id.to_string(),
            Self::CheckoutRejected(e) => e.order_id.to_string(),
            Self::CheckoutRequested(e) => e.order_id.to_string(),
            Self::OrderCreated(e) => e.order_id.to_string(),
            Self::OrderConfirmed(e) => e.order_id.to_string(),
            Self::OrderStatusChanged(e) => e.order_id.to_string(),
            Self::OrderCancelled(e) => e.order_id.to_string(),
            Self::OrderExpired(e) => e.order_id.to_string(),
            Self::RefundRequested(e) => e.order_id.to_string(),
            Self::InventoryHeld(e) => e.order_id.to_string(),
            Self::InventoryHoldRejected(e) => e.order_id.to_string(),
            Self::InventoryReserved(e) => e.order_id.to_string(),
            Self::InventoryCommitRejected(e) => e.order_id.to_string(),
            Self::InventoryReleased(e) => e.order_id.to_string(),
            Self::StockChanged(e) => e.variant_id.to_string(),
            Self::LowStock(e) => e.variant_id.to_string(),
            Self::PaymentInitiated(e) => e.payment_id.to_string(),
            Self::PaymentSucceeded(e) => e.payment_id.to_string(),
            Self::PaymentFailed(e) => e.payment_id.to_string(),
            Self::PaymentExpired(e) => e.payment_id.to_string(),
            Self::PaymentRefunded(e) => e.payment_id.to_string(),
            Self::RefundManualRequired(e) => e.payment_id.to_string(),
            Self::EmailNotificationSent(e) => e.email_id.to_string(),
            Self::EmailFailed(e) => e.email_id.to_string(),
        }
    }

    /// The order whose story this event belongs to, if it belongs to one.
    pub fn order_id(&self) -> Option<OrderId> {
        match self {
            Self::UserRegistered(_) => None,
            Self::UserLoggedIn(_) => None,
            Self::ProductCreated(_) => None,
            Self::ProductUpdated(_) => None,
            Self::VariantPriceChanged(_) => None,
            Self::CartLineAdded(_) => None,
            Self::CartLineRemoved(_) => None,
            Self::CheckoutStarted(e) => Some(e.order_id),
            Self::CheckoutRejected(e) => Some(e.order_id),
            Self::CheckoutRequested(e) => Some(e.order_id),
            Self::OrderCreated(e) => Some(e.order_id),
            Self::OrderConfirmed(e) => Some(e.order_id),
            Self::OrderStatusChanged(e) => Some(e.order_id),
            Self::OrderCancelled(e) => Some(e.order_id),
            Self::OrderExpired(e) => Some(e.order_id),
            Self::RefundRequested(e) => Some(e.order_id),
            Self::InventoryHeld(e) => Some(e.order_id),
            Self::InventoryHoldRejected(e) => Some(e.order_id),
            Self::InventoryReserved(e) => Some(e.order_id),
            Self::InventoryCommitRejected(e) => Some(e.order_id),
            Self::InventoryReleased(e) => Some(e.order_id),
            Self::StockChanged(_) => None,
            Self::LowStock(_) => None,
            Self::PaymentInitiated(e) => Some(e.order_id),
            Self::PaymentSucceeded(e) => Some(e.order_id),
            Self::PaymentFailed(e) => Some(e.order_id),
            Self::PaymentExpired(e) => Some(e.order_id),
            Self::PaymentRefunded(e) => Some(e.order_id),
            Self::RefundManualRequired(e) => Some(e.order_id),
            Self::EmailNotificationSent(e) => e.order_id,
            Self::EmailFailed(e) => e.order_id,
        }
    }

    /// The event's payload as JSON.
    pub(crate) fn data(&self) -> Result<Value, serde_json::Error> {
        match self {
            Self::UserRegistered(e) => serde_json::to_value(e),
            Self::UserLoggedIn(e) => serde_json::to_value(e),
            Self::ProductCreated(e) => serde_json::to_value(e),
            Self::ProductUpdated(e) => serde_json::to_value(e),
            Self::VariantPriceChanged(e) => serde_json::to_value(e),
            Self::CartLineAdded(e) => serde_json::to_value(e),
            Self::CartLineRemoved(e) => serde_json::to_value(e),
            Self::CheckoutStarted(e) => serde_json::to_value(e),
            Self::CheckoutRejected(e) => serde_json::to_value(e),
            Self::CheckoutRequested(e) => serde_json::to_value(e),
            Self::OrderCreated(e) => serde_json::to_value(e),
            Self::OrderConfirmed(e) => serde_json::to_value(e),
            Self::OrderStatusChanged(e) => serde_json::to_value(e),
            Self::OrderCancelled(e) => serde_json::to_value(e),
            Self::OrderExpired(e) => serde_json::to_value(e),
            Self::RefundRequested(e) => serde_json::to_value(e),
            Self::InventoryHeld(e) => serde_json::to_value(e),
            Self::InventoryHoldRejected(e) => serde_json::to_value(e),
            Self::InventoryReserved(e) => serde_json::to_value(e),
            Self::InventoryCommitRejected(e) => serde_json::to_value(e),
            Self::InventoryReleased(e) => serde_json::to_value(e),
            Self::StockChanged(e) => serde_json::to_value(e),
            Self::LowStock(e) => serde_json::to_value(e),
            Self::PaymentInitiated(e) => serde_json::to_value(e),
            Self::PaymentSucceeded(e) => serde_json::to_value(e),
            Self::PaymentFailed(e) => serde_json::to_value(e),
            Self::PaymentExpired(e) => serde_json::to_value(e),
            Self::PaymentRefunded(e) => serde_json::to_value(e),
            Self::RefundManualRequired(e) => serde_json::to_value(e),
            Self::EmailNotificationSent(e) => serde_json::to_value(e),
            Self::EmailFailed(e) => serde_json::to_value(e),
        }
    }

    /// Reads a payload of the given type.
    pub(crate) fn from_data(event_type: &str, data: Value) -> Result<Self, EnvelopeError> {
        let event = match event_type {
            "accounts.user_registered.v1" => Self::UserRegistered(serde_json::from_value(data)?),
            "accounts.user_logged_in.v1" => Self::UserLoggedIn(serde_json::from_value(data)?),
            "catalog.product_created.v1" => Self::ProductCreated(serde_json::from_value(data)?),
            "catalog.product_updated.v1" => Self::ProductUpdated(serde_json::from_value(data)?),
            "catalog.variant_price_changed.v1" => {
                Self::VariantPriceChanged(serde_json::from_value(data)?)
            }
            "cart.line_added.v1" => Self::CartLineAdded(serde_json::from_value(data)?),
            "cart.line_removed.v1" => Self::CartLineRemoved(serde_json::from_value(data)?),
            "cart.checkout_started.v1" => Self::CheckoutStarted(serde_json::from_value(data)?),
            "cart.checkout_rejected.v1" => Self::CheckoutRejected(serde_json::from_value(data)?),
            "order.checkout_requested.v1" => Self::CheckoutRequested(serde_json::from_value(data)?),
            "order.created.v1" => Self::OrderCreated(serde_json::from_value(data)?),
            "order.confirmed.v1" => Self::OrderConfirmed(serde_json::from_value(data)?),
            "order.status_changed.v1" => Self::OrderStatusChanged(serde_json::from_value(data)?),
            "order.cancelled.v1" => Self::OrderCancelled(serde_json::from_value(data)?),
            "order.expired.v1" => Self::OrderExpired(serde_json::from_value(data)?),
            "order.refund_requested.v1" => Self::RefundRequested(serde_json::from_value(data)?),
            "inventory.held.v1" => Self::InventoryHeld(serde_json::from_value(data)?),
            "inventory.hold_rejected.v1" => {
                Self::InventoryHoldRejected(serde_json::from_value(data)?)
            }
            "inventory.reserved.v1" => Self::InventoryReserved(serde_json::from_value(data)?),
            "inventory.commit_rejected.v1" => {
                Self::InventoryCommitRejected(serde_json::from_value(data)?)
            }
            "inventory.released.v1" => Self::InventoryReleased(serde_json::from_value(data)?),
            "inventory.stock_changed.v1" => Self::StockChanged(serde_json::from_value(data)?),
            "inventory.low_stock.v1" => Self::LowStock(serde_json::from_value(data)?),
            "payment.initiated.v1" => Self::PaymentInitiated(serde_json::from_value(data)?),
            "payment.succeeded.v1" => Self::PaymentSucceeded(serde_json::from_value(data)?),
            "payment.failed.v1" => Self::PaymentFailed(serde_json::from_value(data)?),
            "payment.expired.v1" => Self::PaymentExpired(serde_json::from_value(data)?),
            "payment.refunded.v1" => Self::PaymentRefunded(serde_json::from_value(data)?),
            "payment.refund_manual_required.v1" => {
                Self::RefundManualRequired(serde_json::from_value(data)?)
            }
            "notification.email_sent.v1" => {
                Self::EmailNotificationSent(serde_json::from_value(data)?)
            }
            "notification.email_failed.v1" => Self::EmailFailed(serde_json::from_value(data)?),
            unknown => return Err(EnvelopeError::UnknownType(unknown.to_owned())),
        };
        Ok(event)
    }
}

impl From<UserRegistered> for Event {
    fn from(event: UserRegistered) -> Self {
        Self::UserRegistered(event)
    }
}

impl From<UserLoggedIn> for Event {
    fn from(event: UserLoggedIn) -> Self {
        Self::UserLoggedIn(event)
    }
}

impl From<ProductCreated> for Event {
    fn from(event: ProductCreated) -> Self {
        Self::ProductCreated(event)
    }
}

impl From<ProductUpdated> for Event {
    fn from(event: ProductUpdated) -> Self {
        Self::ProductUpdated(event)
    }
}

impl From<VariantPriceChanged> for Event {
    fn from(event: VariantPriceChanged) -> Self {
        Self::VariantPriceChanged(event)
    }
}

impl From<CartLineAdded> for Event {
    fn from(event: CartLineAdded) -> Self {
        Self::CartLineAdded(event)
    }
}

impl From<CartLineRemoved> for Event {
    fn from(event: CartLineRemoved) -> Self {
        Self::CartLineRemoved(event)
    }
}

impl From<CheckoutStarted> for Event {
    fn from(event: CheckoutStarted) -> Self {
        Self::CheckoutStarted(event)
    }
}

impl From<CheckoutRejected> for Event {
    fn from(event: CheckoutRejected) -> Self {
        Self::CheckoutRejected(event)
    }
}

impl From<CheckoutRequested> for Event {
    fn from(event: CheckoutRequested) -> Self {
        Self::CheckoutRequested(event)
    }
}

impl From<OrderCreated> for Event {
    fn from(event: OrderCreated) -> Self {
        Self::OrderCreated(event)
    }
}

impl From<OrderConfirmed> for Event {
    fn from(event: OrderConfirmed) -> Self {
        Self::OrderConfirmed(event)
    }
}

impl From<OrderStatusChanged> for Event {
    fn from(event: OrderStatusChanged) -> Self {
        Self::OrderStatusChanged(event)
    }
}

impl From<OrderCancelled> for Event {
    fn from(event: OrderCancelled) -> Self {
        Self::OrderCancelled(event)
    }
}

impl From<OrderExpired> for Event {
    fn from(event: OrderExpired) -> Self {
        Self::OrderExpired(event)
    }
}

impl From<RefundRequested> for Event {
    fn from(event: RefundRequested) -> Self {
        Self::RefundRequested(event)
    }
}

impl From<InventoryHeld> for Event {
    fn from(event: InventoryHeld) -> Self {
        Self::InventoryHeld(event)
    }
}

impl From<InventoryHoldRejected> for Event {
    fn from(event: InventoryHoldRejected) -> Self {
        Self::InventoryHoldRejected(event)
    }
}

impl From<InventoryReserved> for Event {
    fn from(event: InventoryReserved) -> Self {
        Self::InventoryReserved(event)
    }
}

impl From<InventoryCommitRejected> for Event {
    fn from(event: InventoryCommitRejected) -> Self {
        Self::InventoryCommitRejected(event)
    }
}

impl From<InventoryReleased> for Event {
    fn from(event: InventoryReleased) -> Self {
        Self::InventoryReleased(event)
    }
}

impl From<StockChanged> for Event {
    fn from(event: StockChanged) -> Self {
        Self::StockChanged(event)
    }
}

impl From<LowStock> for Event {
    fn from(event: LowStock) -> Self {
        Self::LowStock(event)
    }
}

impl From<PaymentInitiated> for Event {
    fn from(event: PaymentInitiated) -> Self {
        Self::PaymentInitiated(event)
    }
}

impl From<PaymentSucceeded> for Event {
    fn from(event: PaymentSucceeded) -> Self {
        Self::PaymentSucceeded(event)
    }
}

impl From<PaymentFailed> for Event {
    fn from(event: PaymentFailed) -> Self {
        Self::PaymentFailed(event)
    }
}

impl From<PaymentExpired> for Event {
    fn from(event: PaymentExpired) -> Self {
        Self::PaymentExpired(event)
    }
}

impl From<PaymentRefunded> for Event {
    fn from(event: PaymentRefunded) -> Self {
        Self::PaymentRefunded(event)
    }
}

impl From<RefundManualRequired> for Event {
    fn from(event: RefundManualRequired) -> Self {
        Self::RefundManualRequired(event)
    }
}

impl From<EmailNotificationSent> for Event {
    fn from(event: EmailNotificationSent) -> Self {
        Self::EmailNotificationSent(event)
    }
}

impl From<EmailFailed> for Event {
    fn from(event: EmailFailed) -> Self {
        Self::EmailFailed(event)
    }
}
