//! What payment refuses, and why.

use sea_orm::DbErr;

/// Why an operation of payment was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// The provider does not exist here or is switched off.
    #[error("This payment method is not available.")]
    MethodUnavailable,
    /// There is no such order for this caller.
    #[error("This order does not exist.")]
    OrderNotFound,
    /// The order cannot be paid as it stands.
    #[error("This order cannot be paid: {reason}.")]
    OrderNotPayable {
        /// Why, in words for the buyer.
        reason: &'static str,
    },
    /// The order is paid.
    #[error("This order is already paid.")]
    AlreadyCaptured,
    /// The provider takes no amount as small as this.
    #[error("The amount is too small for this payment method.")]
    AmountBelowMinimum,
    /// The provider does not take this currency.
    #[error("This payment method does not take {currency}.")]
    CurrencyUnsupported {
        /// ISO 4217 code.
        currency: String,
    },
    /// The amount is in another currency than the payment.
    #[error("The amount must be in {currency}, like the payment.")]
    AmountMismatch {
        /// ISO 4217 code of the payment.
        currency: String,
    },
    /// The provider refused the attempt.
    #[error("The payment was declined ({decline_code}).")]
    Declined {
        /// The provider's reason code.
        decline_code: String,
    },
    /// There is no such payment.
    #[error("This payment does not exist.")]
    PaymentNotFound,
    /// More than is left of what was captured.
    #[error(
        "The refund is more than what is left of the payment ({left_minor} in the smallest unit)."
    )]
    RefundExceedsCaptured {
        /// What is left, in minor units.
        left_minor: i64,
    },
    /// The provider does not answer; the same request may be sent again.
    #[error("The payment provider does not answer. Please try again.")]
    GatewayUnavailable,
    /// The key was used for something else.
    #[error("This idempotency key was used for another request.")]
    IdempotencyKeyReused,
    /// A field is empty, too long, or not what it should be.
    #[error("{problem}")]
    InputInvalid {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A field holds what looks like a card number.
    #[error(
        "This looks like a card number. Card numbers are only ever entered on the payment provider's page."
    )]
    CardNumberRefused {
        /// Which field.
        field: &'static str,
    },
    /// The database refused.
    #[error("database error")]
    Database(#[from] DbErr),
}

impl From<outbox::EnqueueError> for PaymentError {
    fn from(error: outbox::EnqueueError) -> Self {
        Self::Database(error.into())
    }
}

impl PaymentError {
    /// The stable code clients switch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MethodUnavailable => "PAYMENT_METHOD_UNAVAILABLE",
            Self::OrderNotFound => "ORDER_NOT_FOUND",
            Self::OrderNotPayable { .. } => "ORDER_NOT_PAYABLE",
            Self::AlreadyCaptured => "PAYMENT_ALREADY_CAPTURED",
            Self::AmountBelowMinimum => "AMOUNT_BELOW_MINIMUM",
            Self::CurrencyUnsupported { .. } => "CURRENCY_UNSUPPORTED_BY_GATEWAY",
            Self::AmountMismatch { .. } => "AMOUNT_MISMATCH",
            Self::Declined { .. } => "PAYMENT_DECLINED",
            Self::PaymentNotFound => "PAYMENT_NOT_FOUND",
            Self::RefundExceedsCaptured { .. } => "REFUND_EXCEEDS_CAPTURED",
            Self::GatewayUnavailable => "GATEWAY_UNAVAILABLE",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::InputInvalid { .. } => "INPUT_INVALID",
            Self::CardNumberRefused { .. } => "CARD_NUMBER_REFUSED",
            Self::Database(_) => "INTERNAL_SERVER_ERROR",
        }
    }

    /// The input field it is about, if it is about one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::MethodUnavailable | Self::CurrencyUnsupported { .. } => Some("provider"),
            Self::OrderNotFound
            | Self::OrderNotPayable { .. }
            | Self::AlreadyCaptured
            | Self::AmountBelowMinimum => Some("orderId"),
            Self::PaymentNotFound => Some("paymentId"),
            Self::AmountMismatch { .. } | Self::RefundExceedsCaptured { .. } => Some("amount"),
            Self::IdempotencyKeyReused => Some("idempotencyKey"),
            Self::InputInvalid { field, .. } | Self::CardNumberRefused { field } => Some(field),
            Self::Declined { .. } | Self::GatewayUnavailable | Self::Database(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_messages_are_stable() {
        let errors = [
            PaymentError::MethodUnavailable,
            PaymentError::OrderNotFound,
            PaymentError::OrderNotPayable {
                reason: "it was cancelled",
            },
            PaymentError::AlreadyCaptured,
            PaymentError::AmountBelowMinimum,
            PaymentError::CurrencyUnsupported {
                currency: "IDR".to_owned(),
            },
            PaymentError::AmountMismatch {
                currency: "IDR".to_owned(),
            },
            PaymentError::Declined {
                decline_code: "declined".to_owned(),
            },
            PaymentError::PaymentNotFound,
            PaymentError::RefundExceedsCaptured { left_minor: 5 },
            PaymentError::GatewayUnavailable,
            PaymentError::IdempotencyKeyReused,
            PaymentError::InputInvalid {
                field: "reason",
                problem: "The reason is too long.",
            },
            PaymentError::CardNumberRefused { field: "reason" },
            PaymentError::Database(DbErr::RecordNotUpdated),
        ];
        let lines: Vec<_> = errors
            .iter()
            .map(|error| format!("{} {} {error}", error.code(), error.field().unwrap_or("-")))
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
