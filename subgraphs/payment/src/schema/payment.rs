//! Payments in the API.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use service::ApiError;
use service::graphql::Money;

use super::loaders::RefundsOfPayment;
use super::provider::PaymentProvider;
use super::refund::Refund;
use crate::entity::action;
use crate::entity::payment::{self, PaymentStatus as Status};

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum PaymentStatus {
    /// Waits for the buyer.
    Pending,
    /// Promised by the buyer's bank, not yet captured.
    Authorized,
    /// The money is there.
    Paid,
    /// Declined; another attempt is possible.
    Failed,
    /// The buyer ran out of time.
    Expired,
    /// Closed because the order needed it no more.
    Cancelled,
    /// Part of the money went back.
    PartiallyRefunded,
    /// All of the money went back.
    Refunded,
    /// The money has to be sent back by hand.
    RefundManual,
    /// The buyer's bank took the money back.
    Chargeback,
    /// A second payment of an order that was paid already; it is refunded at once.
    DuplicateCapture,
}

impl From<Status> for PaymentStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Created | Status::Pending => Self::Pending,
            Status::Authorized => Self::Authorized,
            Status::Paid => Self::Paid,
            Status::Failed => Self::Failed,
            Status::Expired => Self::Expired,
            Status::Cancelled => Self::Cancelled,
            Status::PartiallyRefunded => Self::PartiallyRefunded,
            Status::Refunded => Self::Refunded,
            Status::RefundManual => Self::RefundManual,
            Status::Chargeback => Self::Chargeback,
            Status::DuplicateCapture => Self::DuplicateCapture,
        }
    }
}

/// An attempt to pay an order.
pub(super) struct Payment(pub(super) payment::Model);

/// An attempt to pay an order. An order may have several, of which at most one counts.
#[Object]
impl Payment {
    /// Identifier.
    async fn id(&self) -> ID {
        self.0.payment_id().into()
    }

    /// Who takes the money.
    async fn provider(&self) -> PaymentProvider {
        self.0.provider.into()
    }

    /// Where it stands.
    async fn status(&self) -> PaymentStatus {
        self.0.status.into()
    }

    /// What is to be paid.
    async fn amount(&self) -> Money {
        self.0.amount().into()
    }

    /// What went back so far.
    async fn refunded_amount(&self) -> Money {
        self.0.money(self.0.refunded_minor).into()
    }

    /// The refunds of it, oldest first.
    async fn refunds(&self, ctx: &Context<'_>) -> Result<Vec<Refund>, ApiError> {
        let loader = ctx.data_unchecked::<DataLoader<RefundsOfPayment>>();
        let rows = loader.load_one(self.0.id).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Refund).collect())
    }

    /// When the attempt began.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Until when the buyer can pay it.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// The provider's reason code, if it failed, for example `declined`.
    async fn failure_reason(&self) -> Option<String> {
        self.0.failure_reason.clone()
    }
}

/// What the client has to do for the buyer to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum PaymentActionKind {
    /// Send the buyer to `redirectUrl`.
    Redirect,
    /// Hand `clientSecret` to the provider's component in the client.
    ClientSecret,
    /// Hand `snapToken` to the provider's pop-up in the client.
    SnapToken,
}

/// What the client has to do for the buyer to pay. Which field is filled follows from `kind`.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(super) struct PaymentAction {
    /// What to do.
    kind: PaymentActionKind,
    /// The provider's page, for `REDIRECT`.
    redirect_url: Option<String>,
    /// The secret, for `CLIENT_SECRET`.
    client_secret: Option<String>,
    /// The token, for `SNAP_TOKEN`.
    snap_token: Option<String>,
}

impl From<action::PaymentAction> for PaymentAction {
    fn from(action: action::PaymentAction) -> Self {
        let nothing = Self {
            kind: PaymentActionKind::Redirect,
            redirect_url: None,
            client_secret: None,
            snap_token: None,
        };
        match action {
            action::PaymentAction::Redirect { url } => Self {
                redirect_url: Some(url),
                ..nothing
            },
            action::PaymentAction::ClientSecret { secret } => Self {
                kind: PaymentActionKind::ClientSecret,
                client_secret: Some(secret),
                ..nothing
            },
            action::PaymentAction::SnapToken { token } => Self {
                kind: PaymentActionKind::SnapToken,
                snap_token: Some(token),
                ..nothing
            },
        }
    }
}
