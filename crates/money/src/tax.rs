//! Tax rates as data, and tax in both directions.
//!
//! Tax is computed per line and then summed, so that every line of an invoice stands
//! alone and a refund of one line is exact.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::MoneyError;

/// One basis point is a hundredth of a percent.
const BASIS_POINTS_PER_WHOLE: i128 = 10_000;

/// Which goods a rate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaxCategory {
    /// Ordinary goods.
    Standard,
    /// Goods that are also subject to luxury tax.
    Luxury,
    /// Goods without tax.
    Exempt,
}

/// How a tax that falls between two units is rounded.
///
/// The law we know of does not fix the rule, so it is part of the rate's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rounding {
    /// To the nearest unit, a half away from zero.
    #[default]
    HalfAwayFromZero,
    /// To the nearest unit, a half to the even neighbor.
    HalfEven,
    /// Toward zero.
    Down,
}

/// A tax rate: a share (basis points) of a base, which itself is a fraction of the price.
///
/// Never above 100 % of the price, so that a tax always fits where its price does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "UncheckedRate")]
pub struct TaxRate {
    category: TaxCategory,
    basis_points: u32,
    base_numerator: u32,
    base_denominator: u32,
    valid_from: NaiveDate,
    rounding: Rounding,
}

/// What a stored rate looks like before it is checked.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UncheckedRate {
    category: TaxCategory,
    basis_points: u32,
    base_numerator: u32,
    base_denominator: u32,
    valid_from: NaiveDate,
    #[serde(default)]
    rounding: Rounding,
}

impl TryFrom<UncheckedRate> for TaxRate {
    type Error = MoneyError;

    fn try_from(rate: UncheckedRate) -> Result<Self, MoneyError> {
        let base = (rate.base_numerator, rate.base_denominator);
        Ok(
            Self::new(rate.category, rate.basis_points, base, rate.valid_from)?
                .with_rounding(rate.rounding),
        )
    }
}

/// Value-added tax from April 2022: 11 % of the price.
pub const PPN_2022: TaxRate = known(TaxCategory::Standard, 1_100, (1, 1), (2022, 4, 1));

/// Value-added tax from 2025 for ordinary goods: 12 % of 11/12 of the price.
pub const PPN_2025: TaxRate = known(TaxCategory::Standard, 1_200, (11, 12), (2025, 1, 1));

/// Value-added tax from 2025 for goods subject to luxury tax: 12 % of the price.
pub const PPN_2025_LUXURY: TaxRate = known(TaxCategory::Luxury, 1_200, (1, 1), (2025, 1, 1));

impl TaxRate {
    /// A rate of `basis_points` on `base` (numerator, denominator) of the price.
    pub const fn new(
        category: TaxCategory,
        basis_points: u32,
        base: (u32, u32),
        valid_from: NaiveDate,
    ) -> Result<Self, MoneyError> {
        let (base_numerator, base_denominator) = base;
        let rate = Self {
            category,
            basis_points,
            base_numerator,
            base_denominator,
            valid_from,
            rounding: Rounding::HalfAwayFromZero,
        };
        if base_denominator == 0 || rate.numerator() > rate.denominator() {
            return Err(MoneyError::InvalidRate);
        }
        Ok(rate)
    }

    /// The same rate with another rule of rounding.
    #[must_use]
    pub const fn with_rounding(mut self, rounding: Rounding) -> Self {
        self.rounding = rounding;
        self
    }

    /// Which goods the rate is for.
    #[must_use]
    pub const fn category(&self) -> TaxCategory {
        self.category
    }

    /// The statutory rate in hundredths of a percent.
    #[must_use]
    pub const fn basis_points(&self) -> u32 {
        self.basis_points
    }

    /// Which part of the price the rate applies to: numerator and denominator.
    #[must_use]
    pub const fn base_fraction(&self) -> (u32, u32) {
        (self.base_numerator, self.base_denominator)
    }

    /// The first day of the rate.
    #[must_use]
    pub const fn valid_from(&self) -> NaiveDate {
        self.valid_from
    }

    /// The tax base to print on an invoice. Only to show: tax is never derived from it.
    #[must_use]
    pub fn base_of(&self, net: i64) -> i64 {
        let base = i128::from(net) * i128::from(self.base_numerator);
        // A base larger than the price exists in law, so it may not fit; then the limit shows.
        let base = divide(base, i128::from(self.base_denominator), self.rounding);
        i64::try_from(base).unwrap_or(if base < 0 { i64::MIN } else { i64::MAX })
    }

    /// The effective rate is `numerator / denominator`.
    const fn numerator(&self) -> i128 {
        self.basis_points as i128 * self.base_numerator as i128
    }

    const fn denominator(&self) -> i128 {
        BASIS_POINTS_PER_WHOLE * self.base_denominator as i128
    }
}

