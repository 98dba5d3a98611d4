use events::Cause;
use events::id::{AddressId, UserId};
use sea_orm::ModelTrait;

use crate::domain::Accounts;
use crate::domain::accounts::claim_caller;
use crate::entity::{address, user};
use crate::error::AccountsError;

/// Deletes one of the caller's addresses. If it was a default, no other takes its place: the shop
/// does not guess where parcels go.
pub(crate) async fn address_delete(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    id: AddressId,
) -> Result<user::Model, AccountsError> {
    let txn = outbox::begin(&accounts.db).await?;
    let user = claim_caller(&txn, caller, cause).await?;
    let found = address::find(&txn, caller, id)
        .await?
        .ok_or(AccountsError::AddressNotFound)?;
    found.delete(&txn).await?;
    txn.commit().await?;
    Ok(user)
}
