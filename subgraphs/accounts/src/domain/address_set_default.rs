use events::Cause;
use events::id::{AddressId, UserId};
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;

use crate::domain::Accounts;
use crate::domain::accounts::claim_caller;
use crate::entity::{address, user};
use crate::error::AccountsError;

/// What an address can be the default for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultFor {
    Shipping,
    Billing,
}

/// Makes one of the caller's addresses the default of a kind, instead of the one that is.
pub(crate) async fn address_set_default(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    id: AddressId,
    kind: DefaultFor,
) -> Result<(user::Model, address::Model), AccountsError> {
    let txn = outbox::begin(&accounts.db).await?;
    let user = claim_caller(&txn, caller, cause).await?;
    let found = address::find(&txn, caller, id)
        .await?
        .ok_or(AccountsError::AddressNotFound)?;

    let version = found.version + 1;
    let mut row = address::ActiveModel::from(found);
    match kind {
        DefaultFor::Shipping => {
            address::clear_default(&txn, caller, address::Column::IsDefaultShipping).await?;
            row.is_default_shipping = Set(true);
        }
        DefaultFor::Billing => {
            address::clear_default(&txn, caller, address::Column::IsDefaultBilling).await?;
            row.is_default_billing = Set(true);
        }
    }
    row.version = Set(version);
    row.updated_at = Set(cause.now);
    let address = row.update(&txn).await?;
    txn.commit().await?;
    Ok((user, address))
}
