//! Writing a change and its events in one transaction.

use events::{Cause, Envelope, EnvelopeError, Event};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::entity::outbox;
use crate::wake;

/// Why an event could not be enqueued.
#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    /// The database refused.
    #[error("outbox write failed")]
    Database(#[from] DbErr),
    /// The event cannot be written as JSON.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
}

impl From<EnqueueError> for DbErr {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => error,
            EnqueueError::Envelope(error) => DbErr::Custom(error.to_string()),
        }
    }
}

/// Begins a transaction that is going to write.
///
/// SQLite takes its write lock here, not at the first write: a transaction that read first and then
/// wanted to write would be refused instead of waiting for its turn.
///
/// # Errors
/// [`DbErr`] if no connection is free in time or the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that begins transactions"
)]
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    db.begin_with_options(TransactionOptions {
        isolation_level: None,
        access_mode: None,
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
    })
    .await
}

/// Adds an event to the outbox, in the caller's transaction. `subject_version` is the version of the
/// aggregate after the change.
///
/// # Errors
/// [`EnqueueError`] if the row cannot be written; the caller's transaction must then roll back.
pub async fn enqueue(
    txn: &impl ConnectionTrait,
    cause: &Cause,
    subject_version: i64,
    event: impl Into<Event>,
) -> Result<(), EnqueueError> {
    let envelope = Envelope::wrap(&event.into(), subject_version, cause)?;
    let json = serde_json::to_string(&envelope).map_err(EnvelopeError::from)?;
    outbox::Entity::insert(outbox::ActiveModel {
        seq: NotSet,
        event_id: Set(envelope.id),
        event_type: Set(envelope.event_type),
        subject: Set(envelope.subject),
        envelope: Set(json),
        created_at: Set(cause.now),
        published_at: Set(None),
    })
    .exec_without_returning(txn)
    .await?;
    wake::hint();
    Ok(())
}
