//! Settings of the inventory.

use std::time::Duration;

/// Settings of the inventory.
#[derive(Debug, Clone)]
pub struct Config {
    /// A hold outlives the payment it waits for by this long, so that a payment in the last second
    /// still finds its stock.
    pub hold_grace: Duration,
    /// How often payments may extend the hold of one order.
    pub max_extensions: i32,
    /// Pause between two looks for expired holds.
    pub expire_every: Duration,
    /// The public sees at most this many available units; the exact number above it is ours.
    pub public_available_cap: i64,
    /// The low-stock threshold of a level that nobody set one for.
    pub default_low_threshold: i64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            hold_grace: Duration::from_secs(5 * 60),
            max_extensions: 3,
            expire_every: Duration::from_secs(1),
            public_available_cap: 10,
            default_low_threshold: 5,
        }
    }
}
