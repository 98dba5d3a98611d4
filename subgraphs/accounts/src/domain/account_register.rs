use auth::Role;
use events::Cause;
use events::accounts::UserRegistered;
use events::id::UserId;
use sea_orm::{EntityTrait, SqlErr};

use crate::domain::accounts::caused_by;
use crate::domain::profile::{MAX_NAME, locale, optional_text};
use crate::domain::{Accounts, EmailAddress, password};
use crate::entity::user::{self, UserStatus};
use crate::entity::user_role;
use crate::error::AccountsError;

/// A new account as asked for.
pub(crate) struct Registration {
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) name: Option<String>,
    pub(crate) locale: Option<String>,
}

/// Creates an account for a customer. It is active at once: e-mail addresses are not verified yet.
pub(crate) async fn account_register(
    accounts: &Accounts,
    cause: &Cause,
    registration: Registration,
) -> Result<user::Model, AccountsError> {
    // The rules.
    let email = EmailAddress::parse(&registration.email).ok_or(AccountsError::EmailInvalid)?;
    password::check(&registration.password, &email).map_err(|reason| {
        AccountsError::PasswordTooWeak {
            field: "password",
            reason,
        }
    })?;
    let name = optional_text(registration.name.as_deref(), MAX_NAME)
        .map_err(|()| AccountsError::ProfileInvalid { field: "name" })?;
    let locale = match registration.locale.as_deref() {
        Some(text) => locale(text).ok_or(AccountsError::ProfileInvalid { field: "locale" })?,
        None => accounts.config.default_locale.clone(),
    };

    // No core is spent on an address that is taken; the insert below decides.
    if user::find_by_email_key(&accounts.db, &email.key)
        .await?
        .is_some()
    {
        return Err(AccountsError::EmailTaken);
    }
    let password_hash = accounts
        .passwords
        .slot()
        .await
        .hash(&registration.password)
        .await?;

    // The user, the role and the event.
    let id = UserId::generate();
    let user = user::Model {
        id: id.uuid(),
        version: 1,
        created_at: cause.now,
        updated_at: cause.now,
        email: email.entered,
        email_key: email.key,
        password_hash,
        password_changed_at: cause.now,
        status: UserStatus::Active,
        email_verified_at: None,
        last_login_at: None,
        name,
        phone: None,
        locale,
    };
    let txn = outbox::begin(&accounts.db).await?;
    user::Entity::insert(user::ActiveModel::from(user.clone()))
        .exec_without_returning(&txn)
        .await
        .map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => AccountsError::EmailTaken,
            _ => error.into(),
        })?;
    user_role::replace(&txn, id, &[Role::Customer], cause.now).await?;
    let event = UserRegistered {
        user_id: id,
        email: user.email.clone(),
        name: user.name.clone(),
        locale: user.locale.clone(),
    };
    outbox::enqueue(&txn, &caused_by(id, cause), user.version, event).await?;
    txn.commit().await?;
    Ok(user)
}
