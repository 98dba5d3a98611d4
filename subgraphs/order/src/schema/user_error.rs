//! What a mutation refuses, as the payload tells it.

use async_graphql::{Enum, SimpleObject};
use service::ApiError;

use crate::domain::status::OrderStatus;
use crate::error::OrderError;

/// Why an order mutation was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum OrderErrorCode {
    /// The cart does not exist, or is not yours.
    CartNotFound,
    /// The cart has no lines.
    CartEmpty,
    /// The cart's total is not `acceptedTotal` any more; show the new one and ask again.
    CartChanged,
    /// A payment for this cart is under way or done.
    CartLocked,
    /// The cart has no shipping address.
    AddressRequired,
    /// The cart has no e-mail address.
    EmailRequired,
    /// The cart has no shipping method.
    ShippingMethodRequired,
    /// Something in the cart is not for sale any more.
    VariantNotPurchasable,
    /// There is not enough stock; `shortages` tells of what.
    InsufficientStock,
    /// The idempotency key was used before with another input.
    IdempotencyKeyReused,
    /// No answer in time; send the same request with the same key again.
    TryAgain,
    /// The order does not exist, or you may not see it.
    OrderNotFound,
    /// The order cannot go from `from` to `to`, or not by you.
    IllegalTransition,
    /// The order is paid or over; ask the shop.
    NotCancellable,
    /// A shipped order needs a tracking number.
    TrackingRequired,
    /// The order changed at the same moment; try again.
    StaleVersion,
    /// An input value makes no sense; `field` tells which.
    InputInvalid,
}

/// A refusal of an order mutation.
#[derive(Debug, SimpleObject)]
pub(crate) struct OrderUserError {
    /// Path of the input field, for example `["input", "cartId"]`; null if it is about none.
    field: Option<Vec<String>>,
    /// For programs.
    code: OrderErrorCode,
    /// For developers, in English.
    message: String,
    /// With `ILLEGAL_TRANSITION`: the order's status.
    from: Option<OrderStatus>,
    /// With `ILLEGAL_TRANSITION`: the status that was asked for.
    to: Option<OrderStatus>,
}

/// A variant of which there is not enough.
#[derive(Debug, SimpleObject)]
pub(crate) struct OrderShortage {
    /// The variant.
    variant_id: async_graphql::ID,
    /// Its SKU.
    sku: String,
    /// Units asked for, over all lines.
    requested: i32,
    /// Units there are.
    available: i32,
}

impl OrderShortage {
    /// The shortages an error tells of.
    pub(crate) fn of(error: &OrderError) -> Vec<Self> {
        let OrderError::InsufficientStock { shortages } = error else {
            return Vec::new();
        };
        let units = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        shortages
            .iter()
            .map(|short| Self {
                variant_id: short.shortage.variant_id.to_string().into(),
                sku: short.sku.clone(),
                requested: units(short.shortage.requested),
                available: units(short.shortage.available),
            })
            .collect()
    }
}

impl OrderUserError {
    /// What the client is told of `error`.
    ///
    /// # Errors
    /// Faults are none of the client's business.
    pub(crate) fn of(error: OrderError) -> Result<Self, ApiError> {
        let message = error.to_string();
        let (mut from, mut to) = (None, None);
        let (field, code) = match error {
            OrderError::InputInvalid { field, .. } => (Some(field), OrderErrorCode::InputInvalid),
            OrderError::IdempotencyKeyReused => {
                (Some("idempotencyKey"), OrderErrorCode::IdempotencyKeyReused)
            }
            OrderError::CartNotFound => (Some("cartId"), OrderErrorCode::CartNotFound),
            OrderError::CheckoutRejected { code, .. } => cart_code(&code),
            OrderError::InsufficientStock { .. } => {
                (Some("cartId"), OrderErrorCode::InsufficientStock)
            }
            OrderError::TryAgain => (None, OrderErrorCode::TryAgain),
            OrderError::OrderNotFound => (Some("orderId"), OrderErrorCode::OrderNotFound),
            OrderError::IllegalTransition {
                from: start,
                to: end,
            } => {
                (from, to) = (Some(start), Some(end));
                (Some("status"), OrderErrorCode::IllegalTransition)
            }
            OrderError::NotCancellable => (Some("orderId"), OrderErrorCode::NotCancellable),
            OrderError::TrackingRequired => {
                (Some("trackingNumber"), OrderErrorCode::TrackingRequired)
            }
            OrderError::StaleVersion => (None, OrderErrorCode::StaleVersion),
            OrderError::SnapshotInvalid(_) | OrderError::Database(_) => {
                return Err(ApiError::internal(error));
            }
        };
        let field = field.map(|field| vec!["input".to_owned(), field.to_owned()]);
        Ok(Self {
            field,
            code,
            message,
            from,
            to,
        })
    }
}

/// The cart's own codes pass through; one this version does not know is worth another try.
fn cart_code(code: &str) -> (Option<&'static str>, OrderErrorCode) {
    match code {
        "CART_NOT_FOUND" => (Some("cartId"), OrderErrorCode::CartNotFound),
        "CART_EMPTY" => (Some("cartId"), OrderErrorCode::CartEmpty),
        "CART_CHANGED" => (Some("acceptedTotal"), OrderErrorCode::CartChanged),
        "CART_LOCKED" => (Some("cartId"), OrderErrorCode::CartLocked),
        "ADDRESS_REQUIRED" => (Some("cartId"), OrderErrorCode::AddressRequired),
        "EMAIL_REQUIRED" => (Some("cartId"), OrderErrorCode::EmailRequired),
        "SHIPPING_METHOD_REQUIRED" => (Some("cartId"), OrderErrorCode::ShippingMethodRequired),
        "VARIANT_NOT_PURCHASABLE" => (Some("cartId"), OrderErrorCode::VariantNotPurchasable),
        "INSUFFICIENT_STOCK" => (Some("cartId"), OrderErrorCode::InsufficientStock),
        _ => (None, OrderErrorCode::TryAgain),
    }
}
