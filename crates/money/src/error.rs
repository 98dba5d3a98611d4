//! What can go wrong with money.

use crate::Currency;

/// Why an amount could not be read or computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two amounts of different currencies met in one sum.
    #[error("cannot combine {left} with {right}")]
    CurrencyMismatch {
        /// The currency of the left amount.
        left: Currency,
        /// The currency of the right amount.
        right: Currency,
    },
    /// The result is larger than an amount can be.
    #[error("the amount is too large")]
    Overflow,
    /// The code is not a currency of the table.
    #[error("unknown currency code")]
    UnknownCurrency,
    /// The text is not a decimal amount of this currency.
    #[error("not a valid amount of {currency}")]
    InvalidAmount {
        /// The currency the text was read as.
        currency: Currency,
    },
    /// A tax rate above 100 % or with a zero denominator.
    #[error("not a valid tax rate")]
    InvalidRate,
}

impl MoneyError {
    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::CurrencyMismatch { .. } => "CURRENCY_MISMATCH",
            Self::Overflow => "AMOUNT_TOO_LARGE",
            Self::UnknownCurrency => "UNKNOWN_CURRENCY",
            Self::InvalidAmount { .. } => "INVALID_AMOUNT",
            Self::InvalidRate => "INVALID_TAX_RATE",
        }
    }
}
