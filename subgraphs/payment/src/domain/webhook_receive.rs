//! Taking a webhook in: verify, store, answer. What it says is applied afterwards from the inbox.

use axum::http::HeaderMap;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait};
use uuid::Uuid;

use crate::entity::gateway_event;
use crate::entity::payment::{self, ProviderName};
use crate::provider::{Provider, WebhookError};
use crate::state::AppState;

/// What became of a webhook at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// Stored; it is about a payment we know.
    Stored,
    /// Stored; no payment is known for it yet.
    Unknown,
    /// Stored before.
    Duplicate,
}

/// Why a webhook was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Not authentic, or not readable; nothing was stored.
    #[error(transparent)]
    Refused(#[from] WebhookError),
    /// It could not be stored; the provider is to send it again.
    #[error("webhook could not be stored")]
    Database(#[from] DbErr),
}

/// Verifies a webhook and stores it once.
///
/// # Errors
/// [`ReceiveError`]
pub async fn receive_webhook(
    state: &AppState,
    name: ProviderName,
    provider: &dyn Provider,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Received, ReceiveError> {
    // Verify before anything is read, let alone stored.
    let now = state.clock.now();
    let event = provider.verify_webhook(headers, body, now)?;
    let raw = str::from_utf8(body).map_err(|_| WebhookError::Malformed)?;

    // Store, once.
    let row = gateway_event::ActiveModel {
        id: Set(Uuid::now_v7()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        provider: Set(name),
        dedupe_key: Set(event.dedupe_key),
        gateway_ref: Set(event.gateway_ref.clone()),
        event: Set(serde_json::to_string(&event.state).expect("charge states are plain data")),
        raw: Set(raw.to_owned()),
        received_at: Set(now),
        attempts: Set(0),
        next_attempt_at: Set(now),
        applied_at: Set(None),
        outcome: Set(None),
    };
    let once = [
        gateway_event::Column::Provider,
        gateway_event::Column::DedupeKey,
    ];
    let stored = gateway_event::Entity::insert(row)
        .on_conflict(OnConflict::columns(once).do_nothing().to_owned())
        .exec_without_returning(&state.db)
        .await?;
    if stored == 0 {
        return Ok(Received::Duplicate);
    }
    let payment = payment::Entity::find_by_gateway_ref(&state.db, name, &event.gateway_ref).await?;
    Ok(if payment.is_some() {
        Received::Stored
    } else {
        Received::Unknown
    })
}
