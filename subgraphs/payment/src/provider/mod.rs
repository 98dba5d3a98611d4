//! Those who take the money.
//!
//! A provider is somebody else's system: it has its own books, its own idea of time, and tells us
//! things by webhook, late, twice or never. Whatever asks a provider does so outside of a database
//! transaction and with a key that makes asking again harmless.

pub mod demo;

use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use events::id::{OrderId, PaymentId};
use futures_util::future::BoxFuture;
use money::Money;
use serde::{Deserialize, Serialize};

pub use crate::entity::action::PaymentAction;
pub use crate::entity::payment::ProviderName;

/// A payment provider.
pub trait Provider: Send + Sync {
    /// Whether it takes this amount at all.
    ///
    /// # Errors
    /// [`AmountRefused`] if it does not.
    fn accepts(&self, amount: Money) -> Result<(), AmountRefused>;

    /// Opens a charge. The same `idempotency_key` gives the same charge, however often it is sent.
    fn initiate<'a>(
        &'a self,
        request: &'a Initiate,
    ) -> BoxFuture<'a, Result<Initiated, ProviderError>>;

    /// What it knows of a charge now.
    fn fetch_status<'a>(
        &'a self,
        gateway_ref: &'a str,
    ) -> BoxFuture<'a, Result<ChargeState, ProviderError>>;

    /// Closes a charge if it is still open, and answers what it is then: a charge that was paid in
    /// the meantime stays paid.
    fn cancel<'a>(
        &'a self,
        gateway_ref: &'a str,
    ) -> BoxFuture<'a, Result<ChargeState, ProviderError>>;

    /// Sends money back. The same `refund_key` is the same refund, however often it is sent.
    fn refund<'a>(&'a self, request: &'a Refund) -> BoxFuture<'a, Result<(), RefundError>>;

    /// Checks the signature of a webhook and reads it.
    ///
    /// # Errors
    /// [`WebhookError`] if it is not authentic or not readable.
    fn verify_webhook(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<ProviderEvent, WebhookError>;
}

/// A charge to be opened.
#[derive(Debug, Clone)]
pub struct Initiate {
    /// The attempt.
    pub payment_id: PaymentId,
    /// The order it pays.
    pub order_id: OrderId,
    /// Stable per attempt.
    pub idempotency_key: String,
    /// How much.
    pub amount: Money,
    /// When the provider is to give up.
    pub expires_at: DateTime<Utc>,
}

/// A charge that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initiated {
    /// The provider's reference.
    pub gateway_ref: String,
    /// What the buyer has to do.
    pub action: PaymentAction,
    /// When the provider gives up.
    pub expires_at: DateTime<Utc>,
}

/// Money to be sent back.
#[derive(Debug, Clone)]
pub struct Refund {
    /// The charge.
    pub gateway_ref: String,
    /// Stable per refund.
    pub refund_key: String,
    /// How much.
    pub amount: Money,
}

/// What became of a charge, from a webhook or asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChargeState {
    /// Waits for the buyer.
    Open,
    /// The provider has the money.
    Paid {
        /// How much of it.
        amount: Money,
    },
    /// The buyer declined or was declined.
    Failed {
        /// The provider's reason code.
        reason: String,
    },
    /// The buyer ran out of time.
    Expired,
    /// Called off.
    Cancelled,
}

/// What a webhook says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderEvent {
    /// The same in every delivery of one event, and unique per provider.
    pub dedupe_key: String,
    /// The charge.
    pub gateway_ref: String,
    /// What became of it.
    pub state: ChargeState,
}

/// The provider does not take such an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountRefused {
    /// Not this currency.
    #[error("currency not supported")]
    Currency,
    /// Not so little.
    #[error("amount below the minimum")]
    BelowMinimum,
}

/// The provider did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// No answer, or none that says anything: ask again with the same key.
    #[error("provider unavailable: {reason}")]
    Unavailable {
        /// For logs.
        reason: String,
    },
    /// It will never do this.
    #[error("refused by the provider: {code}")]
    Rejected {
        /// The provider's reason code.
        code: String,
    },
}

/// The provider did not send money back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// No answer, or not now: ask again with the same key.
    #[error("provider unavailable: {reason}")]
    Unavailable {
        /// For logs.
        reason: String,
    },
    /// It never will: the method has no refunds, or the provider refuses this one.
    #[error("refused by the provider: {code}")]
    Refused {
        /// The provider's reason code.
        code: String,
    },
}

/// A webhook that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// Not signed by the provider, or not now.
    #[error("bad signature")]
    BadSignature,
    /// Authentic, but not what we can read.
    #[error("malformed webhook")]
    Malformed,
}
