//! `CartUserError`.

use async_graphql::{Enum, SimpleObject};
use service::ApiError;

use crate::error::CartError;

/// Why a change of a cart was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum CartErrorCode {
    /// There is no such cart, or it is not the caller's.
    CartNotFound,
    /// The cart is being paid for, or has become an order.
    CartLocked,
    /// More units than the cart may hold; `max` says how many it may.
    CartCapacityExceeded,
    /// A quantity that is no quantity.
    QuantityInvalid,
    /// There is no such variant.
    VariantNotFound,
    /// The variant is not sold at the moment.
    VariantNotPurchasable,
    /// Another currency than the cart's.
    CurrencyMismatch,
    /// The cart has no such line.
    LineNotFound,
    /// The shipping method is not offered for this cart.
    ShippingMethodInvalid,
    /// The shipping address must be set first.
    AddressRequired,
    /// A field of the address is missing, too long or not well-formed.
    AddressInvalid,
    /// Not an e-mail address.
    EmailInvalid,
    /// The idempotency key was used for another request.
    IdempotencyKeyReused,
    /// The idempotency key is empty, too long or has control characters.
    IdempotencyKeyInvalid,
}

/// Why a change of a cart was refused. Nothing was changed then.
#[derive(SimpleObject)]
pub(crate) struct CartUserError {
    /// Path of the input field that is to blame, for example `["input", "lines", "0", "quantity"]`;
    /// null if it is not about one field.
    field: Option<Vec<String>>,
    /// Reason, to switch on.
    code: CartErrorCode,
    /// A sentence for developers; not meant for display.
    message: String,
    /// With `CART_CAPACITY_EXCEEDED`: the most units the cart may hold.
    max: Option<i32>,
}

impl TryFrom<CartError> for CartUserError {
    type Error = ApiError;

    /// Faults of ours are no user errors.
    fn try_from(error: CartError) -> Result<Self, ApiError> {
        let code = match &error {
            CartError::NotFound => CartErrorCode::CartNotFound,
            CartError::Locked(_) => CartErrorCode::CartLocked,
            CartError::CapacityExceeded { .. } => CartErrorCode::CartCapacityExceeded,
            CartError::QuantityInvalid { .. } => CartErrorCode::QuantityInvalid,
            CartError::VariantNotFound { .. } => CartErrorCode::VariantNotFound,
            CartError::VariantNotPurchasable { .. } => CartErrorCode::VariantNotPurchasable,
            CartError::CurrencyMismatch { .. } => CartErrorCode::CurrencyMismatch,
            CartError::LineNotFound { .. } => CartErrorCode::LineNotFound,
            CartError::ShippingMethodInvalid => CartErrorCode::ShippingMethodInvalid,
            CartError::AddressRequired => CartErrorCode::AddressRequired,
            CartError::AddressInvalid { .. } => CartErrorCode::AddressInvalid,
            CartError::EmailInvalid => CartErrorCode::EmailInvalid,
            CartError::IdempotencyKeyReused => CartErrorCode::IdempotencyKeyReused,
            CartError::IdempotencyKeyInvalid => CartErrorCode::IdempotencyKeyInvalid,
            CartError::Pricing(_) | CartError::Database(_) => {
                return Err(ApiError::internal(error));
            }
        };
        let max = match error {
            CartError::CapacityExceeded { max, .. } => Some(max),
            _ => None,
        };
        Ok(Self {
            field: error.field().map(below_input),
            code,
            message: error.to_string(),
            max,
        })
    }
}

/// The path as the client wrote it: the domain's fields are those of the mutation's `input`.
fn below_input(mut field: Vec<String>) -> Vec<String> {
    field.insert(0, "input".to_owned());
    field
}

#[cfg(test)]
mod tests {
    use async_graphql::EnumType;

    use super::*;

    #[test]
    fn the_api_names_codes_as_the_domain_does() {
        let errors = [
            CartError::NotFound,
            CartError::Locked(""),
            CartError::AddressRequired,
            CartError::EmailInvalid,
            CartError::ShippingMethodInvalid,
            CartError::IdempotencyKeyReused,
            CartError::IdempotencyKeyInvalid,
            CartError::CapacityExceeded {
                max: 10,
                field: Vec::new(),
            },
            CartError::QuantityInvalid {
                allowed: "",
                field: Vec::new(),
            },
            CartError::VariantNotFound { field: Vec::new() },
            CartError::VariantNotPurchasable {
                sku: String::new(),
                field: Vec::new(),
            },
            CartError::CurrencyMismatch {
                cart: String::new(),
                other: String::new(),
                field: Vec::new(),
            },
            CartError::LineNotFound { field: Vec::new() },
            CartError::AddressInvalid { field: "city" },
        ];
        assert_eq!(errors.len(), CartErrorCode::items().len());
        for error in errors {
            let code = error.code();
            let user_error = CartUserError::try_from(error).expect("a rule, not a fault");
            let item = CartErrorCode::items()
                .iter()
                .find(|item| item.value == user_error.code)
                .expect("listed");
            assert_eq!(item.name, code);
        }
    }
}
