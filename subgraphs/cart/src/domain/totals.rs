//! What a cart costs.

use chrono::NaiveDate;
use money::{Currency, Money, TaxCategory, TaxTable, tax_exclusive};

use crate::error::PricingError;

/// Something that is bought, as far as its cost is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Units.
    pub quantity: i64,
    /// Price of one unit, net of tax.
    pub unit_price: Money,
    /// Which tax rate applies.
    pub category: TaxCategory,
}

/// What a cart costs: total = subtotal − discount + shipping + tax, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// Sum of the lines, net of tax.
    pub subtotal: Money,
    /// Discount on the goods.
    pub discount: Money,
    /// Shipping, net of tax.
    pub shipping: Money,
    /// Tax on goods and shipping.
    pub tax: Money,
    /// What the buyer pays.
    pub total: Money,
    /// Net total of each line, in the order given.
    pub line_totals: Vec<Money>,
    /// Tax on each line, in the order given.
    pub line_taxes: Vec<Money>,
}

/// Adds up a cart. Tax is computed per line and on shipping, and then summed. There are no discounts
/// yet.
///
/// # Errors
/// [`PricingError`] if an amount does not fit, currencies are mixed, or no tax rate is in force.
pub fn compute_cost(
    currency: Currency,
    items: &[Item],
    shipping: Money,
    table: &TaxTable,
    date: NaiveDate,
) -> Result<Cost, PricingError> {
    let tax_on = |net: Money, category| {
        let rate = table
            .rate_for(category, date)
            .ok_or(PricingError::NoTaxRate(category))?;
        Ok::<_, PricingError>(Money::new(tax_exclusive(net.minor, rate), net.currency))
    };

    let mut line_totals = Vec::with_capacity(items.len());
    let mut line_taxes = Vec::with_capacity(items.len());
    for item in items {
        let line_total = item.unit_price.checked_mul(item.quantity)?;
        line_totals.push(line_total);
        line_taxes.push(tax_on(line_total, item.category)?);
    }

    let subtotal = Money::sum(currency, line_totals.iter().copied())?;
    let discount = Money::zero(currency);
    let shipping_tax = if shipping.is_zero() {
        Money::zero(currency)
    } else {
        tax_on(shipping, TaxCategory::Standard)?
    };
    let tax = Money::sum(currency, line_taxes.iter().copied().chain([shipping_tax]))?;
    let total = subtotal
        .checked_sub(discount)?
        .checked_add(shipping)?
        .checked_add(tax)?;
    Ok(Cost {
        subtotal,
        discount,
        shipping,
        tax,
        total,
        line_totals,
        line_taxes,
    })
}

/// The tax category of a tax class as the catalog names it. A class we do not know is taxed like
/// ordinary goods.
pub(crate) fn tax_category(tax_class: &str) -> TaxCategory {
    match tax_class.to_ascii_lowercase().as_str() {
        "luxury" => TaxCategory::Luxury,
        "exempt" => TaxCategory::Exempt,
        _ => TaxCategory::Standard,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rupiah(minor: i64) -> Money {
        Money::new(minor, Currency::IDR)
    }

    fn cost(
        items: &[(i64, i64)],
        shipping: i64,
        date: (i32, u32, u32),
    ) -> Result<Cost, PricingError> {
        let items: Vec<Item> = items
            .iter()
            .map(|&(quantity, price)| Item {
                quantity,
                unit_price: rupiah(price),
                category: TaxCategory::Standard,
            })
            .collect();
        let date = NaiveDate::from_ymd_opt(date.0, date.1, date.2).expect("a day of the calendar");
        compute_cost(
            Currency::IDR,
            &items,
            rupiah(shipping),
            &TaxTable::indonesia(),
            date,
        )
    }

    #[track_caller]
    fn check(items: &[(i64, i64)], shipping: i64, subtotal: i64, tax: i64, total: i64) {
        let cost = cost(items, shipping, (2026, 8, 1)).expect("fits");
        assert_eq!(
            (cost.subtotal.minor, cost.tax.minor, cost.total.minor),
            (subtotal, tax, total)
        );
    }

    #[test]
    fn known_carts_cost_what_they_should() {
        check(&[], 0, 0, 0, 0);
        check(&[(1, 100_000)], 0, 100_000, 11_000, 111_000);
        check(&[(3, 33_333)], 0, 99_999, 11_000, 110_999);
        // Three lines of 105: 11.55 each, rounded per line and not once for all.
        check(&[(1, 105), (1, 105), (1, 105)], 0, 315, 36, 351);
        check(&[(1, 32)], 0, 32, 4, 36);
        check(&[(2, 125_000)], 20_000, 250_000, 29_700, 299_700);
    }

    #[test]
    fn before_2025_the_rate_was_eleven_percent_of_the_price() {
        let before = cost(&[(1, 100_000)], 0, (2024, 12, 31)).expect("fits");
        assert_eq!(before.tax.minor, 11_000);
        assert_eq!(
            cost(&[(1, 1)], 0, (2020, 1, 1)),
            Err(PricingError::NoTaxRate(TaxCategory::Standard))
        );
    }

    #[test]
    fn luxury_goods_pay_the_full_rate_and_exempt_ones_none() {
        let item = |class| Item {
            quantity: 1,
            unit_price: rupiah(100_000),
            category: tax_category(class),
        };
        let date = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day of the calendar");
        let items = [
            item("standard"),
            item("LUXURY"),
            item("exempt"),
            item("something new"),
        ];
        let cost = compute_cost(
            Currency::IDR,
            &items,
            rupiah(0),
            &TaxTable::indonesia(),
            date,
        )
        .expect("fits");
        let taxes: Vec<i64> = cost.line_taxes.iter().map(|tax| tax.minor).collect();
        assert_eq!(taxes, [11_000, 12_000, 0, 11_000]);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert!(matches!(
            cost(&[(2, i64::MAX)], 0, (2026, 1, 1)),
            Err(PricingError::Money(_))
        ));
        assert!(matches!(
            cost(&[(1, i64::MAX)], 1, (2026, 1, 1)),
            Err(PricingError::Money(_))
        ));
    }

    proptest! {
        #[test]
        fn the_parts_add_up(items in prop::collection::vec((1_i64..=10, 0_i64..=1_000_000_000), 0..10), shipping in 0_i64..=1_000_000) {
            let cost = cost(&items, shipping, (2026, 8, 1)).expect("fits");
            let lines: i64 = cost.line_totals.iter().map(|line| line.minor).sum();
            prop_assert_eq!(cost.subtotal.minor, lines);
            prop_assert_eq!(
                cost.total.minor,
                cost.subtotal.minor - cost.discount.minor + cost.shipping.minor + cost.tax.minor
            );
            let line_taxes: i64 = cost.line_taxes.iter().map(|tax| tax.minor).sum();
            prop_assert!(cost.tax.minor >= line_taxes);
            // Eleven percent of everything, give or take half a rupiah per rounding.
            let exact = (cost.subtotal.minor + shipping) * 11;
            let rounded = cost.tax.minor * 100;
            prop_assert!((exact - rounded).abs() <= 50 * (items.len() as i64 + 1));
        }
    }
}
