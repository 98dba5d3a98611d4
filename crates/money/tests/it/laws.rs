//! Laws that hold for every amount.

use chrono::NaiveDate;
use money::{
    CURRENCIES, Currency, Money, PPN_2025, PPN_2025_LUXURY, Rounding, TaxCategory, TaxRate,
    allocate, tax_exclusive, tax_inclusive,
};
use proptest::prelude::*;

fn any_currency() -> impl Strategy<Value = Currency> {
    (0..CURRENCIES.len()).prop_map(|index| CURRENCIES[index])
}

/// Any amount, and often one at the limits.
fn any_minor() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => any::<i64>(),
        4 => -1_000_000_i64..1_000_000,
        1 => Just(i64::MIN),
        1 => Just(i64::MAX),
    ]
}

fn any_rate() -> impl Strategy<Value = TaxRate> {
    let rounding = prop_oneof![
        Just(Rounding::HalfAwayFromZero),
        Just(Rounding::HalfEven),
        Just(Rounding::Down),
    ];
    let small = (0_u32..=10_000, 0_u32..=100, 1_u32..=100);
    let large = (any::<u32>(), any::<u32>(), any::<u32>());
    (prop_oneof![3 => small, 1 => large], rounding).prop_filter_map(
        "at most 100 %",
        |((points, numerator, denominator), rounding)| {
            let day = NaiveDate::from_ymd_opt(2025, 1, 1)?;
            TaxRate::new(TaxCategory::Standard, points, (numerator, denominator), day)
                .ok()
                .map(|rate| rate.with_rounding(rounding))
        },
    )
}

proptest! {
    #[test]
    fn text_and_back_is_the_same_amount(minor in any_minor(), currency in any_currency()) {
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse_amount(&money.amount_string(), currency), Ok(money));
    }

    #[test]
    fn no_text_makes_parsing_panic(text in "[-+.0-9eE, ]{0,30}|.{0,12}", currency in any_currency()) {
        if let Ok(money) = Money::parse_amount(&text, currency) {
            prop_assert_eq!(Money::parse_amount(&money.amount_string(), currency), Ok(money));
        }
    }

    #[test]
    fn arithmetic_is_exact_or_an_error(left in any_minor(), right in any_minor()) {
        let money = |minor| Money::new(minor, Currency::IDR);
        let exact = |wide: i128| i64::try_from(wide).ok().map(money);
        let (l, r) = (i128::from(left), i128::from(right));
        prop_assert_eq!(money(left).checked_add(money(right)).ok(), exact(l + r));
        prop_assert_eq!(money(left).checked_sub(money(right)).ok(), exact(l - r));
        prop_assert_eq!(money(left).checked_mul(right).ok(), exact(l * r));
        prop_assert_eq!(Money::sum(Currency::IDR, [money(left), money(right)]).ok(), exact(l + r));
    }

    #[test]
    fn parts_add_up_and_each_is_its_share_within_one(
        total in any_minor(),
        weights in prop::collection::vec(prop_oneof![any_minor(), 0_i64..5], 1..12),
    ) {
        let parts = allocate(total, &weights);
        prop_assert_eq!(parts.len(), weights.len());
        let sum: i128 = parts.iter().copied().map(i128::from).sum();
        prop_assert_eq!(sum, i128::from(total));

        let mut counted: Vec<i128> = weights.iter().map(|&weight| i128::from(weight.max(0))).collect();
        if counted.iter().all(|&weight| weight == 0) {
            counted.fill(1);
        }
        let all: i128 = counted.iter().sum();
        for (&part, weight) in parts.iter().zip(counted) {
            let share = i128::from(total).abs() * weight;
            let magnitude = i128::from(part).abs();
            prop_assert!(part == 0 || (part < 0) == (total < 0));
            // Rounded down or up, and an exact share stays exact.
            prop_assert!(magnitude == share / all || (magnitude == share / all + 1 && share % all != 0));
        }
    }

    #[test]
    fn a_larger_weight_never_gets_less(
        total in 0_i64..1_000_000,
        weights in prop::collection::vec(0_i64..1_000, 1..8),
    ) {
        let parts = allocate(total, &weights);
        for (i, j) in (0..weights.len()).flat_map(|i| (0..weights.len()).map(move |j| (i, j))) {
            prop_assert!(weights[i] <= weights[j] || parts[i] >= parts[j]);
        }
    }

    #[test]
    fn net_and_tax_are_the_price(gross in any_minor(), rate in any_rate()) {
        let (net, tax) = tax_inclusive(gross, &rate);
        prop_assert_eq!(i128::from(net) + i128::from(tax), i128::from(gross));
        prop_assert!(net.unsigned_abs() <= gross.unsigned_abs());
        prop_assert!(tax == 0 || (tax < 0) == (gross < 0));
    }

    #[test]
    fn tax_is_at_most_the_price_and_has_its_sign(net in any_minor(), rate in any_rate()) {
        let tax = tax_exclusive(net, &rate);
        prop_assert!(tax.unsigned_abs() <= net.unsigned_abs());
        prop_assert!(tax == 0 || (tax < 0) == (net < 0));
        // Showing the base must not panic either, however large it is.
        let base = rate.base_of(net);
        prop_assert!(base == 0 || (base < 0) == (net < 0));
    }

    #[test]
    fn tax_is_within_half_a_unit(net in any_minor()) {
        // 11 % and 12 %, in hundredths.
        for (rate, percent) in [(PPN_2025, 11), (PPN_2025_LUXURY, 12)] {
            let distance = i128::from(tax_exclusive(net, &rate)) * 100 - i128::from(net) * percent;
            prop_assert!(distance.abs() <= 50);
        }
    }

    #[test]
    fn a_refund_is_the_sale_reversed(net in -i64::MAX..=i64::MAX, rate in any_rate()) {
        prop_assert_eq!(tax_exclusive(-net, &rate), -tax_exclusive(net, &rate));
        let (sold, tax) = tax_inclusive(net, &rate);
        prop_assert_eq!(tax_inclusive(-net, &rate), (-sold, -tax));
    }
}
