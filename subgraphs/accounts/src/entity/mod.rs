//! The tables of accounts.

pub mod address;
pub mod login_failure;
pub mod refresh_token;
pub mod session;
pub mod signing_key;
pub mod user;
pub mod user_role;
