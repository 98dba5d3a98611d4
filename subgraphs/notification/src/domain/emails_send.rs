//! Sends what is due; the work of the job `notification.send`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use clock::Clock;
use events::Cause;
use events::id::{EmailId, OrderId};
use events::notification::{EmailFailed, EmailNotificationSent};
use lettre::Message;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter,
};

use super::email_message::{Header, MessageError, Sender};
use super::render::{RenderError, render};
use crate::entity::email_log::{self, Column, Status};
use crate::error::NotificationError;
use crate::mailer::{Mailer, SendError};

/// Mails looked at in one run.
const BATCH: u64 = 50;
/// A mail server's answer is kept up to this many characters.
const LONGEST_ERROR: usize = 500;

/// What sending needs.
pub(crate) struct Sending {
    /// The log.
    pub(crate) db: DatabaseConnection,
    /// Decides what is due.
    pub(crate) clock: Clock,
    /// The way out.
    pub(crate) mailer: Mailer,
    /// Who mail comes from.
    pub(crate) sender: Sender,
    /// Pauses after failures.
    pub(crate) retry_delays: Vec<Duration>,
    /// How long a claim holds.
    pub(crate) lease: Duration,
}

/// Why a mail did not go out this time.
#[derive(Debug, thiserror::Error)]
enum AttemptError {
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error(transparent)]
    Send(#[from] SendError),
}

impl AttemptError {
    fn is_permanent(&self) -> bool {
        match self {
            Self::Render(_) | Self::Message(_) => true,
            Self::Send(error) => error.is_permanent(),
        }
    }
}

/// Sends the mails that are due, one after the other, each under a claim of its own, so that several
/// replicas share the work. Says whether more may be waiting.
///
/// No transaction is open while a mail is on its way. Whoever dies between handing a mail over and
/// writing that down leaves a claim behind; when it runs out the mail is sent again, as the same
/// file or with the same `Message-ID`.
pub(crate) async fn emails_send(sending: &Sending) -> Result<bool, NotificationError> {
    let due = email_log::find_due(&sending.db, sending.clock.now(), BATCH).await?;
    let more = due.len() as u64 == BATCH;
    for email in due {
        let Some(claimed) = claim(sending, email).await? else {
            continue;
        };
        match attempt(sending, &claimed).await {
            Ok(()) => mark_sent(sending, claimed).await?,
            Err(error) => mark_failed(sending, claimed, &error).await?,
        }
    }
    Ok(more)
}

/// Takes the mail, unless somebody changed it since it was read.
async fn claim(
    sending: &Sending,
    email: email_log::Model,
) -> Result<Option<email_log::Model>, DbErr> {
    let now = sending.clock.now();
    let until = now + sending.lease;
    let claimed = email_log::Model {
        version: email.version + 1,
        updated_at: now,
        status: Status::Sending,
        attempts: email.attempts + 1,
        due_at: until,
        claimed_until: Some(until),
        ..email
    };
    let changed = email_log::ActiveModel {
        version: Set(claimed.version),
        updated_at: Set(claimed.updated_at),
        status: Set(claimed.status),
        attempts: Set(claimed.attempts),
        due_at: Set(claimed.due_at),
        claimed_until: Set(claimed.claimed_until),
        ..Default::default()
    };
    let result = email_log::Entity::update_many()
        .set(changed)
        .filter(Column::Id.eq(claimed.id))
        .filter(Column::Version.eq(email.version))
        .exec(&sending.db)
        .await?;
    Ok((result.rows_affected == 1).then_some(claimed))
}

async fn attempt(sending: &Sending, email: &email_log::Model) -> Result<(), AttemptError> {
    let message = compose(&sending.sender, email)?;
    let id = EmailId::from_uuid(email.id);
    Ok(sending.mailer.send(id, message).await?)
}

fn compose(sender: &Sender, email: &email_log::Model) -> Result<Message, AttemptError> {
    let body = render(&email.template, &email.payload, &sender.shop_name)?;
    let header = Header {
        email_id: EmailId::from_uuid(email.id),
        recipient: &email.recipient,
        subject: &email.subject,
        date: email.created_at,
    };
    Ok(sender.message(&header, body)?)
}

