//! Staff send a failed mail again.

use chrono::{DateTime, Utc};
use events::id::EmailId;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};

use crate::entity::email_log::{self, Column, Status};
use crate::error::NotificationError;

/// Puts a FAILED or DEAD mail back into the queue, with a full round of automatic retries.
///
/// # Errors
/// [`NotificationError::EmailNotRetryable`] for mail that did not fail, also when somebody else was
/// quicker; [`NotificationError::RetryLimit`] for one that was attempted too often.
pub(crate) async fn email_retry(
    db: &DatabaseConnection,
    id: EmailId,
    max_attempts: i32,
    now: DateTime<Utc>,
) -> Result<email_log::Model, NotificationError> {
    let email = email_log::Entity::find_by_id(id.uuid())
        .one(db)
        .await?
        .ok_or(NotificationError::EmailNotFound)?;

    // The rules.
    match email.status {
        Status::Failed | Status::Dead => {}
        Status::Queued | Status::Sending | Status::Sent | Status::Delivered | Status::Bounced => {
            return Err(NotificationError::EmailNotRetryable);
        }
    }
    if email.attempts >= max_attempts {
        return Err(NotificationError::RetryLimit {
            attempts: email.attempts,
        });
    }

    // Only if it is still as it was read.
    let queued = email_log::ActiveModel {
        version: Set(email.version + 1),
        updated_at: Set(now),
        status: Set(Status::Queued),
        failures: Set(0),
        due_at: Set(now),
        queued_at: Set(now),
        ..Default::default()
    };
    let result = email_log::Entity::update_many()
        .set(queued)
        .filter(Column::Id.eq(email.id))
        .filter(Column::Version.eq(email.version))
        .exec(db)
        .await?;
    if result.rows_affected == 0 {
        return Err(NotificationError::EmailNotRetryable);
    }
    Ok(email_log::Model {
        version: email.version + 1,
        updated_at: now,
        status: Status::Queued,
        failures: 0,
        due_at: now,
        queued_at: now,
        ..email
    })
}
