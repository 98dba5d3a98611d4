//! Errors that end a GraphQL field: faults and refusals that are not part of a payload.

use async_graphql::ErrorExtensions;
use auth::AuthError;
use sea_orm::DbErr;

/// Why a field has no answer. What a mutation refuses by the shop's rules is not here: that goes
/// into the payload's `userErrors`.
#[derive(Debug)]
pub enum ApiError {
    /// Nobody is signed in, or the token is no good.
    Auth(AuthError),
    /// An argument makes no sense (paging, filters); told to the client with code `BAD_USER_INPUT`.
    BadUserInput(String),
    /// Our fault; logged once here, masked for the client.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl ApiError {
    /// Wraps a fault of ours.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        Self::Auth(error)
    }
}

impl From<DbErr> for ApiError {
    fn from(error: DbErr) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<outbox::EnqueueError> for ApiError {
    fn from(error: outbox::EnqueueError) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<std::sync::Arc<DbErr>> for ApiError {
    fn from(error: std::sync::Arc<DbErr>) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        let (message, code) = match error {
            ApiError::Auth(error) => (error.to_string(), error.code()),
            ApiError::BadUserInput(message) => (message, "BAD_USER_INPUT"),
            ApiError::Internal(error) => {
                tracing::error!(
                    error = error.as_ref() as &dyn std::error::Error,
                    "internal error"
                );
                ("Internal server error".to_owned(), "INTERNAL_SERVER_ERROR")
            }
        };
        async_graphql::Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
    }
}
