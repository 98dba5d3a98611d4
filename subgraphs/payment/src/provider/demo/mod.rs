//! The demo provider: a payment provider played by this service.
//!
//! It behaves like somebody else's system. It keeps its own books (`demo_charges`, `demo_refunds`,
//! `demo_webhooks`), shows the buyer its own page, and tells the shop what happened only by signed
//! webhooks over HTTP, repeated until the shop says that it has them.

mod charges;
mod page;
mod routes;
pub mod signature;
mod webhooks;

use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use clock::Clock;
use events::id::PaymentId;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use money::{Currency, Money};
use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};
use service::Secret;

use super::{
    AmountRefused, ChargeState, Initiate, Initiated, PaymentAction, Provider, ProviderError,
    ProviderEvent, Refund, RefundError, WebhookError,
};
use crate::config::{Config, LateUrl};

pub use charges::Outcome;
pub(crate) use routes::routes;

/// The purpose for which the shop's secret gives the key that signs the demo provider's webhooks.
pub const WEBHOOK_SECRET_PURPOSE: &str = "payment.demo.webhook";

/// The demo provider.
pub struct Demo {
    db: DatabaseConnection,
    clock: Clock,
    public_url: LateUrl,
    webhook_base_url: LateUrl,
    page_secret: [u8; 32],
    webhook_secret: [u8; 32],
    http: reqwest::Client,
}

/// What the demo provider posts.
#[derive(Debug, Serialize, Deserialize)]
struct WebhookBody {
    id: String,
    #[serde(rename = "type")]
    event_type: String,
    created: i64,
    data: WebhookCharge,
}

#[derive(Debug, Serialize, Deserialize)]
struct WebhookCharge {
    charge: String,
    amount: i64,
    currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Demo {
    /// The provider, with its books in `db`.
    pub fn new(db: DatabaseConnection, clock: Clock, secret: &Secret, config: &Config) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(10))
            .build()
            .expect("a client without TLS needs nothing that could be missing");
        Self {
            db,
            clock,
            public_url: config.public_url.clone(),
            webhook_base_url: config.webhook_base_url.clone(),
            page_secret: secret.derive("payment.demo.page"),
            webhook_secret: secret.derive(WEBHOOK_SECRET_PURPOSE),
            http,
        }
    }

    /// The secret in the address of a payment's page: whoever has it may decide the payment.
    fn page_token(&self, payment_id: PaymentId) -> String {
        auth::derive_token(&self.page_secret, "page", &payment_id.to_string())
    }

    fn page_path(&self, payment_id: PaymentId) -> String {
        format!(
            "/pay/demo/{payment_id}?token={}",
            self.page_token(payment_id)
        )
    }
}

impl Provider for Demo {
    fn accepts(&self, amount: Money) -> Result<(), AmountRefused> {
        if amount.minor > 0 {
            Ok(())
        } else {
            Err(AmountRefused::BelowMinimum)
        }
    }

    fn initiate<'a>(
        &'a self,
        request: &'a Initiate,
    ) -> BoxFuture<'a, Result<Initiated, ProviderError>> {
        async move {
            let path = self.page_path(request.payment_id);
            let url = self
                .public_url
                .join(&path)
                .ok_or_else(|| ProviderError::Unavailable {
                    reason: "the shop's public address is not known yet".to_owned(),
                })?;
            let charge = self.open_charge(request).await.map_err(unavailable)?;
            Ok(Initiated {
                gateway_ref: charge.gateway_ref,
                action: PaymentAction::Redirect { url },
                expires_at: charge.expires_at,
            })
        }
        .boxed()
    }

    fn fetch_status<'a>(
        &'a self,
        gateway_ref: &'a str,
    ) -> BoxFuture<'a, Result<ChargeState, ProviderError>> {
        async move { charges::state_of(self.look_up(gateway_ref).await.map_err(unavailable)?) }
            .boxed()
    }

    fn cancel<'a>(
        &'a self,
        gateway_ref: &'a str,
    ) -> BoxFuture<'a, Result<ChargeState, ProviderError>> {
        async move { charges::state_of(self.cancel_charge(gateway_ref).await.map_err(unavailable)?) }.boxed()
    }

    fn refund<'a>(&'a self, request: &'a Refund) -> BoxFuture<'a, Result<(), RefundError>> {
        async move {
            match self.refund_charge(request).await {
                Ok(true) => Ok(()),
                Ok(false) => Err(RefundError::Refused {
                    code: "exceeds_charge".to_owned(),
                }),
                Err(error) => Err(RefundError::Unavailable {
                    reason: error.to_string(),
                }),
            }
        }
        .boxed()
    }

    fn verify_webhook(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<ProviderEvent, WebhookError> {
        // The signature is checked on the bytes as they came, before anything reads them.
        let header = headers
            .get(signature::HEADER)
            .and_then(|value| value.to_str().ok())
            .ok_or(WebhookError::BadSignature)?;
        if !signature::is_valid(&self.webhook_secret, header, body, now) {
            return Err(WebhookError::BadSignature);
        }

        let webhook: WebhookBody =
            serde_json::from_slice(body).map_err(|_| WebhookError::Malformed)?;
        let currency =
            Currency::from_code(&webhook.data.currency).ok_or(WebhookError::Malformed)?;
        let state = match webhook.event_type.as_str() {
            "charge.paid" => ChargeState::Paid {
                amount: Money::new(webhook.data.amount, currency),
            },
            "charge.declined" => ChargeState::Failed {
                reason: webhook.data.reason.unwrap_or_else(|| "declined".to_owned()),
            },
            "charge.expired" => ChargeState::Expired,
            _ => return Err(WebhookError::Malformed),
        };
        Ok(ProviderEvent {
            dedupe_key: webhook.id,
            gateway_ref: webhook.data.charge,
            state,
        })
    }
}

fn unavailable(error: sea_orm::DbErr) -> ProviderError {
    ProviderError::Unavailable {
        reason: error.to_string(),
    }
}
