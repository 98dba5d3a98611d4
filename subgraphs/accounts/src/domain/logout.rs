use events::Cause;

use crate::domain::Accounts;
use crate::entity::refresh_token;
use crate::entity::session::{self, RevokedBecause};
use crate::error::AccountsError;

/// Ends the session of a refresh token. A token that is unknown or whose session has ended is fine:
/// what was asked for is the case.
pub(crate) async fn logout(
    accounts: &Accounts,
    cause: &Cause,
    refresh_token: &str,
) -> Result<(), AccountsError> {
    let token = refresh_token::find_by_hash(&accounts.db, &auth::hash_token(refresh_token)).await?;
    if let Some(token) = token {
        session::revoke(
            &accounts.db,
            token.session_id,
            RevokedBecause::Logout,
            cause.now,
        )
        .await?;
    }
    Ok(())
}
