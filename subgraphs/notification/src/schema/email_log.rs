//! One outgoing mail.

use async_graphql::{Context, Enum, ID, Object};
use auth::{Principal, Scope};
use chrono::{DateTime, Utc};
use events::id::{EmailId, OrderId, UserId};
use service::RequestInfo;

use super::order::Order;
use crate::entity::email_log::{Model, Status};

/// Where an e-mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::entity::email_log::Status")]
pub(crate) enum EmailStatus {
    /// Waits to be sent.
    Queued,
    /// Is being sent.
    Sending,
    /// Was handed to the mail server.
    Sent,
    /// Arrived, as far as the mail server knows.
    Delivered,
    /// The mail server of the receiver sent it back.
    Bounced,
    /// Could not be sent; will be tried again by itself at `nextAttemptAt`.
    Failed,
    /// Could not be sent and will not be tried again by itself; `emailRetry` does.
    Dead,
}

/// Through whom an e-mail is sent: mail about signing in goes its own way, so that it arrives
/// whatever happens to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::entity::email_log::Provider")]
pub(crate) enum EmailProvider {
    /// The provider of mail about orders.
    Transactional,
    /// The provider of mail about signing in.
    Auth,
}

/// An e-mail the shop sent or is about to send.
pub(crate) struct EmailLog(pub(crate) Model);

impl EmailLog {
    /// Whether this caller may know of this mail: staff of all, others of what was sent to them.
    pub(crate) fn is_visible_to(email: &Model, caller: &Principal) -> bool {
        let owner = email
            .user_id
            .map(|user_id| UserId::from_uuid(user_id).to_string());
        caller.has_scope(Scope::EMAILS_READ)
            || (owner.is_some() && owner.as_deref() == caller.user_id())
    }
}

/// An e-mail the shop sent or is about to send. There is one per event and template. Staff with
/// `emails:read` see all of them, a signed-in buyer their own.
#[Object]
impl EmailLog {
    /// Identifier.
    async fn id(&self) -> ID {
        EmailId::from_uuid(self.0.id).to_string().into()
    }

    /// Name of the text that is sent: `order_confirmation`, `order_processing`, `order_shipped` or
    /// `order_delivered`; more may come.
    async fn template(&self) -> &str {
        &self.0.template
    }

    /// Address it goes to.
    async fn to(&self) -> &str {
        &self.0.recipient
    }

    /// Subject line.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Through whom it is sent.
    async fn provider(&self) -> EmailProvider {
        self.0.provider.into()
    }

    /// Where it stands.
    async fn status(&self) -> EmailStatus {
        self.0.status.into()
    }

    /// How often the shop tried to send it.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// What went wrong in the last attempt; null once it was sent, and for everybody but staff.
    async fn error(&self, ctx: &Context<'_>) -> Option<&str> {
        let caller = RequestInfo::of(ctx).principal().ok()?;
        caller
            .has_scope(Scope::EMAILS_READ)
            .then_some(self.0.error.as_deref())?
    }

    /// Identifier of the story this e-mail belongs to, in logs and events.
    async fn correlation_id(&self) -> &str {
        &self.0.correlation_id
    }

    /// The order it is about.
    async fn order(&self) -> Option<Order> {
        self.0.order_id.map(OrderId::from_uuid).map(Order)
    }

    /// When the shop decided to send it.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was handed to the mail server.
    async fn sent_at(&self) -> Option<DateTime<Utc>> {
        self.0.sent_at
    }

    /// When an attempt failed last.
    async fn failed_at(&self) -> Option<DateTime<Utc>> {
        self.0.failed_at
    }

    /// When it will be tried again by itself; null unless it is `FAILED`.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        (self.0.status == Status::Failed).then_some(self.0.due_at)
    }
}
