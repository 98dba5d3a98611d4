//! Settings of accounts. Read from nowhere here: the binary fills them in.

use chrono::TimeDelta;

pub use crate::domain::login_limit::LoginLimits;

/// Settings of accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The shop's name in access tokens (`iss`); the verifiers of all services must expect it.
    pub issuer: String,
    /// For whom access tokens are (`aud`); the verifiers of all services must expect it.
    pub audience: String,
    /// How long an access token holds.
    pub access_ttl: TimeDelta,
    /// How long a refresh token waits to be used.
    pub refresh_idle_ttl: TimeDelta,
    /// How long a session lasts, however often it is refreshed.
    pub refresh_absolute_ttl: TimeDelta,
    /// How long after its use a refresh token may be sent once more, by a client that did not get
    /// the answer.
    pub refresh_repeat_window: TimeDelta,
    /// How expensive it is to hash a password. A change re-hashes each password at its next login.
    pub argon2: Argon2Cost,
    /// When logins to one account are slowed down.
    pub login_limits: LoginLimits,
    /// Language of users who chose none (BCP 47).
    pub default_locale: String,
}

/// The parameters of argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Cost {
    /// Memory in KiB (`m`).
    pub memory_kib: u32,
    /// Passes over the memory (`t`).
    pub iterations: u32,
    /// Lanes (`p`).
    pub parallelism: u32,
}

impl Default for Argon2Cost {
    /// OWASP's recommendation.
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            iterations: 2,
            parallelism: 1,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            issuer: "https://bazaar.test".to_owned(),
            audience: "bazaar".to_owned(),
            access_ttl: TimeDelta::minutes(10),
            refresh_idle_ttl: TimeDelta::days(30),
            refresh_absolute_ttl: TimeDelta::days(90),
            refresh_repeat_window: TimeDelta::seconds(10),
            argon2: Argon2Cost::default(),
            login_limits: LoginLimits::default(),
            default_locale: "id-ID".to_owned(),
        }
    }
}
