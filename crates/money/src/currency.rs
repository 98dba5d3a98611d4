//! The table of currencies.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::MoneyError;

/// A currency: its ISO 4217 code and how many fraction digits its amounts have.
///
/// Only the entries of [`CURRENCIES`] exist; there is no way to make another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: &'static str,
    exponent: u8,
}

impl Currency {
    /// Indonesian rupiah, in whole rupiah.
    ///
    /// ISO 4217 lists two fraction digits, but no price has had any for decades, and
    /// payment providers disagree (some want whole rupiah, some hundredths). We keep
    /// whole rupiah; whoever talks to a provider converts.
    pub const IDR: Self = Self::new("IDR", 0);
    /// United States dollar.
    pub const USD: Self = Self::new("USD", 2);
    /// Euro.
    pub const EUR: Self = Self::new("EUR", 2);
    /// Singapore dollar.
    pub const SGD: Self = Self::new("SGD", 2);
    /// Japanese yen.
    pub const JPY: Self = Self::new("JPY", 0);
    /// Kuwaiti dinar.
    pub const KWD: Self = Self::new("KWD", 3);

    const fn new(code: &'static str, exponent: u8) -> Self {
        Self { code, exponent }
    }

    /// The currency of this ISO 4217 code (upper case), if the table has it.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        CURRENCIES
            .binary_search_by(|currency| currency.code.cmp(code))
            .ok()
            .map(|index| CURRENCIES[index])
    }

    /// The ISO 4217 code, for instance `IDR`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// How many fraction digits an amount has: 0 for `IDR`, 2 for `USD`.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        self.exponent
    }

    /// How many of the smallest unit make one of the main unit: 100 for `USD`.
    #[must_use]
    pub const fn minor_per_major(self) -> i64 {
        10_i64.pow(self.exponent as u32)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.code)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::from_code(code).ok_or(MoneyError::UnknownCurrency)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| serde::de::Error::custom(MoneyError::UnknownCurrency))
    }
}

// Not an enumeration of the codes: readers must not break when the shop gets another currency.
impl JsonSchema for Currency {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "iso-4217", "pattern": "^[A-Z]{3}$" })
    }
}

const fn entry(code: &'static str, exponent: u8) -> Currency {
    Currency::new(code, exponent)
}

/// Every currency we know, sorted by code. Fraction digits as in ISO 4217, except
/// [`Currency::IDR`].
pub static CURRENCIES: &[Currency] = &[
    entry("AED", 2),
    entry("AFN", 2),
    entry("ALL", 2),
    entry("AMD", 2),
    entry("AOA", 2),
    entry("ARS", 2),
    entry("AUD", 2),
    entry("AWG", 2),
    entry("AZN", 2),
    entry("BAM", 2),
    entry("BBD", 2),
    entry("BDT", 2),
    entry("BHD", 3),
    entry("BIF", 0),
    entry("BMD", 2),
    entry("BND", 2),
    entry("BOB", 2),
    entry("BRL", 2),
    entry("BSD", 2),
    entry("BTN", 2),
    entry("BWP", 2),
    entry("BYN", 2),
    entry("BZD", 2),
    entry("CAD", 2),
    entry("CDF", 2),
    entry("CHF", 2),
    entry("CLF", 4),
    entry("CLP", 0),
    entry("CNY", 2),
    entry("COP", 2),
    entry("CRC", 2),
    entry("CUP", 2),
    entry("CVE", 2),
    entry("CZK", 2),
    entry("DJF", 0),
    entry("DKK", 2),
    entry("DOP", 2),
    entry("DZD", 2),
    entry("EGP", 2),
    entry("ERN", 2),
    entry("ETB", 2),
    entry("EUR", 2),
    entry("FJD", 2),
    entry("FKP", 2),
    entry("GBP", 2),
    entry("GEL", 2),
    entry("GHS", 2),
    entry("GIP", 2),
    entry("GMD", 2),
    entry("GNF", 0),
    entry("GTQ", 2),
    entry("GYD", 2),
    entry("HKD", 2),
    entry("HNL", 2),
    entry("HTG", 2),
    entry("HUF", 2),
    entry("IDR", 0),
    entry("ILS", 2),
    entry("INR", 2),
    entry("IQD", 3),
    entry("IRR", 2),
    entry("ISK", 0),
    entry("JMD", 2),
    entry("JOD", 3),
    entry("JPY", 0),
    entry("KES", 2),
    entry("KGS", 2),
    entry("KHR", 2),
    entry("KMF", 0),
    entry("KPW", 2),
    entry("KRW", 0),
    entry("KWD", 3),
    entry("KYD", 2),
    entry("KZT", 2),
    entry("LAK", 2),
    entry("LBP", 2),
    entry("LKR", 2),
    entry("LRD", 2),
    entry("LSL", 2),
    entry("LYD", 3),
    entry("MAD", 2),
    entry("MDL", 2),
    entry("MGA", 2),
    entry("MKD", 2),
    entry("MMK", 2),
    entry("MNT", 2),
    entry("MOP", 2),
    entry("MRU", 2),
    entry("MUR", 2),
    entry("MVR", 2),
    entry("MWK", 2),
    entry("MXN", 2),
    entry("MYR", 2),
    entry("MZN", 2),
    entry("NAD", 2),
    entry("NGN", 2),
    entry("NIO", 2),
    entry("NOK", 2),
    entry("NPR", 2),
    entry("NZD", 2),
    entry("OMR", 3),
    entry("PAB", 2),
    entry("PEN", 2),
    entry("PGK", 2),
    entry("PHP", 2),
    entry("PKR", 2),
    entry("PLN", 2),
    entry("PYG", 0),
    entry("QAR", 2),
    entry("RON", 2),
    entry("RSD", 2),
    entry("RUB", 2),
    entry("RWF", 0),
    entry("SAR", 2),
    entry("SBD", 2),
    entry("SCR", 2),
    entry("SDG", 2),
    entry("SEK", 2),
    entry("SGD", 2),
    entry("SHP", 2),
    entry("SLE", 2),
    entry("SOS", 2),
    entry("SRD", 2),
    entry("SSP", 2),
    entry("STN", 2),
    entry("SVC", 2),
    entry("SYP", 2),
    entry("SZL", 2),
    entry("THB", 2),
    entry("TJS", 2),
    entry("TMT", 2),
    entry("TND", 3),
    entry("TOP", 2),
    entry("TRY", 2),
    entry("TTD", 2),
    entry("TWD", 2),
    entry("TZS", 2),
    entry("UAH", 2),
    entry("UGX", 0),
    entry("USD", 2),
    entry("UYU", 2),
    entry("UYW", 4),
    entry("UZS", 2),
    entry("VED", 2),
    entry("VES", 2),
    entry("VND", 0),
    entry("VUV", 0),
    entry("WST", 2),
    entry("XAF", 0),
    entry("XCD", 2),
    entry("XCG", 2),
    entry("XOF", 0),
    entry("XPF", 0),
    entry("YER", 2),
    entry("ZAR", 2),
    entry("ZMW", 2),
    entry("ZWG", 2),
];

