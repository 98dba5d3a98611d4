use events::Cause;
use events::accounts::UserLoggedIn;
use events::id::CartId;
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;

use crate::domain::accounts::caused_by;
use crate::domain::{Accounts, EmailAddress, SignedIn, password, session};
use crate::entity::user::{self, UserStatus};
use crate::entity::user_role;
use crate::error::AccountsError;

/// A login as asked for.
pub(crate) struct Login {
    pub(crate) email: String,
    pub(crate) password: String,
    /// A guest cart to take over, with the token that proves whose it is.
    pub(crate) cart: Option<(CartId, String)>,
}

/// Starts a session for whoever knows the password. Whether an e-mail address has an account cannot
/// be told from the answer, nor from the time it takes.
pub(crate) async fn login(
    accounts: &Accounts,
    cause: &Cause,
    login: Login,
) -> Result<SignedIn, AccountsError> {
    let now = cause.now;
    let email_key = EmailAddress::key_of(&login.email);
    // No account has such a password, so nothing is compared; this is the same for all accounts.
    if login.password.len() > password::MAX_BYTES {
        return Err(AccountsError::InvalidCredentials);
    }

    // The limit, looked at when it is our turn to compare: a burst of guesses gets past it with as
    // many as there are cores at most.
    let slot = accounts.passwords.slot().await;
    if let Some(retry_after) = accounts
        .login_gate
        .retry_after(&accounts.db, &email_key, now)
        .await?
    {
        return Err(AccountsError::RateLimited { retry_after });
    }

    // The password, compared with a dummy if there is no such user.
    let user = user::find_by_email_key(&accounts.db, &email_key).await?;
    let hash = user.as_ref().map(|user| user.password_hash.as_str());
    let is_right = slot.verify(&login.password, hash).await?;
    let Some(user) = user.filter(|_| is_right) else {
        accounts
            .login_gate
            .record_failure(&accounts.db, &email_key, now)
            .await?;
        return Err(AccountsError::InvalidCredentials);
    };
    check_status(user.status)?;
    let new_hash = if accounts.passwords.is_outdated(&user.password_hash) {
        Some(slot.hash(&login.password).await?)
    } else {
        None
    };
    drop(slot);

    // The session and the event. Meanwhile the password may have been changed or the user suspended.
    let txn = outbox::begin(&accounts.db).await?;
    let current = user::claim(&txn, user.user_id(), now)
        .await?
        .ok_or(AccountsError::InvalidCredentials)?;
    check_status(current.status)?;
    if current.password_changed_at != user.password_changed_at {
        return Err(AccountsError::InvalidCredentials);
    }
    let mut change = user::ActiveModel::from(current);
    change.last_login_at = Set(Some(now));
    if let Some(new_hash) = new_hash {
        change.password_hash = Set(new_hash);
    }
    let user = change.update(&txn).await?;
    let roles = user_role::of_user(&txn, user.user_id()).await?;
    let session = session::start(accounts, &txn, &user, &roles, now).await?;
    let (cart_id, cart_token) = login.cart.unzip();
    let event = UserLoggedIn {
        user_id: user.user_id(),
        cart_id,
        cart_token_hash: cart_token.as_deref().map(auth::hash_token),
    };
    outbox::enqueue(&txn, &caused_by(user.user_id(), cause), user.version, event).await?;
    txn.commit().await?;

    accounts.login_gate.forget(&accounts.db, &email_key).await?;
    Ok(SignedIn { user, session })
}

/// Only told to whoever knows the password.
fn check_status(status: UserStatus) -> Result<(), AccountsError> {
    match status {
        UserStatus::Active => Ok(()),
        UserStatus::PendingVerification => Err(AccountsError::AccountNotVerified),
        UserStatus::Suspended => Err(AccountsError::AccountSuspended),
        UserStatus::Deleted => Err(AccountsError::InvalidCredentials),
    }
}
