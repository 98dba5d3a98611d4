//! Changing.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use auth::Scope;
use service::{ApiError, RequestInfo};

use super::State;
use super::email_log::EmailLog;
use crate::domain::email_retry::email_retry;
use crate::error::NotificationError;

/// E-mails in one call.
const MOST_EMAILS: usize = 100;

/// What can be changed.
pub(crate) struct Mutation;

/// E-mails to send again.
#[derive(Debug, InputObject)]
pub(crate) struct EmailRetryInput {
    /// The e-mails, at most 100.
    ids: Vec<ID>,
}

/// Why something about e-mail was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum NotificationErrorCode {
    /// No e-mail has this id.
    EmailNotFound,
    /// The e-mail did not fail, so there is nothing to try again.
    EmailNotRetryable,
    /// The e-mail was attempted too often.
    RetryLimit,
    /// Too many e-mails in one call.
    BulkLimitExceeded,
}

/// A reason why something about e-mail was refused.
#[derive(Debug, SimpleObject)]
pub(crate) struct NotificationUserError {
    /// Path of the input field it is about, for example `["input", "ids", "0"]`.
    field: Option<Vec<String>>,
    /// What a program can act on.
    code: NotificationErrorCode,
    /// What a person can read.
    message: String,
}

/// The answer to `emailRetry`.
#[derive(SimpleObject)]
pub(crate) struct EmailRetryPayload {
    /// The e-mails that were queued again, in the order of `ids`.
    emails: Vec<EmailLog>,
    /// One entry per e-mail that was not.
    user_errors: Vec<NotificationUserError>,
}

impl NotificationUserError {
    /// A refusal as the client sees it; a fault of ours stays a fault.
    fn of(error: NotificationError, field: Vec<String>) -> Result<Self, ApiError> {
        let code = match error {
            NotificationError::EmailNotFound => NotificationErrorCode::EmailNotFound,
            NotificationError::EmailNotRetryable => NotificationErrorCode::EmailNotRetryable,
            NotificationError::RetryLimit { .. } => NotificationErrorCode::RetryLimit,
            NotificationError::BulkLimitExceeded { .. } => NotificationErrorCode::BulkLimitExceeded,
            NotificationError::Database(_) | NotificationError::Outbox(_) => {
                return Err(ApiError::internal(error));
            }
        };
        Ok(Self {
            field: Some(field),
            code,
            message: error.to_string(),
        })
    }
}

/// What can be changed.
#[Object]
impl Mutation {
    /// Sends e-mails again that could not be sent (`FAILED` or `DEAD`). Each id is decided on its own:
    /// some may be queued again while others are refused. Staff only (`emails:read`).
    async fn email_retry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The e-mails.")] input: EmailRetryInput,
    ) -> Result<EmailRetryPayload, ApiError> {
        RequestInfo::of(ctx)
            .principal()?
            .require_scope(Scope::EMAILS_READ)?;
        let state = ctx.data_unchecked::<State>();
        let mut payload = EmailRetryPayload {
            emails: Vec::new(),
            user_errors: Vec::new(),
        };
        if input.ids.len() > MOST_EMAILS {
            let error = NotificationError::BulkLimitExceeded { max: MOST_EMAILS };
            let error = NotificationUserError::of(error, path(&["ids"]))?;
            payload.user_errors.push(error);
            return Ok(payload);
        }

        for (index, id) in input.ids.iter().enumerate() {
            let now = state.deps.clock.now();
            let outcome = match id.parse() {
                Ok(id) => email_retry(&state.deps.db, id, state.max_attempts, now).await,
                Err(_) => Err(NotificationError::EmailNotFound),
            };
            match outcome {
                Ok(email) => payload.emails.push(EmailLog(email)),
                Err(error) => {
                    let field = path(&["ids", &index.to_string()]);
                    payload
                        .user_errors
                        .push(NotificationUserError::of(error, field)?);
                }
            }
        }
        if !payload.emails.is_empty() {
            state.queued.notify_one();
        }
        Ok(payload)
    }
}

/// The path of a part of the mutation's `input`.
fn path(part: &[&str]) -> Vec<String> {
    std::iter::once("input")
        .chain(part.iter().copied())
        .map(str::to_owned)
        .collect()
}
