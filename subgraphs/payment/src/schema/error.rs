//! What a payment mutation refused.

use async_graphql::{Enum, SimpleObject};
use service::ApiError;

use crate::error::PaymentError;

/// Why a payment operation was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum PaymentErrorCode {
    /// The provider is not available in this shop.
    PaymentMethodUnavailable,
    /// There is no such order, or it is not yours.
    OrderNotFound,
    /// The order was cancelled, has run out of time, or its stock is not set aside yet.
    OrderNotPayable,
    /// The order is paid already.
    PaymentAlreadyCaptured,
    /// The amount is too small for the provider.
    AmountBelowMinimum,
    /// The provider does not take the order's currency.
    CurrencyUnsupportedByGateway,
    /// The amount is in another currency than the payment.
    AmountMismatch,
    /// The provider refused the payment; another attempt with a new key may succeed.
    PaymentDeclined,
    /// There is no such payment.
    PaymentNotFound,
    /// More than what is left of the payment.
    RefundExceedsCaptured,
    /// The provider does not answer. Send the same request again, with the same key.
    GatewayUnavailable,
    /// The key was used before with other input.
    IdempotencyKeyReused,
    /// A field is empty, too long or malformed.
    InputInvalid,
    /// A field holds what looks like a card number. Never send card numbers here.
    CardNumberRefused,
}

/// Why a payment operation was refused.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(super) struct PaymentUserError {
    /// Path of the input field the error is about, for example `["input", "amount"]`; null if it is
    /// not about one field.
    pub(super) field: Option<Vec<String>>,
    /// What went wrong, for programs.
    pub(super) code: PaymentErrorCode,
    /// What went wrong, for people.
    pub(super) message: String,
}

impl TryFrom<PaymentError> for PaymentUserError {
    type Error = ApiError;

    /// Rules become user errors; faults of ours end the field.
    fn try_from(error: PaymentError) -> Result<Self, ApiError> {
        let message = error.to_string();
        let field = error
            .field()
            .map(|name| vec!["input".to_owned(), name.to_owned()]);
        let code = match error {
            PaymentError::MethodUnavailable => PaymentErrorCode::PaymentMethodUnavailable,
            PaymentError::OrderNotFound => PaymentErrorCode::OrderNotFound,
            PaymentError::OrderNotPayable { .. } => PaymentErrorCode::OrderNotPayable,
            PaymentError::AlreadyCaptured => PaymentErrorCode::PaymentAlreadyCaptured,
            PaymentError::AmountBelowMinimum => PaymentErrorCode::AmountBelowMinimum,
            PaymentError::CurrencyUnsupported { .. } => {
                PaymentErrorCode::CurrencyUnsupportedByGateway
            }
            PaymentError::AmountMismatch { .. } => PaymentErrorCode::AmountMismatch,
            PaymentError::Declined { .. } => PaymentErrorCode::PaymentDeclined,
            PaymentError::PaymentNotFound => PaymentErrorCode::PaymentNotFound,
            PaymentError::RefundExceedsCaptured { .. } => PaymentErrorCode::RefundExceedsCaptured,
            PaymentError::GatewayUnavailable => PaymentErrorCode::GatewayUnavailable,
            PaymentError::IdempotencyKeyReused => PaymentErrorCode::IdempotencyKeyReused,
            PaymentError::InputInvalid { .. } => PaymentErrorCode::InputInvalid,
            PaymentError::CardNumberRefused { .. } => PaymentErrorCode::CardNumberRefused,
            PaymentError::Database(error) => return Err(error.into()),
        };
        Ok(Self {
            field,
            code,
            message,
        })
    }
}