/// SENT, and the event that says so.
async fn mark_sent(sending: &Sending, email: email_log::Model) -> Result<(), NotificationError> {
    let now = sending.clock.now();
    let txn = outbox::begin(&sending.db).await?;
    let sent = email_log::ActiveModel {
        status: Set(Status::Sent),
        error: Set(None),
        sent_at: Set(Some(now)),
        ..settled(&email, now)
    };
    if !settle(&txn, &email, sent).await? {
        return Ok(());
    }
    let event = EmailNotificationSent {
        email_id: EmailId::from_uuid(email.id),
        template: email.template.clone(),
        order_id: email.order_id.map(OrderId::from_uuid),
    };
    outbox::enqueue(&txn, &cause(&email, now), email.version + 1, event).await?;
    txn.commit().await?;
    tracing::info!(email.id = %EmailId::from_uuid(email.id), template = email.template, "mail sent");
    Ok(())
}

/// FAILED with a pause, or DEAD and the event that says so.
async fn mark_failed(
    sending: &Sending,
    email: email_log::Model,
    error: &AttemptError,
) -> Result<(), NotificationError> {
    let now = sending.clock.now();
    let pause = usize::try_from(email.failures)
        .ok()
        .and_then(|failures| sending.retry_delays.get(failures))
        .filter(|_| !error.is_permanent());
    let told: String = chain(error).chars().take(LONGEST_ERROR).collect();
    tracing::warn!(
        email.id = %EmailId::from_uuid(email.id),
        template = email.template,
        attempts = email.attempts,
        retry = pause.is_some(),
        error = told,
        "mail not sent"
    );

    let txn = outbox::begin(&sending.db).await?;
    let failed = email_log::ActiveModel {
        status: Set(pause.map_or(Status::Dead, |_| Status::Failed)),
        failures: Set(email.failures + 1),
        error: Set(Some(told.clone())),
        due_at: Set(pause.map_or(now, |pause| now + *pause)),
        failed_at: Set(Some(now)),
        ..settled(&email, now)
    };
    if !settle(&txn, &email, failed).await? {
        return Ok(());
    }
    if pause.is_none() {
        let event = EmailFailed {
            email_id: EmailId::from_uuid(email.id),
            template: email.template.clone(),
            order_id: email.order_id.map(OrderId::from_uuid),
            error: told,
        };
        outbox::enqueue(&txn, &cause(&email, now), email.version + 1, event).await?;
    }
    txn.commit().await?;
    Ok(())
}

/// What every end of an attempt writes.
fn settled(email: &email_log::Model, now: DateTime<Utc>) -> email_log::ActiveModel {
    email_log::ActiveModel {
        version: Set(email.version + 1),
        updated_at: Set(now),
        claimed_until: Set(None),
        ..Default::default()
    }
}

/// Writes the end of an attempt, if the claim still holds; whoever took over decides otherwise.
async fn settle(
    txn: &DatabaseTransaction,
    claimed: &email_log::Model,
    outcome: email_log::ActiveModel,
) -> Result<bool, DbErr> {
    let result = email_log::Entity::update_many()
        .set(outcome)
        .filter(Column::Id.eq(claimed.id))
        .filter(Column::Version.eq(claimed.version))
        .exec(txn)
        .await?;
    Ok(result.rows_affected == 1)
}

/// The event continues the story of the event that asked for the mail.
fn cause(email: &email_log::Model, now: DateTime<Utc>) -> Cause {
    Cause {
        correlation_id: email.correlation_id.clone(),
        causation_id: Some(email.source_event_id.to_string()),
        traceparent: email.traceparent.clone(),
        actor: Some("notification.send".to_owned()),
        now,
    }
}

/// The error and what caused it, for people; a cause that its error already tells is not repeated.
fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !told.contains(&text) {
            told.push_str(": ");
            told.push_str(&text);
        }
        source = cause.source();
    }
    told
}
