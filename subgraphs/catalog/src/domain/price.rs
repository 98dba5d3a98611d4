//! What a price may be.

use money::Currency;

use crate::CatalogError;

/// The highest price: with it, any cart total still fits 64 bits.
pub(crate) const MAX_PRICE_MINOR: i64 = 1_000_000_000_000_000;

/// A price as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GivenPrice {
    /// Digits, we hope.
    pub(crate) minor_amount: String,
    pub(crate) currency: Currency,
}

/// The smallest units of a price in the shop's currency.
pub(crate) fn check(
    field: &str,
    price: &GivenPrice,
    sells_in: Currency,
) -> Result<i64, CatalogError> {
    if price.currency != sells_in {
        return Err(CatalogError::CurrencyUnsupported {
            field: field.to_owned(),
            sells_in: sells_in.code(),
        });
    }
    let text = price.minor_amount.trim();
    let Ok(minor) = text.parse::<i64>() else {
        let is_fraction = text.split_once('.').is_some_and(|(whole, fraction)| {
            let digits =
                |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(fraction)
        });
        return Err(if is_fraction {
            CatalogError::PricePrecision {
                field: field.to_owned(),
            }
        } else {
            CatalogError::invalid(field, "minorAmount must be an integer")
        });
    };
    match minor {
        ..0 => Err(CatalogError::PriceNegative {
            field: field.to_owned(),
        }),
        0..=MAX_PRICE_MINOR => Ok(minor),
        _ => Err(CatalogError::invalid(
            field,
            format!("minorAmount must be at most {MAX_PRICE_MINOR}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(minor_amount: &str, currency: Currency) -> Result<i64, &'static str> {
        let price = GivenPrice {
            minor_amount: minor_amount.to_owned(),
            currency,
        };
        check("price", &price, Currency::IDR).map_err(|error| {
            assert_eq!(error.field(), Some("price"));
            error.code()
        })
    }

    #[test]
    fn whole_rupiah_are_prices() {
        assert_eq!(verdict("125000", Currency::IDR), Ok(125_000));
        assert_eq!(verdict("0", Currency::IDR), Ok(0));
        assert_eq!(
            verdict("1000000000000000", Currency::IDR),
            Ok(MAX_PRICE_MINOR)
        );
    }

    #[test]
    fn everything_else_is_refused_for_its_reason() {
        assert_eq!(verdict("-1", Currency::IDR), Err("PRICE_NEGATIVE"));
        assert_eq!(verdict("10000.50", Currency::IDR), Err("PRICE_PRECISION"));
        assert_eq!(verdict("-0.5", Currency::IDR), Err("PRICE_PRECISION"));
        assert_eq!(
            verdict("125000", Currency::USD),
            Err("CURRENCY_UNSUPPORTED")
        );
        for bad in [
            "",
            "abc",
            "1e5",
            "1.",
            ".5",
            "1.2.3",
            "1000000000000001",
            "9223372036854775808",
        ] {
            assert_eq!(verdict(bad, Currency::IDR), Err("INPUT_INVALID"), "{bad}");
        }
    }
}
