//! The settings of the catalog.

use money::Currency;

/// Settings of the catalog.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where clients reach the shop, without a slash at the end; pictures are below it.
    pub public_url: String,
    /// The currency of all prices. One for the whole shop, because lists are sorted and filtered by
    /// price, and amounts of different currencies have no order.
    pub currency: Currency,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:4000".to_owned(),
            currency: Currency::IDR,
        }
    }
}
