//! The key that signs access tokens: ours alone, kept in our database.

use auth::SigningKey;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseConnection, DbErr, EntityTrait};

use crate::entity::signing_key;
use crate::error::AccountsError;

/// The signing key, created at the first call on a new database. All verifiers must know its public
/// half, so this can be called before any service is built; the database must be migrated.
///
/// The private key lies unencrypted in the database: whoever reads the database of accounts can sign
/// access tokens.
///
/// # Errors
/// [`AccountsError`] if the database refuses or holds a key that cannot be read.
pub async fn signing_key(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
) -> Result<SigningKey, AccountsError> {
    if let Some(key) = signing_key::find_active(db).await? {
        return Ok(SigningKey::from_pkcs8_pem(&key.private_key)?);
    }

    // Replicas that start together each try to insert; one wins, and all use what is there then.
    let key = SigningKey::generate();
    signing_key::Entity::insert(signing_key::ActiveModel {
        kid: Set(key.kid().to_owned()),
        purpose: Set(signing_key::ACCESS_TOKEN.to_owned()),
        private_key: Set(key.to_pkcs8_pem()),
        created_at: Set(now),
        retired_at: Set(None),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(db)
    .await?;
    let stored = signing_key::find_active(db).await?;
    let stored =
        stored.ok_or_else(|| DbErr::RecordNotFound("the signing key just stored".to_owned()))?;
    Ok(SigningKey::from_pkcs8_pem(&stored.private_key)?)
}
