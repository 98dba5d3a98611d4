//! What the notification service refuses, and what can go wrong in it.

use sea_orm::DbErr;

/// Why an operation on mail was not done.
#[derive(Debug, thiserror::Error)]
pub enum NotificationError {
    /// No mail has this id.
    #[error("There is no such e-mail.")]
    EmailNotFound,
    /// The mail did not fail, so there is nothing to try again.
    #[error("Only an e-mail that failed can be sent again.")]
    EmailNotRetryable,
    /// The mail was attempted too often.
    #[error("This e-mail was attempted {attempts} times and will not be sent any more.")]
    RetryLimit {
        /// How often it was attempted.
        attempts: i32,
    },
    /// Too many mails in one call.
    #[error("At most {max} e-mails can be named in one call.")]
    BulkLimitExceeded {
        /// The limit.
        max: usize,
    },
    /// The database.
    #[error("database error")]
    Database(#[from] DbErr),
    /// The outbox.
    #[error("outbox error")]
    Outbox(#[from] outbox::EnqueueError),
}

impl NotificationError {
    /// The stable code clients switch on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmailNotFound => "EMAIL_NOT_FOUND",
            Self::EmailNotRetryable => "EMAIL_NOT_RETRYABLE",
            Self::RetryLimit { .. } => "RETRY_LIMIT",
            Self::BulkLimitExceeded { .. } => "BULK_LIMIT_EXCEEDED",
            Self::Database(_) | Self::Outbox(_) => "INTERNAL_SERVER_ERROR",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stable() {
        let all = [
            NotificationError::EmailNotFound,
            NotificationError::EmailNotRetryable,
            NotificationError::RetryLimit { attempts: 50 },
            NotificationError::BulkLimitExceeded { max: 100 },
            NotificationError::Database(DbErr::RecordNotInserted),
        ];
        let lines: Vec<_> = all
            .iter()
            .map(|error| format!("{}: {error}", error.code()))
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        EMAIL_NOT_FOUND: There is no such e-mail.
        EMAIL_NOT_RETRYABLE: Only an e-mail that failed can be sent again.
        RETRY_LIMIT: This e-mail was attempted 50 times and will not be sent any more.
        BULK_LIMIT_EXCEEDED: At most 100 e-mails can be named in one call.
        INTERNAL_SERVER_ERROR: database error
        ");
    }
}
