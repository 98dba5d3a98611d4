//! What mutations answer.

use async_graphql::{ID, SimpleObject};

use crate::schema::address::Address;
use crate::schema::session::Session;
use crate::schema::user::User;
use crate::schema::user_error::AccountUserError;

/// The answer to `accountRegister`.
#[derive(SimpleObject)]
pub(crate) struct AccountRegisterPayload {
    /// The new user; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why there is no account.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `login`.
#[derive(SimpleObject)]
pub(crate) struct LoginPayload {
    /// The new session; null if there are errors.
    pub(crate) session: Option<Session>,
    /// Who is signed in now; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why there is no session.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `tokenRefresh`.
#[derive(SimpleObject)]
pub(crate) struct TokenRefreshPayload {
    /// The session with its new tokens; null if there are errors.
    pub(crate) session: Option<Session>,
    /// Why the session does not go on.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `logout`.
#[derive(SimpleObject)]
pub(crate) struct LogoutPayload {
    /// Why the session goes on; always empty.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `logoutAll`.
#[derive(SimpleObject)]
pub(crate) struct LogoutAllPayload {
    /// How many sessions were ended; null if there are errors.
    pub(crate) ended_sessions: Option<i64>,
    /// Why the sessions go on.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `passwordChange`.
#[derive(SimpleObject)]
pub(crate) struct PasswordChangePayload {
    /// A new session for this client, as all sessions have been ended; null if there are errors.
    pub(crate) session: Option<Session>,
    /// The user; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why the password is still the old one.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `profileUpdate`.
#[derive(SimpleObject)]
pub(crate) struct ProfileUpdatePayload {
    /// The user after the change; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why nothing has changed.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `addressCreate`.
#[derive(SimpleObject)]
pub(crate) struct AddressCreatePayload {
    /// The saved address; null if there are errors.
    pub(crate) address: Option<Address>,
    /// The user with all addresses; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why the address is not saved.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `addressUpdate`.
#[derive(SimpleObject)]
pub(crate) struct AddressUpdatePayload {
    /// The address after the change; null if there are errors.
    pub(crate) address: Option<Address>,
    /// The user with all addresses; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why nothing has changed.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `addressDelete`.
#[derive(SimpleObject)]
pub(crate) struct AddressDeletePayload {
    /// The id of the address that is gone; null if there are errors.
    pub(crate) deleted_address_id: Option<ID>,
    /// The user with the remaining addresses; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why the address is still there.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `addressSetDefault`.
#[derive(SimpleObject)]
pub(crate) struct AddressSetDefaultPayload {
    /// The address that is the default now; null if there are errors.
    pub(crate) address: Option<Address>,
    /// The user with all addresses; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why nothing has changed.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `roleAssign`.
#[derive(SimpleObject)]
pub(crate) struct RoleAssignPayload {
    /// The user with the new roles; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why nothing has changed.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `userSuspend`.
#[derive(SimpleObject)]
pub(crate) struct UserSuspendPayload {
    /// The suspended user; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why the user is not suspended.
    pub(crate) user_errors: Vec<AccountUserError>,
}

/// The answer to `userReactivate`.
#[derive(SimpleObject)]
pub(crate) struct UserReactivatePayload {
    /// The active user; null if there are errors.
    pub(crate) user: Option<User>,
    /// Why the user is still shut out.
    pub(crate) user_errors: Vec<AccountUserError>,
}
