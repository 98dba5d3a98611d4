//! What can go wrong in accounts, in the words clients switch on.

use auth::{KeyError, Role};
use chrono::TimeDelta;
use sea_orm::DbErr;

use crate::domain::password::WeakPassword;
use crate::domain::passwords::HashingError;
use crate::entity::user::UserStatus;

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The e-mail address has an account.
    #[error("An account with this e-mail address exists already")]
    EmailTaken,
    /// Not an e-mail address.
    #[error("This is not an e-mail address")]
    EmailInvalid,
    /// The password is easy to guess, or too long.
    #[error("{reason}")]
    PasswordTooWeak {
        /// The input field it came in.
        field: &'static str,
        /// What is wrong with it.
        reason: WeakPassword,
    },
    /// No such account, or not its password: which of the two is not told.
    #[error("The e-mail address or the password is wrong")]
    InvalidCredentials,
    /// The password was right, but the account is suspended.
    #[error("This account is suspended")]
    AccountSuspended,
    /// The password was right, but the e-mail address is not verified yet.
    #[error("The e-mail address of this account is not verified yet")]
    AccountNotVerified,
    /// Too many wrong passwords lately.
    #[error("Too many wrong passwords; try again in {} seconds", retry_after.num_seconds().max(1))]
    RateLimited {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// Not a refresh token of a running session.
    #[error("The refresh token is invalid; log in again")]
    TokenInvalid,
    /// The session was not used for too long, or has lasted for as long as any may.
    #[error("The session has expired; log in again")]
    TokenExpired,
    /// A refresh token came a second time, so somebody else may have a copy: the session is over.
    #[error("The refresh token was used before, so the session was ended; log in again")]
    TokenReused,
    /// A field of the profile is not acceptable.
    #[error("{field} is not acceptable")]
    ProfileInvalid {
        /// The input field.
        field: &'static str,
    },
    /// A field of the address is not acceptable.
    #[error("{field} is not acceptable")]
    AddressInvalid {
        /// The field of the address.
        field: &'static str,
    },
    /// No such address, or somebody else's.
    #[error("There is no such address")]
    AddressNotFound,
    /// The user has as many addresses as can be saved.
    #[error("No more than {max} addresses can be saved")]
    LimitExceeded {
        /// How many can be saved.
        max: u64,
    },
    /// No such user.
    #[error("There is no such user")]
    UserNotFound,
    /// No account can have this role.
    #[error("The role {role} cannot be given to an account")]
    RoleNotAssignable {
        /// The role.
        role: Role,
    },
    /// Administrators cannot shut themselves out.
    #[error("You cannot do this to your own account")]
    OwnAccount,
    /// The account's status does not allow it.
    #[error("An account that is {from} cannot become {to}")]
    IllegalTransition {
        /// The status it has.
        from: UserStatus,
        /// The status it was to get.
        to: UserStatus,
    },
    /// The access token is good, but its user is no longer active.
    #[error("The access token's user is not active")]
    Unauthenticated,
    /// The access token says that the caller may, but the role has been taken away since.
    #[error("This needs a role that you no longer have")]
    Forbidden,
    /// The database refused.
    #[error("the database of accounts refused")]
    Database(#[from] DbErr),
    /// The signing key cannot be read or used.
    #[error("the signing key cannot be used")]
    SigningKey(#[from] KeyError),
    /// A password could not be hashed or compared.
    #[error("a password could not be hashed")]
    Hashing(#[from] HashingError),
}

impl AccountsError {
    /// The stable code clients switch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmailTaken => "EMAIL_TAKEN",
            Self::EmailInvalid => "EMAIL_INVALID",
            Self::PasswordTooWeak { .. } => "PASSWORD_TOO_WEAK",
            Self::InvalidCredentials => "INVALID_CREDENTIALS",
            Self::AccountSuspended => "ACCOUNT_SUSPENDED",
            Self::AccountNotVerified => "ACCOUNT_NOT_VERIFIED",
            Self::RateLimited { .. } => "RATE_LIMITED",
            Self::TokenInvalid => "TOKEN_INVALID",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::TokenReused => "TOKEN_REUSED",
            Self::ProfileInvalid { .. } => "PROFILE_INVALID",
            Self::AddressInvalid { .. } => "ADDRESS_INVALID",
            Self::AddressNotFound => "ADDRESS_NOT_FOUND",
            Self::LimitExceeded { .. } => "LIMIT_EXCEEDED",
            Self::UserNotFound => "USER_NOT_FOUND",
            Self::RoleNotAssignable { .. } => "ROLE_NOT_ASSIGNABLE",
            Self::OwnAccount => "OWN_ACCOUNT",
            Self::IllegalTransition { .. } => "ILLEGAL_TRANSITION",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::Database(_) | Self::SigningKey(_) | Self::Hashing(_) => "INTERNAL_SERVER_ERROR",
        }
    }
}

impl From<outbox::EnqueueError> for AccountsError {
    fn from(error: outbox::EnqueueError) -> Self {
        Self::Database(error.into())
    }
}