/// The tax to add to a price without tax.
///
/// Computed in one step from the price. Deriving it from an already rounded base is
/// off by one for some prices: 32 gives 4, by way of the base 29 it would be 3.
#[must_use]
pub fn tax_exclusive(net: i64, rate: &TaxRate) -> i64 {
    let tax = divide(
        i128::from(net) * rate.numerator(),
        rate.denominator(),
        rate.rounding,
    );
    i64::try_from(tax).expect("a rate is at most 100 %, so the tax is at most the price")
}

/// Splits a price that contains its tax into (net, tax).
///
/// The tax is what the rounded net leaves, so the two always add up to the price.
/// Computing it from the net again would miss the price for one in ten.
#[must_use]
pub fn tax_inclusive(gross: i64, rate: &TaxRate) -> (i64, i64) {
    let net = divide(
        i128::from(gross) * rate.denominator(),
        rate.denominator() + rate.numerator(),
        rate.rounding,
    );
    let net = i64::try_from(net).expect("the net is at most the gross");
    (net, gross - net)
}

/// The rates in force over time, per category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaxTable {
    rates: Vec<TaxRate>,
}

impl TaxTable {
    /// A table of these rates, in any order.
    #[must_use]
    pub fn new(rates: Vec<TaxRate>) -> Self {
        Self { rates }
    }

    /// The Indonesian value-added tax (PPN) since April 2022.
    #[must_use]
    pub fn indonesia() -> Self {
        Self::new(vec![
            PPN_2022,
            known(TaxCategory::Luxury, 1_100, (1, 1), (2022, 4, 1)),
            PPN_2025,
            PPN_2025_LUXURY,
            known(TaxCategory::Exempt, 0, (1, 1), (2022, 4, 1)),
        ])
    }

    /// The rate for goods of this category on this day; none before the first rate.
    #[must_use]
    pub fn rate_for(&self, category: TaxCategory, date: NaiveDate) -> Option<&TaxRate> {
        self.rates
            .iter()
            .filter(|rate| rate.category == category && rate.valid_from <= date)
            .max_by_key(|rate| rate.valid_from)
    }
}

/// A rate of ours, checked when the program is compiled.
const fn known(
    category: TaxCategory,
    basis_points: u32,
    base: (u32, u32),
    valid_from: (i32, u32, u32),
) -> TaxRate {
    let (year, month, day) = valid_from;
    let valid_from = NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar");
    match TaxRate::new(category, basis_points, base, valid_from) {
        Ok(rate) => rate,
        Err(_) => panic!("a rate of at most 100 %"),
    }
}

