//! Accounts for trying the shop out.

use auth::Role;
use chrono::{DateTime, Utc};
use events::id::UserId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseConnection, EntityTrait};

use crate::config::Config;
use crate::domain::EmailAddress;
use crate::domain::passwords::Passwords;
use crate::entity::user::{self, UserStatus};
use crate::entity::user_role;
use crate::error::AccountsError;

/// A demo account.
#[derive(Debug, Clone, Copy)]
pub struct DemoAccount<'a> {
    /// The e-mail address; it decides the id.
    pub email: &'a str,
    /// The password. It is not checked for strength.
    pub password: &'a str,
    /// The name.
    pub name: &'a str,
    /// The roles.
    pub roles: &'a [Role],
}

/// Creates an active, verified account with the same id on every machine. If the e-mail address has
/// an account, nothing changes. No event is published: nobody registered.
///
/// # Errors
/// [`AccountsError`] if the e-mail address is none or the database refuses.
pub async fn account(
    db: &DatabaseConnection,
    config: &Config,
    now: DateTime<Utc>,
    demo: DemoAccount<'_>,
) -> Result<UserId, AccountsError> {
    let email = EmailAddress::parse(demo.email).ok_or(AccountsError::EmailInvalid)?;
    if let Some(existing) = user::find_by_email_key(db, &email.key).await? {
        return Ok(existing.user_id());
    }

    let id = UserId::from_name(&email.key);
    let password_hash = Passwords::new(config.argon2)
        .await?
        .slot()
        .await
        .hash(demo.password)
        .await?;
    let txn = outbox::begin(db).await?;
    let inserted = user::Entity::insert(user::ActiveModel::from(user::Model {
        id: id.uuid(),
        version: 1,
        created_at: now,
        updated_at: now,
        email: email.entered,
        email_key: email.key,
        password_hash,
        password_changed_at: now,
        status: UserStatus::Active,
        email_verified_at: Some(now),
        last_login_at: None,
        name: Some(demo.name.to_owned()),
        phone: None,
        locale: config.default_locale.clone(),
    }))
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&txn)
    .await?;
    // Somebody else may have been faster; then the roles are theirs to give.
    if inserted == 1 {
        user_role::replace(&txn, id, demo.roles, now).await?;
    }
    txn.commit().await?;
    Ok(id)
}
