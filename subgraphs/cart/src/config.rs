//! Settings of the cart.

use chrono::{FixedOffset, TimeDelta};
use money::{Currency, Money, TaxTable};

/// Settings of the cart; the binary reads them, tests build them.
#[derive(Debug, Clone)]
pub struct Config {
    /// The most units a new cart may hold.
    pub capacity: i32,
    /// Currency of a cart whose creator does not name one.
    pub currency: Currency,
    /// Tax rates by category and date.
    pub tax: TaxTable,
    /// Time zone in which the day of a tax rate begins.
    pub time_zone: FixedOffset,
    /// How parcels can be sent, in the order shown.
    pub shipping_methods: Vec<ShippingMethodConfig>,
    /// A cart not changed for this long is abandoned.
    pub abandon_after: TimeDelta,
    /// A cart not changed for this long expires.
    pub expire_after: TimeDelta,
    /// How long an idempotency key is remembered.
    pub idempotency_window: TimeDelta,
}

/// A way to send a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippingMethodConfig {
    /// Stable code, for example `REGULAR`.
    pub code: String,
    /// Display name.
    pub name: String,
    /// Working days until the parcel arrives.
    pub estimated_days: i32,
    /// What it costs, once per currency; not offered in other currencies.
    pub rates: Vec<ShippingRate>,
}

/// What a parcel costs in one currency, net of tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShippingRate {
    /// Price up to [`ShippingRate::included_grams`].
    pub base: Money,
    /// Weight the base price is for.
    pub included_grams: i64,
    /// Price of each further kilogram begun, in minor units.
    pub per_kilogram: i64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            capacity: 10,
            currency: Currency::IDR,
            tax: TaxTable::indonesia(),
            time_zone: FixedOffset::east_opt(7 * 3600).expect("Jakarta is seven hours ahead"),
            shipping_methods: default_shipping_methods(),
            abandon_after: TimeDelta::days(7),
            expire_after: TimeDelta::days(30),
            idempotency_window: TimeDelta::hours(24),
        }
    }
}

fn default_shipping_methods() -> Vec<ShippingMethodConfig> {
    // Prices and steps in rupiah, and in cents for each of the other currencies.
    let method = |code: &str, name: &str, estimated_days, rupiah: (i64, i64), cents: (i64, i64)| {
        let rate = |currency, (base, per_kilogram)| ShippingRate {
            base: Money::new(base, currency),
            included_grams: 5_000,
            per_kilogram,
        };
        ShippingMethodConfig {
            code: code.to_owned(),
            name: name.to_owned(),
            estimated_days,
            rates: vec![
                rate(Currency::IDR, rupiah),
                rate(Currency::USD, cents),
                rate(Currency::EUR, cents),
                rate(Currency::SGD, cents),
            ],
        }
    };
    vec![
        method(
            "REGULAR",
            "Regular delivery",
            3,
            (20_000, 4_000),
            (500, 100),
        ),
        method(
            "EXPRESS",
            "Express delivery",
            1,
            (45_000, 9_000),
            (1_200, 250),
        ),
        method("PICKUP", "Pickup at the store", 0, (0, 0), (0, 0)),
    ]
}
