use auth::Scope;
use events::Cause;
use events::id::UserId;
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;

use crate::domain::{Accounts, staff, status};
use crate::entity::session::{self, RevokedBecause};
use crate::entity::user::{self, UserStatus};
use crate::error::AccountsError;

/// Suspends a user and ends all their sessions. Access tokens that are out hold until they expire,
/// some minutes, except here.
pub(crate) async fn user_suspend(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    id: UserId,
) -> Result<user::Model, AccountsError> {
    set_status(accounts, cause, caller, id, UserStatus::Suspended).await
}

/// Lets a suspended user in again.
pub(crate) async fn user_reactivate(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    id: UserId,
) -> Result<user::Model, AccountsError> {
    set_status(accounts, cause, caller, id, UserStatus::Active).await
}

async fn set_status(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    id: UserId,
    to: UserStatus,
) -> Result<user::Model, AccountsError> {
    let txn = outbox::begin(&accounts.db).await?;
    let user = user::claim(&txn, id, cause.now).await?;
    staff::require_scope(&txn, caller, Scope::USERS_WRITE).await?;
    let user = user.ok_or(AccountsError::UserNotFound)?;
    if id == caller {
        return Err(AccountsError::OwnAccount);
    }
    if user.status == to {
        // What was asked for is the case; dropping the transaction undoes the claim.
        return Ok(user::find(&txn, id).await?.unwrap_or(user));
    }
    if !status::is_allowed(user.status, to) {
        return Err(AccountsError::IllegalTransition {
            from: user.status,
            to,
        });
    }
    let mut change = user::ActiveModel::from(user);
    change.status = Set(to);
    let user = change.update(&txn).await?;
    if to != UserStatus::Active {
        session::revoke_all(&txn, id, RevokedBecause::Suspended, cause.now).await?;
    }
    txn.commit().await?;
    Ok(user)
}