/// The one place where money is rounded. `divisor` is above zero.
fn divide(dividend: i128, divisor: i128, rounding: Rounding) -> i128 {
    let (quotient, remainder) = (dividend / divisor, dividend % divisor);
    let (remainder, rest) = (remainder.abs(), divisor - remainder.abs());
    let away_from_zero = match rounding {
        Rounding::HalfAwayFromZero => remainder >= rest,
        Rounding::HalfEven => remainder > rest || (remainder == rest && quotient % 2 != 0),
        Rounding::Down => false,
    };
    if away_from_zero {
        quotient + dividend.signum()
    } else {
        quotient
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{
        PPN_2022, PPN_2025, PPN_2025_LUXURY, Rounding, TaxCategory, TaxRate, TaxTable, divide,
        tax_exclusive, tax_inclusive,
    };

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
    }

    #[test]
    fn tax_on_a_price_without_tax() {
        assert_eq!(tax_exclusive(10_000, &PPN_2025), 1_100);
        assert_eq!(tax_exclusive(100_000, &PPN_2025), 11_000);
        assert_eq!(tax_exclusive(99_999, &PPN_2025), 11_000, "10 999.89");
        assert_eq!(99_999 + tax_exclusive(99_999, &PPN_2025), 110_999);
        assert_eq!(tax_exclusive(100_000, &PPN_2025_LUXURY), 12_000);
        assert_eq!(tax_exclusive(100_000, &PPN_2022), 11_000);
        assert_eq!(tax_exclusive(-10_000, &PPN_2025), -1_100);
    }

    #[test]
    fn tax_within_a_price_with_tax() {
        assert_eq!(tax_inclusive(11_100, &PPN_2025), (10_000, 1_100));
        assert_eq!(tax_inclusive(15_000, &PPN_2025), (13_514, 1_486));
        assert_eq!(tax_inclusive(99_999, &PPN_2025), (90_089, 9_910));
        assert_eq!(tax_inclusive(100_000, &PPN_2025), (90_090, 9_910));
        assert_eq!(tax_inclusive(111_000, &PPN_2025), (100_000, 11_000));
        assert_eq!(tax_inclusive(0, &PPN_2025), (0, 0));
    }

    #[test]
    fn tax_is_per_line_and_not_per_order() {
        let per_line: i64 = [105, 105, 105]
            .iter()
            .map(|&line| tax_exclusive(line, &PPN_2025))
            .sum();
        assert_eq!(per_line, 36, "each line is 11.55");
        assert_eq!(tax_exclusive(315, &PPN_2025), 35, "34.65");
    }

    #[test]
    fn tax_from_the_rounded_base_would_be_off_by_one() {
        let from_base = |net| {
            let base = PPN_2025.base_of(net);
            divide(i128::from(base) * 1_200, 10_000, Rounding::HalfAwayFromZero)
        };
        let differing: Vec<i64> = (1..=199_999)
            .filter(|&net| from_base(net) != i128::from(tax_exclusive(net, &PPN_2025)))
            .collect();
        assert_eq!(differing.len(), 5_333);
        assert_eq!(differing[0], 32);
        assert_eq!((tax_exclusive(32, &PPN_2025), from_base(32)), (4, 3));
        let off_by_one =
            |&net: &i64| (from_base(net) - i128::from(tax_exclusive(net, &PPN_2025))).abs() == 1;
        assert!(differing.iter().all(off_by_one));
    }

    #[test]
    fn tax_recomputed_from_the_net_would_miss_the_price() {
        let missed = (1..=199_999)
            .filter(|&gross| {
                let (net, _) = tax_inclusive(gross, &PPN_2025);
                net + tax_exclusive(net, &PPN_2025) != gross
            })
            .count();
        assert_eq!(missed, 19_820);
    }

    #[test]
    fn the_base_on_the_invoice_is_eleven_twelfths() {
        assert_eq!(PPN_2025.base_of(100_000), 91_667);
        assert_eq!(PPN_2025.base_of(32), 29);
        assert_eq!(PPN_2025_LUXURY.base_of(100_000), 100_000);
    }

    #[test]
    fn halves_go_where_the_rate_says() {
        use Rounding::{Down, HalfAwayFromZero, HalfEven};
        let cases = [
            (5, [3, 2, 2]),
            (-5, [-3, -2, -2]),
            (7, [4, 4, 3]),
            (-7, [-4, -4, -3]),
            (1, [1, 0, 0]),
            (-1, [-1, 0, 0]),
            (4, [2, 2, 2]),
            (0, [0, 0, 0]),
        ];
        for (dividend, expected) in cases {
            let rounded = [HalfAwayFromZero, HalfEven, Down].map(|rule| divide(dividend, 2, rule));
            assert_eq!(rounded, expected, "{dividend}/2");
        }
        assert_eq!(divide(2, 3, HalfEven), 1);
        assert_eq!(
            tax_exclusive(150, &PPN_2025.with_rounding(Down)),
            16,
            "16.5"
        );
        assert_eq!(tax_exclusive(150, &PPN_2025.with_rounding(HalfEven)), 16);
        assert_eq!(tax_exclusive(150, &PPN_2025), 17);
    }

    #[test]
    fn the_rate_in_force_depends_on_the_day_and_the_goods() {
        let table = TaxTable::indonesia();
        let standard = |date| table.rate_for(TaxCategory::Standard, date);
        assert_eq!(standard(day(2022, 3, 31)), None);
        assert_eq!(standard(day(2022, 4, 1)), Some(&PPN_2022));
        assert_eq!(standard(day(2024, 12, 31)), Some(&PPN_2022));
        assert_eq!(standard(day(2025, 1, 1)), Some(&PPN_2025));
        assert_eq!(standard(day(2030, 1, 1)), Some(&PPN_2025));
        let luxury = table.rate_for(TaxCategory::Luxury, day(2025, 6, 1));
        assert_eq!(luxury, Some(&PPN_2025_LUXURY));
        let exempt = table.rate_for(TaxCategory::Exempt, day(2025, 6, 1));
        assert_eq!(exempt.map(|rate| tax_exclusive(100_000, rate)), Some(0));
    }

    #[test]
    fn a_rate_above_the_price_or_without_a_base_is_refused() {
        let rate =
            |points, base| TaxRate::new(TaxCategory::Standard, points, base, day(2025, 1, 1));
        assert!(rate(10_000, (1, 1)).is_ok());
        assert!(rate(10_001, (1, 1)).is_err());
        assert!(rate(1_200, (11, 0)).is_err());
        assert!(rate(0, (0, 0)).is_err());
        assert!(rate(u32::MAX, (u32::MAX, 1)).is_err());
    }

    #[test]
    fn a_table_can_be_stored_and_is_checked_when_read() {
        let table = TaxTable::indonesia();
        let json = serde_json::to_value(&table).expect("plain data");
        assert_eq!(
            json[2],
            serde_json::json!({
                "category": "STANDARD",
                "basisPoints": 1200,
                "baseNumerator": 11,
                "baseDenominator": 12,
                "validFrom": "2025-01-01",
                "rounding": "HALF_AWAY_FROM_ZERO",
            })
        );
        assert_eq!(
            serde_json::from_value::<TaxTable>(json.clone()).ok(),
            Some(table)
        );
        let mut broken = json;
        broken[2]["baseDenominator"] = serde_json::json!(0);
        assert!(serde_json::from_value::<TaxTable>(broken).is_err());
    }
}
