use events::Cause;
use events::id::UserId;
use sea_orm::EntityTrait;
use sea_orm::prelude::Uuid;

use crate::domain::refresh_rule::{Verdict, judge};
use crate::domain::{Accounts, IssuedSession, session as sessions};
use crate::entity::session::{self, RevokedBecause};
use crate::entity::user::{self, UserStatus};
use crate::entity::{refresh_token, user_role};
use crate::error::AccountsError;

/// Replaces a refresh token by the next one of its session, with a new access token. A token that
/// comes a second time ends the session.
pub(crate) async fn token_refresh(
    accounts: &Accounts,
    cause: &Cause,
    presented: &str,
) -> Result<IssuedSession, AccountsError> {
    let now = cause.now;
    let hash = auth::hash_token(presented);
    let txn = outbox::begin(&accounts.db).await?;

    // The session is locked first, so that the token and its successor stand still.
    let known = refresh_token::find_by_hash(&txn, &hash)
        .await?
        .ok_or(AccountsError::TokenInvalid)?;
    let session = session::claim(&txn, known.session_id, now)
        .await?
        .ok_or(AccountsError::TokenInvalid)?;
    let token = refresh_token::find_by_hash(&txn, &hash)
        .await?
        .ok_or(AccountsError::TokenInvalid)?;
    let successor = match token.replaced_by {
        Some(id) => refresh_token::Entity::find_by_id(id).one(&txn).await?,
        None => None,
    };

    // The successor is derived from the token itself, so it can be handed out again although only
    // its hash is stored.
    let next_token = auth::derive_token(&accounts.refresh_secret, "refresh", presented);
    let window = accounts.config.refresh_repeat_window;
    let next = match (
        judge(&session, &token, successor.as_ref(), window, now),
        successor,
    ) {
        (Verdict::Rotate, _) => {
            let id = Uuid::now_v7();
            if !refresh_token::use_up(&txn, token.id, id, now).await? {
                return Err(AccountsError::TokenInvalid);
            }
            sessions::store_refresh_token(
                accounts,
                &txn,
                &session,
                id,
                Some(token.id),
                &next_token,
                now,
            )
            .await?
        }
        (Verdict::Repeat, Some(successor)) => {
            if !refresh_token::repeat(&txn, token.id, now).await? {
                return Err(AccountsError::TokenInvalid);
            }
            successor
        }
        (Verdict::Repeat | Verdict::Reused, _) => {
            session::revoke(&txn, session.id, RevokedBecause::TokenReused, now).await?;
            txn.commit().await?;
            tracing::warn!(
                user.id = %UserId::from_uuid(session.user_id),
                session.id = %session.id,
                "a used refresh token was presented, the session is ended"
            );
            return Err(AccountsError::TokenReused);
        }
        (Verdict::Expired, _) => return Err(AccountsError::TokenExpired),
        (Verdict::Ended, _) => return Err(AccountsError::TokenInvalid),
    };

    // Roles as they are now: a role that was given or taken shows in the next access token.
    let user = user::find(&txn, UserId::from_uuid(session.user_id)).await?;
    let user = user
        .filter(|user| user.status == UserStatus::Active)
        .ok_or(AccountsError::TokenInvalid)?;
    let roles = user_role::of_user(&txn, user.user_id()).await?;
    let issued = sessions::sign(accounts, &user, &roles, next_token, next.expires_at, now)?;
    txn.commit().await?;
    Ok(issued)
}
