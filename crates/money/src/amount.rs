//! An amount of one currency.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Currency, MoneyError};

/// An amount: a whole number of the currency's smallest unit.
///
/// As JSON it is `{"minorAmount":125000,"currencyCode":"IDR"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// The amount in the currency's smallest unit.
    #[serde(rename = "minorAmount")]
    pub minor: i64,
    /// The currency.
    #[serde(rename = "currencyCode")]
    pub currency: Currency,
}

impl Money {
    /// `minor` of the currency's smallest unit.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in this currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Whether the amount is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// This amount and another.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor);
        Ok(Self::new(minor.ok_or(MoneyError::Overflow)?, self.currency))
    }

    /// This amount less another.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor);
        Ok(Self::new(minor.ok_or(MoneyError::Overflow)?, self.currency))
    }

    /// This amount `quantity` times.
    pub fn checked_mul(self, quantity: i64) -> Result<Self, MoneyError> {
        let minor = i128::from(self.minor) * i128::from(quantity);
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The sum of amounts that are all of this currency.
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        // Summed wide, so that a sum which fits never fails on the way to it.
        let mut total: i128 = 0;
        for amount in amounts {
            Self::zero(currency).same_currency(amount)?;
            total = total
                .checked_add(i128::from(amount.minor))
                .ok_or(MoneyError::Overflow)?;
        }
        let minor = i64::try_from(total).map_err(|_| MoneyError::Overflow)?;
        Ok(Self::new(minor, currency))
    }

    /// The decimal text of the amount: `125000` for IDR, `12.50` for USD.
    #[must_use]
    pub fn amount_string(self) -> String {
        self.to_string()
    }

    /// Reads a decimal amount such as `12.50` or `-3`.
    ///
    /// Digits beyond the currency's fraction are accepted only when they are zero, so
    /// that `10000.00` is ten thousand rupiah and `10000.50` is refused, not rounded.
    pub fn parse_amount(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let invalid = || MoneyError::InvalidAmount { currency };
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());

        // Take the text apart.
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) if all_digits(fraction) => (whole, fraction),
            Some(_) => return Err(invalid()),
            None => (unsigned, ""),
        };
        if !all_digits(whole) {
            return Err(invalid());
        }

        // Keep the currency's digits; what is beyond them must be zero.
        let exponent = usize::from(currency.exponent());
        let (kept, beyond) = fraction.split_at(fraction.len().min(exponent));
        if beyond.bytes().any(|digit| digit != b'0') {
            return Err(invalid());
        }
        let padding = std::iter::repeat_n(b'0', exponent - kept.len());

        // Add the digits up.
        let mut minor: i128 = 0;
        for digit in whole.bytes().chain(kept.bytes()).chain(padding) {
            minor = minor * 10 + i128::from(digit - b'0');
            // One more than `i64::MAX` is still the magnitude of `i64::MIN`.
            if minor > i128::from(i64::MAX) + 1 {
                return Err(MoneyError::Overflow);
            }
        }
        let signed = if negative { -minor } else { minor };
        let minor = i64::try_from(signed).map_err(|_| MoneyError::Overflow)?;
        Ok(Self::new(minor, currency))
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch {
                left: self.currency,
                right: other.currency,
            })
        }
    }
}

