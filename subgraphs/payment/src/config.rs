//! What can be set about payments.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use url::Url;

/// Settings of payment; the binary reads them from wherever settings come from.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where buyers reach the shop; the demo provider's page is below it.
    pub public_url: LateUrl,
    /// Where this service's own routes can be reached by a provider that runs in this process,
    /// plain `http`. Webhooks of the demo provider wait until it is set.
    pub webhook_base_url: LateUrl,
    /// Whether the demo provider exists.
    pub demo_enabled: bool,
    /// How long a buyer has to pay an attempt.
    pub payment_ttl: Duration,
    /// How much longer than an attempt its order may be paid: stock stays set aside this long.
    pub hold_grace: Duration,
    /// How long `paymentInitiate` waits for an order, or its stock hold, that is still on its way.
    pub order_wait: Duration,
    /// Pauses before a provider that does not answer is asked again within one request.
    pub provider_retries: Vec<Duration>,
    /// How old an attempt may get before the provider must have answered; older ones are finished
    /// in the background.
    pub unfinished_after: Duration,
    /// How old a pending attempt may get before the provider is asked about it, and how often then.
    pub reconcile_after: Duration,
    /// Pause between two looks for attempts to reconcile.
    pub reconcile_every: Duration,
    /// How often a refund is tried at the provider before somebody has to do it by hand.
    pub refund_attempts: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: LateUrl::known("http://127.0.0.1:4000".parse().expect("a valid address")),
            webhook_base_url: LateUrl::unset(),
            demo_enabled: false,
            payment_ttl: Duration::from_secs(15 * 60),
            hold_grace: Duration::from_secs(5 * 60),
            order_wait: Duration::from_secs(2),
            provider_retries: vec![Duration::from_millis(100), Duration::from_millis(400)],
            unfinished_after: Duration::from_secs(10),
            reconcile_after: Duration::from_secs(120),
            reconcile_every: Duration::from_secs(5),
            refund_attempts: 6,
        }
    }
}

/// An address that may become known only after the server has its port. Clones share it.
#[derive(Debug, Clone)]
pub struct LateUrl(Arc<OnceLock<Url>>);

impl LateUrl {
    /// Not known yet.
    pub fn unset() -> Self {
        Self(Arc::new(OnceLock::new()))
    }

    /// Known from the start.
    pub fn known(url: Url) -> Self {
        let late = Self::unset();
        late.set(url);
        late
    }

    /// Makes it known; the first call decides.
    pub fn set(&self, url: Url) {
        let _ = self.0.set(url);
    }

    /// The address of `path` (with its leading slash) below it, once it is known.
    pub fn join(&self, path: &str) -> Option<String> {
        let base = self.0.get()?.as_str().trim_end_matches('/');
        Some(format!("{base}{path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_joined_to_bases_with_and_without_a_folder() {
        for (base, joined) in [
            ("http://shop.test", "http://shop.test/pay"),
            ("http://shop.test/", "http://shop.test/pay"),
            ("http://shop.test/eu/", "http://shop.test/eu/pay"),
        ] {
            let url = LateUrl::known(base.parse().expect("an address"));
            assert_eq!(url.join("/pay").as_deref(), Some(joined));
        }
        assert_eq!(LateUrl::unset().join("/pay"), None);
    }
}
