use events::Cause;
use events::id::UserId;
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;

use crate::domain::accounts::claim_caller;
use crate::domain::{Accounts, EmailAddress, SignedIn, password, session as sessions};
use crate::entity::session::{self, RevokedBecause};
use crate::entity::user;
use crate::entity::user_role;
use crate::error::AccountsError;

/// Changes the password of somebody who knows the old one, ends all sessions, and starts a new one
/// for the caller. Wrong guesses of the old password count like wrong logins.
pub(crate) async fn password_change(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    current_password: &str,
    new_password: &str,
) -> Result<SignedIn, AccountsError> {
    let now = cause.now;
    let user = user::find(&accounts.db, caller)
        .await?
        .ok_or(AccountsError::Unauthenticated)?;

    // The old password.
    if current_password.len() > password::MAX_BYTES {
        return Err(AccountsError::InvalidCredentials);
    }
    let slot = accounts.passwords.slot().await;
    if let Some(retry_after) = accounts
        .login_gate
        .retry_after(&accounts.db, &user.email_key, now)
        .await?
    {
        return Err(AccountsError::RateLimited { retry_after });
    }
    if !slot
        .verify(current_password, Some(&user.password_hash))
        .await?
    {
        accounts
            .login_gate
            .record_failure(&accounts.db, &user.email_key, now)
            .await?;
        return Err(AccountsError::InvalidCredentials);
    }

    // The new one.
    let email = EmailAddress::parse(&user.email).ok_or(AccountsError::EmailInvalid)?;
    password::check(new_password, &email).map_err(|reason| AccountsError::PasswordTooWeak {
        field: "newPassword",
        reason,
    })?;
    let new_hash = slot.hash(new_password).await?;
    drop(slot);

    // The change, unless somebody else was faster.
    let txn = outbox::begin(&accounts.db).await?;
    let current = claim_caller(&txn, caller, cause).await?;
    if current.password_changed_at != user.password_changed_at {
        return Err(AccountsError::InvalidCredentials);
    }
    let mut change = user::ActiveModel::from(current);
    change.password_hash = Set(new_hash);
    change.password_changed_at = Set(now);
    let user = change.update(&txn).await?;
    session::revoke_all(&txn, caller, RevokedBecause::PasswordChanged, now).await?;
    let roles = user_role::of_user(&txn, caller).await?;
    let session = sessions::start(accounts, &txn, &user, &roles, now).await?;
    txn.commit().await?;

    accounts
        .login_gate
        .forget(&accounts.db, &user.email_key)
        .await?;
    Ok(SignedIn { user, session })
}
