//! Queues a mail that an event asks for.

use chrono::{DateTime, Utc};
use events::Envelope;
use events::id::{EmailId, OrderId, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait};

use super::template::Template;
use crate::entity::email_log::{self, Provider, Status};

/// A mail about an order.
pub(crate) struct Draft<'a> {
    /// Which text.
    pub(crate) template: Template,
    /// Where it goes.
    pub(crate) recipient: &'a str,
    /// The order's number, if it has one.
    pub(crate) number: Option<&'a str>,
    /// The order.
    pub(crate) order_id: OrderId,
    /// The buyer, none for a guest.
    pub(crate) user_id: Option<UserId>,
}

/// Puts the mail into the log as QUEUED, with the event's data to render it from; the sending job
/// does the rest. There is one mail per (event, template): a second call changes nothing.
pub(crate) async fn email_queue(
    txn: &DatabaseTransaction,
    envelope: &Envelope,
    draft: Draft<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let template = draft.template.name();
    let row = email_log::ActiveModel {
        id: Set(EmailId::generate().uuid()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        template: Set(template.to_owned()),
        recipient: Set(storable(draft.recipient)),
        subject: Set(storable(&draft.template.subject(draft.number))),
        provider: Set(Provider::Transactional),
        status: Set(Status::Queued),
        attempts: Set(0),
        failures: Set(0),
        error: Set(None),
        source_event_id: Set(envelope.id),
        correlation_id: Set(envelope.correlationid.clone()),
        traceparent: Set(envelope.traceparent.clone()),
        dedupe_key: Set(format!("{}:{template}", envelope.id)),
        payload: Set(envelope.data.to_string()),
        order_id: Set(Some(draft.order_id.uuid())),
        user_id: Set(draft.user_id.map(UserId::uuid)),
        due_at: Set(now),
        claimed_until: Set(None),
        queued_at: Set(now),
        sent_at: Set(None),
        failed_at: Set(None),
    };
    email_log::Entity::insert(row)
        .on_conflict(
            OnConflict::column(email_log::Column::DedupeKey)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// PostgreSQL takes no NUL in text. A line break instead keeps the text as unsendable as it was.
fn storable(text: &str) -> String {
    text.replace('\0', "\n")
}
