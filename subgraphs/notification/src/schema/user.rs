//! What this service adds to a user.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use auth::Scope;
use events::id::UserId;
use service::{ApiError, RequestInfo};

use super::email_log::EmailLog;
use super::loaders::EmailsByUser;

/// A user, by their id.
pub(crate) struct User(pub(crate) UserId);

/// Somebody with an account. Personal fields answer only to the user themselves and to staff with
/// the permission `users:read`; for everybody else they are null.
#[Object]
impl User {
    /// Identifies the user.
    async fn id(&self) -> ID {
        self.0.to_string().into()
    }

    /// The newest e-mails to this user, newest first, at most 50. Null unless the caller is this
    /// user or staff with `emails:read`.
    async fn emails(&self, ctx: &Context<'_>) -> Result<Option<Vec<EmailLog>>, ApiError> {
        let caller = RequestInfo::of(ctx).principal()?;
        let is_self = caller.user_id() == Some(self.0.to_string().as_str());
        if !is_self && !caller.has_scope(Scope::EMAILS_READ) {
            return Ok(None);
        }
        let loader = ctx.data_unchecked::<DataLoader<EmailsByUser>>();
        let emails = loader.load_one(self.0).await?.unwrap_or_default();
        Ok(Some(emails.into_iter().map(EmailLog).collect()))
    }
}
