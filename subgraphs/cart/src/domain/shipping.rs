//! How a parcel can be sent, and for how much.

use money::{Currency, Money};

use crate::config::{Config, ShippingRate};
use crate::error::PricingError;

/// A shipping method as it is offered for one cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippingQuote {
    /// Stable code.
    pub code: String,
    /// Display name.
    pub name: String,
    /// Price, net of tax.
    pub price: Money,
    /// Working days until the parcel arrives.
    pub estimated_days: i32,
}

/// The methods offered in this currency for a parcel of this weight.
pub(crate) fn quotes(
    config: &Config,
    currency: Currency,
    grams: i64,
) -> Result<Vec<ShippingQuote>, PricingError> {
    let mut quotes = Vec::with_capacity(config.shipping_methods.len());
    for method in &config.shipping_methods {
        let Some(rate) = method
            .rates
            .iter()
            .find(|rate| rate.base.currency == currency)
        else {
            continue;
        };
        quotes.push(ShippingQuote {
            code: method.code.clone(),
            name: method.name.clone(),
            price: price(rate, grams)?,
            estimated_days: method.estimated_days,
        });
    }
    Ok(quotes)
}

fn price(rate: &ShippingRate, grams: i64) -> Result<Money, PricingError> {
    let above = grams.saturating_sub(rate.included_grams).max(0);
    let kilograms_begun = above / 1_000 + i64::from(above % 1_000 > 0);
    let steps = Money::new(rate.per_kilogram, rate.base.currency).checked_mul(kilograms_begun)?;
    Ok(rate.base.checked_add(steps)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(grams: i64, regular: i64) {
        let quotes = quotes(&Config::default(), Currency::IDR, grams).expect("fits");
        assert_eq!(quotes[0].code, "REGULAR");
        assert_eq!(quotes[0].price, Money::new(regular, Currency::IDR));
    }

    #[test]
    fn each_kilogram_begun_above_the_included_weight_costs() {
        check(0, 20_000);
        check(5_000, 20_000);
        check(5_001, 24_000);
        check(6_000, 24_000);
        check(6_001, 28_000);
    }

    #[test]
    fn a_currency_without_rates_has_no_methods() {
        assert!(
            quotes(&Config::default(), Currency::JPY, 0)
                .expect("fits")
                .is_empty()
        );
    }
}
