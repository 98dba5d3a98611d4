//! What mutations take.

use async_graphql::{ID, InputObject, MaybeUndefined};
use service::graphql::AddressInput;

use crate::schema::address::AddressKind;
use crate::schema::role::Role;

/// A new account.
#[derive(InputObject)]
pub(crate) struct AccountRegisterInput {
    /// The e-mail address, up to 254 bytes. It is unique, whatever its case.
    pub(crate) email: String,
    /// The password: at least 8 characters, at most 1024 bytes, not the e-mail address and none of
    /// the commonest passwords. Spaces count.
    pub(crate) password: String,
    /// The name, up to 100 characters.
    pub(crate) name: Option<String>,
    /// The language of messages and texts, a BCP 47 tag such as `id-ID`.
    pub(crate) locale: Option<String>,
}

/// Who wants to log in.
#[derive(InputObject)]
pub(crate) struct LoginInput {
    /// The e-mail address, whatever its case.
    pub(crate) email: String,
    /// The password.
    pub(crate) password: String,
    /// A guest cart to merge into the user's cart; needs `cartToken`.
    pub(crate) cart_id: Option<ID>,
    /// The guest cart's token, which proves whose cart it is.
    pub(crate) cart_token: Option<String>,
}

/// A session to be continued.
#[derive(InputObject)]
pub(crate) struct TokenRefreshInput {
    /// The refresh token received last.
    pub(crate) refresh_token: String,
}

/// A session to be ended.
#[derive(InputObject)]
pub(crate) struct LogoutInput {
    /// A refresh token of the session.
    pub(crate) refresh_token: String,
}

/// A new password.
#[derive(InputObject)]
pub(crate) struct PasswordChangeInput {
    /// The password so far.
    pub(crate) current_password: String,
    /// The new password: at least 8 characters, at most 1024 bytes, not the e-mail address and none
    /// of the commonest passwords. Spaces count.
    pub(crate) new_password: String,
}

/// What to change of the profile; what is not given stays as it is.
#[derive(InputObject)]
pub(crate) struct ProfileUpdateInput {
    /// The name, up to 100 characters; null or empty removes it.
    pub(crate) name: MaybeUndefined<String>,
    /// The phone number, up to 30 digits, spaces and `+-().`; null or empty removes it.
    pub(crate) phone: MaybeUndefined<String>,
    /// The language of messages and texts, a BCP 47 tag such as `id-ID`.
    pub(crate) locale: Option<String>,
}

/// An address to be saved.
#[derive(InputObject)]
pub(crate) struct AddressCreateInput {
    /// What the user calls it, up to 50 characters, for example "Home".
    pub(crate) label: Option<String>,
    /// The address.
    pub(crate) address: AddressInput,
    /// Whether parcels go here unless said otherwise. The first address always becomes the default.
    #[graphql(default)]
    pub(crate) is_default_shipping: bool,
    /// Whether bills go here unless said otherwise. The first address always becomes the default.
    #[graphql(default)]
    pub(crate) is_default_billing: bool,
}

/// What to change of a saved address; what is not given stays as it is.
#[derive(InputObject)]
pub(crate) struct AddressUpdateInput {
    /// Which address.
    pub(crate) address_id: ID,
    /// What the user calls it, up to 50 characters; null or empty removes it.
    pub(crate) label: MaybeUndefined<String>,
    /// The whole new address.
    pub(crate) address: Option<AddressInput>,
}

/// A saved address to be deleted.
#[derive(InputObject)]
pub(crate) struct AddressDeleteInput {
    /// Which address.
    pub(crate) address_id: ID,
}

/// A saved address to become the default.
#[derive(InputObject)]
pub(crate) struct AddressSetDefaultInput {
    /// Which address.
    pub(crate) address_id: ID,
    /// The default for what.
    pub(crate) kind: AddressKind,
}

/// The roles a user is to have.
#[derive(InputObject)]
pub(crate) struct RoleAssignInput {
    /// Which user.
    pub(crate) user_id: ID,
    /// All the roles; others are taken away. An empty list leaves `CUSTOMER`.
    pub(crate) roles: Vec<Role>,
}

/// A user to be suspended.
#[derive(InputObject)]
pub(crate) struct UserSuspendInput {
    /// Which user.
    pub(crate) user_id: ID,
}

/// A suspended user to be let in again.
#[derive(InputObject)]
pub(crate) struct UserReactivateInput {
    /// Which user.
    pub(crate) user_id: ID,
}
