//! What a mutation refuses by the shop's rules.

use async_graphql::{Enum, SimpleObject};
use auth::{AuthError, Scope};
use service::ApiError;

use crate::error::AccountsError;

/// Why a mutation of accounts did nothing.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct AccountUserError {
    /// Path of the input field that is not acceptable, for example `["input", "email"]`; null if it
    /// is not about one field.
    pub(crate) field: Option<Vec<String>>,
    /// What to switch on.
    pub(crate) code: AccountErrorCode,
    /// An explanation in English.
    pub(crate) message: String,
}

/// What can be wrong with a mutation of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum AccountErrorCode {
    /// The e-mail address has an account already.
    EmailTaken,
    /// This is not an e-mail address.
    EmailInvalid,
    /// The password is too short, too long, too common, or the e-mail address.
    PasswordTooWeak,
    /// The e-mail address or the password is wrong; which one is not told.
    InvalidCredentials,
    /// The account is suspended.
    AccountSuspended,
    /// The e-mail address has to be verified first.
    AccountNotVerified,
    /// Too many wrong passwords; try again later.
    RateLimited,
    /// The refresh token is not one of a running session: log in again.
    TokenInvalid,
    /// The session has expired: log in again.
    TokenExpired,
    /// The refresh token was used before, so the session was ended for safety: log in again.
    TokenReused,
    /// A field of the profile is not acceptable.
    ProfileInvalid,
    /// A field of the address is not acceptable.
    AddressInvalid,
    /// There is no such address.
    AddressNotFound,
    /// No more addresses can be saved.
    LimitExceeded,
    /// There is no such user.
    UserNotFound,
    /// No account can have this role.
    RoleNotAssignable,
    /// Administrators cannot do this to their own account.
    OwnAccount,
    /// The account's status does not allow it.
    IllegalTransition,
}

/// Splits an outcome into what the payload holds: the result, or why there is none. Faults, and
/// callers who may not ask at all, become errors of the field.
pub(crate) fn split<T>(
    outcome: Result<T, AccountsError>,
) -> Result<(Option<T>, Vec<AccountUserError>), ApiError> {
    match outcome {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(error) => Ok((None, vec![refusal(error)?])),
    }
}

fn refusal(error: AccountsError) -> Result<AccountUserError, ApiError> {
    use AccountErrorCode as Code;
    let (code, field): (Code, &[&str]) = match &error {
        AccountsError::EmailTaken => (Code::EmailTaken, &["email"]),
        AccountsError::EmailInvalid => (Code::EmailInvalid, &["email"]),
        AccountsError::PasswordTooWeak { field, .. } => (Code::PasswordTooWeak, &[field]),
        AccountsError::InvalidCredentials => (Code::InvalidCredentials, &[]),
        AccountsError::AccountSuspended => (Code::AccountSuspended, &[]),
        AccountsError::AccountNotVerified => (Code::AccountNotVerified, &[]),
        AccountsError::RateLimited { .. } => (Code::RateLimited, &[]),
        AccountsError::TokenInvalid => (Code::TokenInvalid, &["refreshToken"]),
        AccountsError::TokenExpired => (Code::TokenExpired, &["refreshToken"]),
        AccountsError::TokenReused => (Code::TokenReused, &["refreshToken"]),
        AccountsError::ProfileInvalid { field } => (Code::ProfileInvalid, &[field]),
        AccountsError::AddressInvalid { field: "label" } => (Code::AddressInvalid, &["label"]),
        AccountsError::AddressInvalid { field } => (Code::AddressInvalid, &["address", field]),
        AccountsError::AddressNotFound => (Code::AddressNotFound, &["addressId"]),
        AccountsError::LimitExceeded { .. } => (Code::LimitExceeded, &[]),
        AccountsError::UserNotFound => (Code::UserNotFound, &["userId"]),
        AccountsError::RoleNotAssignable { .. } => (Code::RoleNotAssignable, &["roles"]),
        AccountsError::OwnAccount => (Code::OwnAccount, &["userId"]),
        AccountsError::IllegalTransition { .. } => (Code::IllegalTransition, &["userId"]),
        AccountsError::Unauthenticated => return Err(AuthError::TokenInvalid.into()),
        AccountsError::Forbidden => {
            return Err(AuthError::Forbidden {
                needs: Scope::USERS_WRITE.to_string(),
            }
            .into());
        }
        AccountsError::Database(_) | AccountsError::SigningKey(_) | AccountsError::Hashing(_) => {
            return Err(ApiError::internal(error));
        }
    };
    let path = || {
        std::iter::once(&"input")
            .chain(field)
            .map(ToString::to_string)
            .collect()
    };
    Ok(AccountUserError {
        field: (!field.is_empty()).then(path),
        code,
        message: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use async_graphql::resolver_utils::enum_value;
    use auth::{KeyError, Role};
    use chrono::TimeDelta;
    use sea_orm::DbErr;

    use super::refusal;
    use crate::domain::password::WeakPassword;
    use crate::domain::passwords::HashingError;
    use crate::entity::user::UserStatus;
    use crate::error::AccountsError;

    fn all() -> Vec<AccountsError> {
        vec![
            AccountsError::EmailTaken,
            AccountsError::EmailInvalid,
            AccountsError::PasswordTooWeak {
                field: "password",
                reason: WeakPassword::TooShort,
            },
            AccountsError::InvalidCredentials,
            AccountsError::AccountSuspended,
            AccountsError::AccountNotVerified,
            AccountsError::RateLimited {
                retry_after: TimeDelta::seconds(30),
            },
            AccountsError::TokenInvalid,
            AccountsError::TokenExpired,
            AccountsError::TokenReused,
            AccountsError::ProfileInvalid { field: "phone" },
            AccountsError::AddressInvalid {
                field: "postalCode",
            },
            AccountsError::AddressInvalid { field: "label" },
            AccountsError::AddressNotFound,
            AccountsError::LimitExceeded { max: 100 },
            AccountsError::UserNotFound,
            AccountsError::RoleNotAssignable { role: Role::Guest },
            AccountsError::OwnAccount,
            AccountsError::IllegalTransition {
                from: UserStatus::Deleted,
                to: UserStatus::Active,
            },
            AccountsError::Unauthenticated,
            AccountsError::Forbidden,
            AccountsError::Database(DbErr::Custom("secret".to_owned())),
            AccountsError::SigningKey(KeyError::Signing),
            AccountsError::Hashing(HashingError::Argon2("secret".to_owned())),
        ]
    }

    #[test]
    fn codes_and_fields_are_stable() {
        let lines: Vec<String> = all()
            .into_iter()
            .map(|error| {
                let code = error.code();
                match refusal(error) {
                    Ok(refused) => {
                        assert_eq!(
                            enum_value(refused.code).to_string(),
                            code,
                            "the schema's name is the code"
                        );
                        let field = refused.field.unwrap_or_default().join(".");
                        format!("{code} [{field}] {}", refused.message)
                    }
                    Err(error) => {
                        let error = async_graphql::Error::from(error);
                        let told = error
                            .extensions
                            .as_ref()
                            .and_then(|extensions| extensions.get("code"));
                        format!(
                            "{code} (error of the field, {}) {}",
                            told.expect("has a code"),
                            error.message
                        )
                    }
                }
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
