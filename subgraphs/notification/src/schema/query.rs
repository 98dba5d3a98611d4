//! Reading, and the entities other subgraphs refer to.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use auth::Scope;
use events::id::EmailId;
use service::{ApiError, RequestInfo};

use super::State;
use super::email_log::EmailLog;
use super::email_log_connection::{EmailLogConnection, EmailLogFilter};
use super::loaders::EmailById;
use super::order::Order;
use super::user::User;

/// What can be read.
pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// The e-mails the shop sent or is about to send, newest first. Staff only (`emails:read`).
    async fn email_logs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<EmailLogFilter>,
        #[graphql(desc = "E-mails on the page, 1 to 100; 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the e-mail after which the page begins.")] after: Option<
            String,
        >,
    ) -> Result<EmailLogConnection, ApiError> {
        RequestInfo::of(ctx)
            .principal()?
            .require_scope(Scope::EMAILS_READ)?;
        let filter = filter.unwrap_or_default().parse()?;
        EmailLogConnection::load(ctx.data_unchecked::<State>(), filter, first, after).await
    }

    #[graphql(entity)]
    async fn find_email_log_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] id: ID,
    ) -> Result<Option<EmailLog>, ApiError> {
        // Neither a foreign id nor a bad token may cost the other entities of the batch.
        let (Ok(id), Ok(caller)) = (id.parse::<EmailId>(), RequestInfo::of(ctx).principal()) else {
            return Ok(None);
        };
        let loader = ctx.data_unchecked::<DataLoader<EmailById>>();
        let email = loader.load_one(id).await?;
        Ok(email
            .filter(|email| EmailLog::is_visible_to(email, caller))
            .map(EmailLog))
    }

    #[graphql(entity)]
    async fn find_order_by_id(&self, #[graphql(key)] id: ID) -> Result<Option<Order>, ApiError> {
        Ok(id.parse().ok().map(Order))
    }

    #[graphql(entity)]
    async fn find_user_by_id(&self, #[graphql(key)] id: ID) -> Result<Option<User>, ApiError> {
        Ok(id.parse().ok().map(User))
    }
}
