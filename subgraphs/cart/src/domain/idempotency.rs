//! Requests that carry a key have their effect once.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use sea_orm::DatabaseTransaction;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::entity::request::{self, KeyUse};
use crate::error::CartError;

/// Records the key of a request on a cart, if it has one; false if the request was carried out
/// before.
pub(crate) async fn is_first(
    txn: &DatabaseTransaction,
    cart_id: Uuid,
    key: Option<&str>,
    body: &impl Serialize,
    now: DateTime<Utc>,
) -> Result<bool, CartError> {
    let Some(key) = key else {
        return Ok(true);
    };
    let key = key.trim();
    if key.is_empty() || key.chars().count() > 200 || key.chars().any(char::is_control) {
        return Err(CartError::IdempotencyKeyInvalid);
    }
    let body = serde_json::to_vec(body).expect("request bodies are plain data");
    match request::record(
        txn,
        cart_id,
        key,
        &HEXLOWER.encode(&Sha256::digest(body)),
        now,
    )
    .await?
    {
        KeyUse::First => Ok(true),
        KeyUse::Repeated => Ok(false),
        KeyUse::Reused => Err(CartError::IdempotencyKeyReused),
    }
}
