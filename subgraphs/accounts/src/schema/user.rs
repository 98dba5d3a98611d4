use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use service::{ApiError, RequestInfo};

use crate::entity::user::{self, UserStatus as StoredStatus};
use crate::schema::address::Address;
use crate::schema::loader;
use crate::schema::loaders::{AddressesOf, RolesOf};
use crate::schema::role::Role;

/// A user, and what of them the caller may see.
pub(crate) struct User {
    row: user::Model,
    is_visible: bool,
}

impl User {
    /// For somebody who has just proved to be this user, or who may see all users.
    pub(crate) fn visible(row: user::Model) -> Self {
        Self {
            row,
            is_visible: true,
        }
    }

    /// For the caller: visible to themselves and to staff. Somebody with a bad token is nobody here,
    /// because one error would spoil a whole batch of references.
    pub(crate) fn for_caller(ctx: &Context<'_>, row: user::Model) -> Self {
        let is_visible = RequestInfo::of(ctx).principal().is_ok_and(|principal| {
            let is_self = principal.user_id() == Some(row.user_id().to_string().as_str());
            // A suspended user's access token is no good here, although it has not expired.
            (is_self && row.status == StoredStatus::Active)
                || principal.has_scope(auth::Scope::USERS_READ)
        });
        Self { row, is_visible }
    }

    fn private<T>(&self, value: impl FnOnce(&user::Model) -> T) -> Option<T> {
        self.is_visible.then(|| value(&self.row))
    }
}

/// Somebody with an account. Personal fields answer only to the user themselves and to staff with
/// the permission `users:read`; for everybody else they are null.
#[Object]
impl User {
    /// Identifies the user.
    async fn id(&self) -> ID {
        self.row.user_id().to_string().into()
    }

    /// The e-mail address, as entered.
    async fn email(&self) -> Option<String> {
        self.private(|row| row.email.clone())
    }

    /// The user's roles. A change shows in the permissions after the next login or token refresh.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Option<Vec<Role>>, ApiError> {
        if !self.is_visible {
            return Ok(None);
        }
        let roles = loader(ctx).load_one(RolesOf(self.row.user_id())).await?;
        Ok(Some(
            roles
                .unwrap_or_default()
                .into_iter()
                .map(Role::from)
                .collect(),
        ))
    }

    /// Name, phone number and language.
    async fn profile(&self) -> Option<UserProfile> {
        self.private(|row| UserProfile {
            name: row.name.clone(),
            phone: row.phone.clone(),
            locale: row.locale.clone(),
        })
    }

    /// The saved addresses, oldest first; at most 100.
    async fn addresses(&self, ctx: &Context<'_>) -> Result<Option<Vec<Address>>, ApiError> {
        if !self.is_visible {
            return Ok(None);
        }
        let addresses = loader(ctx)
            .load_one(AddressesOf(self.row.user_id()))
            .await?;
        Ok(Some(
            addresses
                .unwrap_or_default()
                .into_iter()
                .map(Address::from)
                .collect(),
        ))
    }

    /// Where the account is in its life.
    async fn status(&self) -> Option<UserStatus> {
        self.private(|row| row.status.into())
    }

    /// When the user registered.
    async fn created_at(&self) -> Option<DateTime<Utc>> {
        self.private(|row| row.created_at)
    }

    /// When the e-mail address was verified; null if it is not.
    async fn email_verified_at(&self) -> Option<DateTime<Utc>> {
        self.private(|row| row.email_verified_at).flatten()
    }

    /// When the user last logged in with the password; null if never.
    async fn last_login_at(&self) -> Option<DateTime<Utc>> {
        self.private(|row| row.last_login_at).flatten()
    }
}

/// What users say about themselves.
#[derive(SimpleObject)]
pub(crate) struct UserProfile {
    /// The name.
    name: Option<String>,
    /// The phone number.
    phone: Option<String>,
    /// The language of messages and texts, a BCP 47 tag such as `id-ID`.
    locale: String,
}

/// Where an account is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "StoredStatus")]
pub(crate) enum UserStatus {
    /// Registered; the e-mail address has to be verified before the first login.
    PendingVerification,
    /// Can log in.
    Active,
    /// Shut out by the shop.
    Suspended,
    /// Gone.
    Deleted,
}