#[cfg(test)]
mod tests {
    use super::{CURRENCIES, Currency};

    #[test]
    fn the_table_is_sorted_and_has_no_code_twice() {
        assert!(
            CURRENCIES
                .windows(2)
                .all(|pair| pair[0].code < pair[1].code)
        );
    }

    #[test]
    fn every_code_finds_its_own_entry() {
        for currency in CURRENCIES {
            assert_eq!(Currency::from_code(currency.code()), Some(*currency));
            assert_eq!(currency.code().len(), 3);
        }
    }

    #[test]
    fn the_named_currencies_are_those_of_the_table() {
        use Currency as C;
        for named in [C::IDR, C::USD, C::EUR, C::SGD, C::JPY, C::KWD] {
            assert_eq!(Currency::from_code(named.code()), Some(named));
        }
    }

    #[test]
    fn fraction_digits_follow_the_standard_except_for_the_rupiah() {
        let expected = [
            (
                0,
                "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF IDR",
            ),
            (2, "USD EUR SGD MGA MRU GBP MYR"),
            (3, "BHD IQD JOD KWD LYD OMR TND"),
            (4, "CLF UYW"),
        ];
        for (exponent, codes) in expected {
            for code in codes.split(' ') {
                let currency = Currency::from_code(code).expect(code);
                assert_eq!(currency.exponent(), exponent, "{code}");
            }
        }
        let unusual = CURRENCIES.iter().filter(|c| c.exponent() != 2).count();
        assert_eq!(unusual, 17 + 7 + 2, "all others have two digits");
    }

    #[test]
    fn unknown_codes_are_unknown() {
        for code in ["", "idr", "IDRX", "XXX", "ZZZ", "AAA", " IDR"] {
            assert_eq!(Currency::from_code(code), None, "{code:?}");
        }
    }

    #[test]
    fn as_json_it_is_its_code() {
        let json = serde_json::to_string(&Currency::IDR).expect("a string");
        assert_eq!(json, r#""IDR""#);
        let back: Currency = serde_json::from_str(&json).expect("a known code");
        assert_eq!(back, Currency::IDR);
        assert!(serde_json::from_str::<Currency>(r#""idr""#).is_err());
        assert!(serde_json::from_value::<Currency>(serde_json::json!("KWD")).is_ok());
    }
}
