use events::Cause;
use events::id::UserId;

use crate::domain::Accounts;
use crate::domain::accounts::claim_caller;
use crate::entity::session::{self, RevokedBecause};
use crate::error::AccountsError;

/// Ends all sessions of a user and says how many were running.
pub(crate) async fn logout_all(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
) -> Result<u64, AccountsError> {
    let txn = outbox::begin(&accounts.db).await?;
    // Locked, so that no login slips in between.
    claim_caller(&txn, caller, cause).await?;
    let ended = session::revoke_all(&txn, caller, RevokedBecause::Logout, cause.now).await?;
    txn.commit().await?;
    Ok(ended)
}
