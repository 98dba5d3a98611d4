use events::Cause;
use events::id::UserId;
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;

use crate::domain::Accounts;
use crate::domain::accounts::claim_caller;
use crate::domain::profile::{MAX_NAME, locale, optional_text, phone};
use crate::entity::user;
use crate::error::AccountsError;

/// What to change; the outer `None` leaves a field as it is, the inner one clears it.
pub(crate) struct ProfileChange {
    pub(crate) name: Option<Option<String>>,
    pub(crate) phone: Option<Option<String>>,
    pub(crate) locale: Option<String>,
}

/// Changes a user's own profile.
pub(crate) async fn profile_update(
    accounts: &Accounts,
    cause: &Cause,
    caller: UserId,
    change: ProfileChange,
) -> Result<user::Model, AccountsError> {
    // The rules.
    let invalid = |field| AccountsError::ProfileInvalid { field };
    let name = change
        .name
        .map(|name| optional_text(name.as_deref(), MAX_NAME))
        .transpose();
    let name = name.map_err(|()| invalid("name"))?;
    let phone = change
        .phone
        .map(|number| phone(number.as_deref()))
        .transpose();
    let phone = phone.map_err(|()| invalid("phone"))?;
    let locale = change
        .locale
        .map(|text| locale(&text).ok_or_else(|| invalid("locale")))
        .transpose()?;

    // The change.
    let txn = outbox::begin(&accounts.db).await?;
    let mut row = user::ActiveModel::from(claim_caller(&txn, caller, cause).await?);
    if let Some(name) = name {
        row.name = Set(name);
    }
    if let Some(phone) = phone {
        row.phone = Set(phone);
    }
    if let Some(locale) = locale {
        row.locale = Set(locale);
    }
    // Written even if nothing differs: `update` refuses a row without a change.
    row.updated_at = Set(cause.now);
    let user = row.update(&txn).await?;
    txn.commit().await?;
    Ok(user)
}
