//! Handling an event exactly once in effect.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use events::Envelope;
use futures_util::future::BoxFuture;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction,
    DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::entity::{delivery, inbox};
use crate::transaction::begin;

/// Deliveries per transaction; enough to make bulk loads quick, few enough not to hold up writers.
const BATCH: u64 = 25;

/// What a service does with the events it is interested in.
pub trait Consumer: Send + Sync {
    /// Unique name, by custom the service's.
    fn name(&self) -> &'static str;

    /// Event types this consumer wants.
    fn interests(&self) -> &'static [&'static str];

    /// Handles one event. All writes go through `txn`, which also records that the event was
    /// handled; the handler must not commit, and must be safe to run again after an error.
    fn handle<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, Result<(), HandleError>>;

    /// Called after the effect of `envelope` is committed, to wake whoever waits for it.
    fn committed(&self, envelope: &Envelope) {
        let _ = envelope;
    }
}

/// Why a handler failed.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// Worth another try: a database or another party was not ready.
    #[error("{0}")]
    Retry(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Will never work: park it at once.
    #[error("{0}")]
    Permanent(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<DbErr> for HandleError {
    fn from(error: DbErr) -> Self {
        Self::Retry(Box::new(error))
    }
}

impl From<crate::EnqueueError> for HandleError {
    fn from(error: crate::EnqueueError) -> Self {
        Self::Retry(Box::new(error))
    }
}

impl From<events::EnvelopeError> for HandleError {
    fn from(error: events::EnvelopeError) -> Self {
        Self::Permanent(Box::new(error))
    }
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Handled now.
    Handled,
    /// Had been handled before; nothing happened.
    Duplicate,
}

/// How long to wait after each failure; after the last one the delivery is parked.
#[derive(Debug, Clone)]
pub struct RetryPolicy {
    /// The pauses, in order.
    pub delays: Vec<Duration>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        let millis = [100, 1_000, 5_000, 30_000, 120_000, 600_000];
        Self {
            delays: millis.map(Duration::from_millis).to_vec(),
        }
    }
}

/// Handles `envelope` in one transaction with its inbox mark; a second call has no effect.
///
/// # Errors
/// The handler's error, or a database error as [`HandleError::Retry`]; nothing was changed then.
pub async fn consume(
    db: &DatabaseConnection,
    consumer: &dyn Consumer,
    envelope: &Envelope,
) -> Result<Outcome, HandleError> {
    let txn = begin(db).await?;
    let outcome = handle_once(&txn, consumer, envelope).await?;
    txn.commit().await?;
    if outcome == Outcome::Handled {
        consumer.committed(envelope);
    }
    Ok(outcome)
}

async fn handle_once(
    txn: &DatabaseTransaction,
    consumer: &dyn Consumer,
    envelope: &Envelope,
) -> Result<Outcome, HandleError> {
    let mark = inbox::ActiveModel {
        consumer: Set(consumer.name().to_owned()),
        event_id: Set(envelope.id),
        processed_at: Set(Utc::now()),
    };
    let marked = inbox::Entity::insert(mark)
        .on_conflict(
            OnConflict::columns([inbox::Column::Consumer, inbox::Column::EventId])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    if marked == 0 {
        return Ok(Outcome::Duplicate);
    }
    consumer.handle(txn, envelope).await?;
    Ok(Outcome::Handled)
}

/// Works through a consumer's `deliveries` until `shutdown`, waking when `arrived` says so.
pub async fn run_consumer(
    db: DatabaseConnection,
    consumer: Arc<dyn Consumer>,
    policy: RetryPolicy,
    arrived: Arc<Notify>,
    shutdown: CancellationToken,
) {
    while !shutdown.is_cancelled() {
        let pause = match work_through(&db, consumer.as_ref(), &policy, &shutdown).await {
            Ok(true) => continue,
            Ok(false) => Duration::from_millis(250),
            Err(error) => {
                tracing::warn!(
                    consumer = consumer.name(),
                    error = &error as &dyn std::error::Error,
                    "queue not readable, will retry"
                );
                Duration::from_millis(250)
            }
        };
        tokio::select! {
            () = arrived.notified() => {}
            () = tokio::time::sleep(pause) => {}
            () = shutdown.cancelled() => return,
        }
    }
}

/// Handles what is due; `true` if there was anything.
async fn work_through(
    db: &DatabaseConnection,
    consumer: &dyn Consumer,
    policy: &RetryPolicy,
    shutdown: &CancellationToken,
) -> Result<bool, DbErr> {
    let due = delivery::Entity::find()
        .filter(delivery::Column::Consumer.eq(consumer.name()))
        .filter(delivery::Column::ParkedAt.is_null())
        .filter(delivery::Column::DueAt.lte(Utc::now()))
        .order_by_asc(delivery::Column::Seq)
        .limit(BATCH)
        .all(db)
        .await?;
    if due.is_empty() {
        return Ok(false);
    }
    // Several in one transaction, which is one write to disk. If one fails, each gets its own, so
    // that the others pass.
    if due.len() > 1 && deliver(db, consumer, &due).await.is_ok() {
        return Ok(true);
    }
    for delivery in due {
        if shutdown.is_cancelled() {
            return Ok(false);
        }
        if let Err(error) = deliver(db, consumer, std::slice::from_ref(&delivery)).await {
            postpone(db, consumer, delivery, &error, policy).await?;
        }
    }
    Ok(true)
}

/// Handles deliveries in one transaction: all of them, or none.
async fn deliver(
    db: &DatabaseConnection,
    consumer: &dyn Consumer,
    deliveries: &[delivery::Model],
) -> Result<(), HandleError> {
    let txn = begin(db).await?;
    let mut handled = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        let envelope: Envelope =
            serde_json::from_str(&delivery.envelope).map_err(events::EnvelopeError::from)?;
        if handle_once(&txn, consumer, &envelope).await? == Outcome::Handled {
            handled.push(envelope);
        }
    }
    delivery::Entity::delete_many()
        .filter(delivery::Column::Seq.is_in(deliveries.iter().map(|delivery| delivery.seq)))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    for envelope in &handled {
        consumer.committed(envelope);
    }
    Ok(())
}

async fn postpone(
    db: &DatabaseConnection,
    consumer: &dyn Consumer,
    delivery: delivery::Model,
    error: &HandleError,
    policy: &RetryPolicy,
) -> Result<(), DbErr> {
    let delay = match error {
        HandleError::Retry(_) => policy.delays.get(delivery.attempts.max(0) as usize),
        HandleError::Permanent(_) => None,
    };
    let now = Utc::now();
    let event_type = delivery.event_type.clone();
    let attempts = delivery.attempts + 1;
    let mut row: delivery::ActiveModel = delivery.into();
    row.attempts = Set(attempts);
    row.last_error = Set(Some(error.to_string()));
    match delay {
        Some(delay) => {
            tracing::warn!(
                consumer = consumer.name(),
                event_type,
                attempts,
                error = error as &dyn std::error::Error,
                "event not handled, will retry"
            );
            row.due_at = Set(now + *delay);
        }
        None => {
            tracing::error!(
                consumer = consumer.name(),
                event_type,
                attempts,
                error = error as &dyn std::error::Error,
                "event parked"
            );
            row.parked_at = Set(Some(now));
        }
    }
    row.update(db).await?;
    Ok(())
}
