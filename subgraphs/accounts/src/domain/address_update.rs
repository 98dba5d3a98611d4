use events::id::{AddressId, UserId};
use events::{Cause, PostalAddress};
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;

use crate::domain::Accounts;
use crate::domain::accounts::claim_caller;
use crate::domain::address_fields::{fill, parse_label};
use crate::entity::{address, user};
use crate::error::AccountsError;

/// What to change of an address; the outer `None` leaves the label as it is, the inner one clears it.
pub(crate) struct AddressChange {
    pub(crate) label: Option<Option<String>>,
    pub(crate) address: Option<PostalAddress>,
}

/// Changes one of the caller's addresses.
pub(crate) async fn address_update(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    id: AddressId,
    change: AddressChange,
) -> Result<(user::Model, address::Model), AccountsError> {
    let label = change
        .label
        .map(|label| parse_label(label.as_deref()))
        .transpose()?;

    let txn = outbox::begin(&accounts.db).await?;
    let user = claim_caller(&txn, caller, cause).await?;
    let found = address::find(&txn, caller, id)
        .await?
        .ok_or(AccountsError::AddressNotFound)?;
    let version = found.version + 1;
    let mut row = address::ActiveModel::from(found);
    if let Some(label) = label {
        row.label = Set(label);
    }
    if let Some(address) = change.address {
        fill(&mut row, address);
    }
    row.version = Set(version);
    row.updated_at = Set(cause.now);
    let address = row.update(&txn).await?;
    txn.commit().await?;
    Ok((user, address))
}
