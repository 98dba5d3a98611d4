//! What accounts does: one operation per file, and the pure rules beside them.

mod accounts;
mod address_fields;
mod common_passwords;
pub(crate) mod email;
pub(crate) mod login_limit;
pub(crate) mod password;
pub(crate) mod passwords;
mod profile;
mod refresh_rule;
mod session;
pub(crate) mod staff;
mod status;

pub(crate) mod account_register;
pub(crate) mod address_create;
pub(crate) mod address_delete;
pub(crate) mod address_set_default;
pub(crate) mod address_update;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod logout_all;
pub(crate) mod password_change;
pub(crate) mod profile_update;
pub(crate) mod purge;
pub(crate) mod role_assign;
pub(crate) mod token_refresh;
pub(crate) mod user_status_set;
pub(crate) mod users_list;

pub(crate) use accounts::{Accounts, SignedIn};
pub(crate) use email::EmailAddress;
pub(crate) use session::IssuedSession;
