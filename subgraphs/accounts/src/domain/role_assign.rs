use auth::{Role, Scope};
use events::Cause;
use events::id::UserId;

use crate::domain::{Accounts, staff};
use crate::entity::user::{self, UserStatus};
use crate::entity::user_role;
use crate::error::AccountsError;

/// Gives a user exactly these roles. They show in the user's next access token.
pub(crate) async fn role_assign(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    id: UserId,
    mut roles: Vec<Role>,
) -> Result<user::Model, AccountsError> {
    // Guests have no account, and partners identify themselves in another way.
    if let Some(role) = roles
        .iter()
        .copied()
        .find(|role| matches!(role, Role::Guest | Role::Partner))
    {
        return Err(AccountsError::RoleNotAssignable { role });
    }
    roles.sort();
    roles.dedup();
    // Without any role, a user is still a customer.
    if roles.is_empty() {
        roles.push(Role::Customer);
    }

    let txn = outbox::begin(&accounts.db).await?;
    let user = user::claim(&txn, id, cause.now).await?;
    staff::require_scope(&txn, caller, Scope::USERS_WRITE).await?;
    let user = user
        .filter(|user| user.status != UserStatus::Deleted)
        .ok_or(AccountsError::UserNotFound)?;
    // So there is always somebody left who can give roles.
    if id == caller && !auth::scopes_of(&roles).contains(&Scope::USERS_WRITE) {
        return Err(AccountsError::OwnAccount);
    }
    user_role::replace(&txn, id, &roles, cause.now).await?;
    txn.commit().await?;
    Ok(user)
}
