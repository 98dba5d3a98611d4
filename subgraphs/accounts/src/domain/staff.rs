//! Whether staff may still do what their access token says.

use auth::Scope;
use events::id::UserId;
use sea_orm::ConnectionTrait;

use crate::entity::user::{self, UserStatus};
use crate::entity::user_role;
use crate::error::AccountsError;

/// Asks the tables instead of the token: a token outlives a suspension or the loss of a role by some
/// minutes, and in that time nobody must be able to give the role back to themselves.
pub(crate) async fn require_scope(
    db: &impl ConnectionTrait,
    staff: UserId,
    scope: Scope,
) -> Result<(), AccountsError> {
    let user = user::find(db, staff).await?;
    if user.is_none_or(|user| user.status != UserStatus::Active) {
        return Err(AccountsError::Unauthenticated);
    }
    let roles = user_role::of_user(db, staff).await?;
    if auth::scopes_of(&roles).contains(&scope) {
        Ok(())
    } else {
        Err(AccountsError::Forbidden)
    }
}
