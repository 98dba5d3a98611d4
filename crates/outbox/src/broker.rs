//! The transport interface, and the one of the embedded shape.

use std::sync::Arc;

use chrono::Utc;
use events::Envelope;
use futures_util::future::BoxFuture;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseConnection, EntityTrait,
};
use tokio::sync::Notify;

use crate::entity::delivery;

/// The transport did not confirm that events are safe.
#[derive(Debug, thiserror::Error)]
#[error("events were not accepted: {reason}")]
pub struct TransportError {
    /// For logs.
    pub reason: String,
}

/// Carries events from a service's outbox to every interested consumer.
pub trait Transport: Send + Sync {
    /// Takes responsibility for the events, in order. `Ok` means that they survive a crash.
    fn publish<'a>(
        &'a self,
        envelopes: &'a [Envelope],
    ) -> BoxFuture<'a, Result<(), TransportError>>;
}

/// A consumer's queue: a table in the consumer's own database.
pub(crate) struct Queue {
    pub(crate) consumer: &'static str,
    interests: &'static [&'static str],
    db: DatabaseConnection,
    pub(crate) arrived: Arc<Notify>,
}

/// The transport of the embedded shape: publishing copies events into the `deliveries` table of
/// each interested consumer.
#[derive(Default)]
pub struct InProcessBroker {
    queues: Vec<Queue>,
}

impl InProcessBroker {
    /// A broker without consumers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a consumer's queue and returns the signal that wakes its worker.
    pub fn add_queue(
        &mut self,
        consumer: &'static str,
        interests: &'static [&'static str],
        db: DatabaseConnection,
    ) -> Arc<Notify> {
        let arrived = Arc::new(Notify::new());
        self.queues.push(Queue {
            consumer,
            interests,
            db,
            arrived: arrived.clone(),
        });
        arrived
    }
}

impl Transport for InProcessBroker {
    fn publish<'a>(
        &'a self,
        envelopes: &'a [Envelope],
    ) -> BoxFuture<'a, Result<(), TransportError>> {
        Box::pin(async move {
            for queue in &self.queues {
                queue.store(envelopes).await?;
            }
            Ok(())
        })
    }
}

impl Queue {
    async fn store(&self, envelopes: &[Envelope]) -> Result<(), TransportError> {
        let rows: Vec<_> = envelopes
            .iter()
            .filter(|envelope| self.interests.contains(&envelope.event_type.as_str()))
            .map(|envelope| {
                Ok(delivery::ActiveModel {
                    seq: NotSet,
                    consumer: Set(self.consumer.to_owned()),
                    event_id: Set(envelope.id),
                    event_type: Set(envelope.event_type.clone()),
                    envelope: Set(serde_json::to_string(envelope)?),
                    attempts: Set(0),
                    // The machine's clock, not the shop's: a test that moves the shop's time must
                    // not hold back deliveries.
                    due_at: Set(Utc::now()),
                    parked_at: Set(None),
                    last_error: Set(None),
                })
            })
            .collect::<Result<_, serde_json::Error>>()
            .map_err(|error| TransportError {
                reason: error.to_string(),
            })?;
        if rows.is_empty() {
            return Ok(());
        }
        delivery::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([delivery::Column::Consumer, delivery::Column::EventId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&self.db)
            .await
            .map_err(|error| TransportError {
                reason: format!("queue of {}: {error}", self.consumer),
            })?;
        self.arrived.notify_one();
        Ok(())
    }
}
