//! What this service adds to an order.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use events::id::OrderId;
use service::{ApiError, RequestInfo};

use super::email_log::EmailLog;
use super::loaders::EmailsByOrder;

/// An order, by its id.
pub(crate) struct Order(pub(crate) OrderId);

/// An order. It exists from checkout on and becomes official, with a number, once it is paid and its
/// stock is committed.
#[Object]
impl Order {
    /// Identifier.
    async fn id(&self) -> ID {
        self.0.to_string().into()
    }

    /// The e-mails about this order, oldest first: one per step of the order. Null unless the caller is the signed-in buyer or
    /// staff with `emails:read`; also null for a buyer as long as there is none.
    async fn emails(&self, ctx: &Context<'_>) -> Result<Option<Vec<EmailLog>>, ApiError> {
        let caller = RequestInfo::of(ctx).principal()?;
        if !caller.is_authenticated() {
            return Ok(None);
        }
        let loader = ctx.data_unchecked::<DataLoader<EmailsByOrder>>();
        let emails = loader.load_one(self.0).await?.unwrap_or_default();
        if caller.has_scope(auth::Scope::EMAILS_READ) {
            return Ok(Some(emails.into_iter().map(EmailLog).collect()));
        }
        // Whose order it is follows from its mail; without any, nobody can be told.
        let visible: Vec<_> = emails
            .into_iter()
            .filter(|email| EmailLog::is_visible_to(email, caller))
            .map(EmailLog)
            .collect();
        Ok((!visible.is_empty()).then_some(visible))
    }
}
