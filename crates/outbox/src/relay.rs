//! Publishes committed outbox rows, in order.

use chrono::{DateTime, Utc};
use clock::Clock;
use events::Envelope;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use tokio_util::sync::CancellationToken;

use crate::entity::{delivery, outbox};
use crate::{Transport, TransportError, wake};

/// Rows per round trip to the transport.
const BATCH: u64 = 100;

/// Why a round of publishing failed; everything unconfirmed is tried again.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The outbox could not be read or marked.
    #[error("outbox database error")]
    Database(#[from] DbErr),
    /// A row is not an envelope; only a bug or a hand-edited row does that.
    #[error("outbox row is not an envelope")]
    Envelope(#[from] serde_json::Error),
    /// The transport did not confirm.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// Publishes what is waiting, oldest first, and returns how many events were confirmed.
///
/// A crash between the transport's confirmation and the mark publishes an event again; the
/// consumer's inbox absorbs that.
///
/// # Errors
/// [`RelayError`]; what was not marked is published by a later call.
pub async fn publish_pending(
    db: &DatabaseConnection,
    transport: &dyn Transport,
    now: DateTime<Utc>,
) -> Result<u64, RelayError> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::PublishedAt.is_null())
        .order_by_asc(outbox::Column::Seq)
        .limit(BATCH)
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let envelopes = rows
        .iter()
        .map(|row| serde_json::from_str(&row.envelope))
        .collect::<Result<Vec<Envelope>, _>>()?;
    transport.publish(&envelopes).await?;
    outbox::Entity::update_many()
        .col_expr(
            outbox::Column::PublishedAt,
            sea_orm::sea_query::Expr::value(now),
        )
        .filter(outbox::Column::Seq.is_in(rows.iter().map(|row| row.seq)))
        .exec(db)
        .await?;
    Ok(rows.len() as u64)
}

/// Publishes until `shutdown`. `service` names the relay in logs.
pub async fn run_relay(
    service: &'static str,
    db: DatabaseConnection,
    transport: std::sync::Arc<dyn Transport>,
    clock: Clock,
    shutdown: CancellationToken,
) {
    let mut waiter = wake::Waiter::new();
    while !shutdown.is_cancelled() {
        match publish_pending(&db, transport.as_ref(), clock.now()).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(
                service,
                error = &error as &dyn std::error::Error,
                "events not published, will retry"
            ),
        }
        tokio::select! {
            () = waiter.wait() => {}
            () = shutdown.cancelled() => return,
        }
    }
}

/// Deletes published rows and inbox marks older than `before`; returns how many rows went.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn purge_published(db: &DatabaseConnection, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let outbox = outbox::Entity::delete_many()
        .filter(outbox::Column::PublishedAt.lt(before))
        .exec(db)
        .await?;
    let inbox = crate::entity::inbox::Entity::delete_many()
        .filter(crate::entity::inbox::Column::ProcessedAt.lt(before))
        .exec(db)
        .await?;
    Ok(outbox.rows_affected + inbox.rows_affected)
}

/// Events on their way: not published yet, or waiting for this service's consumer. Parked ones wait
/// for an operator and do not count.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn backlog(db: &DatabaseConnection) -> Result<u64, DbErr> {
    let unpublished = outbox::Entity::find()
        .filter(outbox::Column::PublishedAt.is_null())
        .count(db)
        .await?;
    let undelivered = delivery::Entity::find()
        .filter(delivery::Column::ParkedAt.is_null())
        .count(db)
        .await?;
    Ok(unpublished + undelivered)
}
