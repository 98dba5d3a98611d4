//! Money in and out of the API.

use async_graphql::{Enum, InputObject, SimpleObject};
use money::Currency;

use super::{BigInt, Decimal};

/// Currencies the shop sells in (ISO 4217).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(rename_items = "UPPERCASE")]
pub enum CurrencyCode {
    /// Indonesian rupiah, counted in whole rupiah.
    Idr,
    /// US dollar, counted in cents.
    Usd,
    /// Euro, counted in cents.
    Eur,
    /// Singapore dollar, counted in cents.
    Sgd,
}

/// An exact amount of money.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(shareable)]
pub struct Money {
    /// The amount as a decimal number, for example `"12.50"` or `"125000"`.
    pub amount: Decimal,
    /// The currency.
    pub currency_code: CurrencyCode,
    /// The amount in the smallest unit the shop counts in: cents for USD, whole rupiah for IDR.
    pub minor_amount: BigInt,
    /// Digits after the decimal point of `amount`.
    pub fraction_digits: i32,
}

/// An amount of money given by a client.
#[derive(Debug, Clone, PartialEq, Eq, InputObject)]
pub struct MoneyInput {
    /// The amount in the smallest unit, as an integer string: cents for USD, whole rupiah for IDR.
    pub minor_amount: String,
    /// The currency.
    pub currency_code: CurrencyCode,
}

/// `minorAmount` is not an integer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("minorAmount must be an integer")]
pub struct MoneyInputError;

impl CurrencyCode {
    /// The currency as the domain knows it.
    pub fn currency(self) -> Currency {
        let code = match self {
            Self::Idr => "IDR",
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Sgd => "SGD",
        };
        Currency::from_code(code).expect("the table has every currency of the API")
    }

    /// The API's name for a currency; none for one the shop does not sell in.
    pub fn from_currency(currency: Currency) -> Option<Self> {
        [Self::Idr, Self::Usd, Self::Eur, Self::Sgd]
            .into_iter()
            .find(|code| code.currency() == currency)
    }
}

impl From<money::Money> for Money {
    fn from(money: money::Money) -> Self {
        Self {
            amount: Decimal(money.amount_string()),
            // Amounts come from our own tables, where only currencies of the API are stored.
            currency_code: CurrencyCode::from_currency(money.currency).unwrap_or(CurrencyCode::Idr),
            minor_amount: BigInt(money.minor),
            fraction_digits: i32::from(money.currency.exponent()),
        }
    }
}

impl MoneyInput {
    /// The amount as the domain knows it.
    ///
    /// # Errors
    /// [`MoneyInputError`] if `minorAmount` is not an integer of 64 bits.
    pub fn parse(&self) -> Result<money::Money, MoneyInputError> {
        let minor = self.minor_amount.parse().map_err(|_| MoneyInputError)?;
        Ok(money::Money::new(minor, self.currency_code.currency()))
    }
}
