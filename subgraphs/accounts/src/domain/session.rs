//! Starting sessions and handing out their tokens.

use auth::{OpaqueToken, Role, Subject};
use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};

use crate::domain::Accounts;
use crate::entity::{refresh_token, session, user};
use crate::error::AccountsError;

/// What a client gets to act as somebody.
pub(crate) struct IssuedSession {
    pub(crate) access_token: String,
    pub(crate) access_expires_at: DateTime<Utc>,
    pub(crate) refresh_token: String,
    pub(crate) refresh_expires_at: DateTime<Utc>,
}

/// Starts a session for somebody who has proved who they are.
pub(crate) async fn start(
    accounts: &Accounts,
    txn: &DatabaseTransaction,
    user: &user::Model,
    roles: &[Role],
    now: DateTime<Utc>,
) -> Result<IssuedSession, AccountsError> {
    let session = session::Model {
        id: Uuid::now_v7(),
        version: 1,
        created_at: now,
        updated_at: now,
        user_id: user.id,
        expires_at: now + accounts.config.refresh_absolute_ttl,
        revoked_at: None,
        revoked_because: None,
    };
    session::Entity::insert(session::ActiveModel::from(session.clone()))
        .exec_without_returning(txn)
        .await?;
    let refresh_token = OpaqueToken::generate();
    let row = store_refresh_token(
        accounts,
        txn,
        &session,
        Uuid::now_v7(),
        None,
        refresh_token.as_str(),
        now,
    )
    .await?;
    sign(
        accounts,
        user,
        roles,
        refresh_token.into_string(),
        row.expires_at,
        now,
    )
}

/// Stores the hash of a refresh token.
pub(super) async fn store_refresh_token(
    accounts: &Accounts,
    txn: &impl ConnectionTrait,
    session: &session::Model,
    id: Uuid,
    parent_id: Option<Uuid>,
    token: &str,
    now: DateTime<Utc>,
) -> Result<refresh_token::Model, AccountsError> {
    let row = refresh_token::Model {
        id,
        session_id: session.id,
        parent_id,
        token_hash: auth::hash_token(token),
        issued_at: now,
        expires_at: session
            .expires_at
            .min(now + accounts.config.refresh_idle_ttl),
        used_at: None,
        replaced_by: None,
        repeated_at: None,
    };
    refresh_token::Entity::insert(refresh_token::ActiveModel::from(row.clone()))
        .exec_without_returning(txn)
        .await?;
    Ok(row)
}

/// Signs an access token to go with a refresh token.
pub(super) fn sign(
    accounts: &Accounts,
    user: &user::Model,
    roles: &[Role],
    refresh_token: String,
    refresh_expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<IssuedSession, AccountsError> {
    let subject = Subject {
        user_id: &user.user_id().to_string(),
        email: Some(&user.email),
        roles,
    };
    let (access_token, access_expires_at) = accounts.issuer.issue(&subject, now)?;
    Ok(IssuedSession {
        access_token,
        access_expires_at,
        refresh_token,
        refresh_expires_at,
    })
}
