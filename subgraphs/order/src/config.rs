//! What may differ from one installation to the next.

use std::time::Duration;

/// Settings of the order service.
#[derive(Debug, Clone)]
pub struct Config {
    /// How long an unpaid order keeps its stock, before any payment is opened.
    pub hold_ttl: Duration,
    /// Added to `hold_ttl`, and to the expiry of every payment attempt, so that a payment made in the
    /// last second still finds its order.
    pub expiry_grace: Duration,
    /// How long the cart may take to answer a checkout request, and inventory to answer a new order,
    /// before the checkout is given up.
    pub answer_timeout: Duration,
    /// How long `orderCreate` waits for the verdict on the stock before it answers with what it has.
    pub verdict_wait: Duration,
    /// First part of every order number, for example `BZ` in `BZ-2026-000123`.
    pub number_prefix: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            hold_ttl: Duration::from_secs(15 * 60),
            expiry_grace: Duration::from_secs(5 * 60),
            answer_timeout: Duration::from_secs(90),
            verdict_wait: Duration::from_secs(2),
            number_prefix: "BZ".to_owned(),
        }
    }
}
