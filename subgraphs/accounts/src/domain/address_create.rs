use events::id::{AddressId, UserId};
use events::{Cause, PostalAddress};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::domain::Accounts;
use crate::domain::accounts::claim_caller;
use crate::domain::address_fields::{fill, parse_label};
use crate::entity::{address, user};
use crate::error::AccountsError;

/// How many addresses a user can save.
pub(crate) const MAX_ADDRESSES: u64 = 100;

/// An address to be saved.
pub(crate) struct NewAddress {
    pub(crate) label: Option<String>,
    pub(crate) address: PostalAddress,
    pub(crate) is_default_shipping: bool,
    pub(crate) is_default_billing: bool,
}

/// Saves an address. The first one of a user becomes the default for both kinds.
pub(crate) async fn address_create(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    new: NewAddress,
) -> Result<(user::Model, address::Model), AccountsError> {
    let label = parse_label(new.label.as_deref())?;

    // Counted while the user is locked, so that the hundred-and-first cannot slip in.
    let txn = outbox::begin(&accounts.db).await?;
    let user = claim_caller(&txn, caller, cause).await?;
    let count = address::Entity::find()
        .filter(address::Column::UserId.eq(caller.uuid()))
        .count(&txn)
        .await?;
    if count >= MAX_ADDRESSES {
        return Err(AccountsError::LimitExceeded { max: MAX_ADDRESSES });
    }

    // The defaults, then the address.
    let is_default_shipping = new.is_default_shipping || count == 0;
    let is_default_billing = new.is_default_billing || count == 0;
    if is_default_shipping {
        address::clear_default(&txn, caller, address::Column::IsDefaultShipping).await?;
    }
    if is_default_billing {
        address::clear_default(&txn, caller, address::Column::IsDefaultBilling).await?;
    }
    let mut row = address::ActiveModel {
        id: Set(AddressId::generate().uuid()),
        version: Set(1),
        created_at: Set(cause.now),
        updated_at: Set(cause.now),
        user_id: Set(caller.uuid()),
        label: Set(label),
        recipient: NotSet,
        line1: NotSet,
        line2: NotSet,
        city: NotSet,
        province: NotSet,
        postal_code: NotSet,
        country_code: NotSet,
        phone: NotSet,
        is_default_shipping: Set(is_default_shipping),
        is_default_billing: Set(is_default_billing),
    };
    fill(&mut row, new.address);
    let address = row.insert(&txn).await?;
    txn.commit().await?;
    Ok((user, address))
}