/// The decimal text of the amount, without the currency.
impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = usize::from(self.currency.exponent());
        let unit = self.currency.minor_per_major().unsigned_abs();
        let magnitude = self.minor.unsigned_abs();
        let (whole, fraction) = (magnitude / unit, magnitude % unit);
        let sign = if self.minor < 0 { "-" } else { "" };
        if exponent == 0 {
            write!(formatter, "{sign}{whole}")
        } else {
            write!(formatter, "{sign}{whole}.{fraction:0exponent$}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Money;
    use crate::{Currency, MoneyError};

    fn rupiah(minor: i64) -> Money {
        Money::new(minor, Currency::IDR)
    }

    #[test]
    fn text_has_the_digits_of_the_currency() {
        let cases = [
            (125_000, Currency::IDR, "125000"),
            (1_250, Currency::USD, "12.50"),
            (5, Currency::USD, "0.05"),
            (-5, Currency::USD, "-0.05"),
            (-100, Currency::USD, "-1.00"),
            (1_234_567, Currency::KWD, "1234.567"),
            (0, Currency::IDR, "0"),
            (0, Currency::EUR, "0.00"),
            (i64::MIN, Currency::USD, "-92233720368547758.08"),
            (i64::MAX, Currency::IDR, "9223372036854775807"),
        ];
        for (minor, currency, text) in cases {
            let money = Money::new(minor, currency);
            assert_eq!(money.amount_string(), text);
            assert_eq!(Money::parse_amount(text, currency), Ok(money));
        }
    }

    #[test]
    fn short_fractions_and_zeros_beyond_the_last_digit_are_exact() {
        let parse = Money::parse_amount;
        assert_eq!(
            parse("12.5", Currency::USD),
            Ok(Money::new(1_250, Currency::USD))
        );
        assert_eq!(
            parse("12", Currency::USD),
            Ok(Money::new(1_200, Currency::USD))
        );
        assert_eq!(parse("007", Currency::IDR), Ok(rupiah(7)));
        assert_eq!(parse("10000.00", Currency::IDR), Ok(rupiah(10_000)));
    }

    #[test]
    fn what_is_not_an_amount_is_refused_and_never_rounded() {
        let texts = [
            "", "-", ".", "5.", ".5", "+5", "--5", "1,000", "1e3", " 5", "5 ", "1.2.3", "10000.50",
            "NaN", "٣", "0x10", "1_000",
        ];
        for text in texts {
            let error = Money::parse_amount(text, Currency::IDR).expect_err(text);
            assert_eq!(error.code(), "INVALID_AMOUNT", "{text:?}");
        }
    }

    #[test]
    fn amounts_that_do_not_fit_are_too_large() {
        for text in [
            "9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999999999999999999999999999999999",
        ] {
            assert_eq!(
                Money::parse_amount(text, Currency::IDR),
                Err(MoneyError::Overflow)
            );
        }
        assert_eq!(
            Money::parse_amount("9223372036854775807", Currency::USD),
            Err(MoneyError::Overflow)
        );
    }

    #[test]
    fn sums_stay_in_one_currency() {
        let mixed = rupiah(1).checked_add(Money::new(1, Currency::USD));
        assert_eq!(
            mixed,
            Err(MoneyError::CurrencyMismatch {
                left: Currency::IDR,
                right: Currency::USD
            })
        );
        assert!(rupiah(1).checked_sub(Money::zero(Currency::USD)).is_err());
        assert_eq!(rupiah(5).checked_sub(rupiah(7)), Ok(rupiah(-2)));
        let sum = Money::sum(Currency::IDR, [rupiah(i64::MAX), rupiah(5), rupiah(-5)]);
        assert_eq!(sum, Ok(rupiah(i64::MAX)), "only the result has to fit");
        assert!(Money::sum(Currency::USD, [rupiah(0)]).is_err());
    }

    #[test]
    fn arithmetic_at_the_limits_is_an_error() {
        assert_eq!(
            rupiah(i64::MAX).checked_add(rupiah(1)),
            Err(MoneyError::Overflow)
        );
        assert_eq!(
            rupiah(i64::MIN).checked_sub(rupiah(1)),
            Err(MoneyError::Overflow)
        );
        assert_eq!(rupiah(i64::MIN).checked_mul(-1), Err(MoneyError::Overflow));
        assert_eq!(rupiah(21_500_000).checked_mul(10), Ok(rupiah(215_000_000)));
    }

    #[test]
    fn as_json_it_has_a_number_and_a_code() {
        let json = serde_json::to_string(&rupiah(125_000)).expect("plain data");
        assert_eq!(json, r#"{"minorAmount":125000,"currencyCode":"IDR"}"#);
        assert_eq!(
            serde_json::from_str::<Money>(&json).ok(),
            Some(rupiah(125_000))
        );
        let refused = [
            r#"{"minorAmount":1.5,"currencyCode":"IDR"}"#,
            r#"{"minorAmount":"1","currencyCode":"IDR"}"#,
            r#"{"minorAmount":1}"#,
            r#"{"minorAmount":1,"currencyCode":"???"}"#,
        ];
        for json in refused {
            assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
        }
    }
}
