//! Batches what many resolvers ask for into one statement each.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use events::id::{EmailId, OrderId, UserId};
use sea_orm::{DatabaseConnection, DbErr};

use crate::entity::email_log::{self, Model};

/// One mail.
pub(crate) struct EmailById(pub(crate) DatabaseConnection);

/// All mail about an order, oldest first.
pub(crate) struct EmailsByOrder(pub(crate) DatabaseConnection);

/// The newest mail of a user, newest first.
pub(crate) struct EmailsByUser(pub(crate) DatabaseConnection);

impl Loader<EmailId> for EmailById {
    type Value = Model;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[EmailId]) -> Result<HashMap<EmailId, Model>, Arc<DbErr>> {
        let ids: Vec<_> = keys.iter().map(|id| id.uuid()).collect();
        let emails = email_log::find_by_ids(&self.0, &ids).await?;
        Ok(emails
            .into_iter()
            .map(|email| (EmailId::from_uuid(email.id), email))
            .collect())
    }
}

impl Loader<OrderId> for EmailsByOrder {
    type Value = Vec<Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, Vec<Model>>, Arc<DbErr>> {
        let ids: Vec<_> = keys.iter().map(|id| id.uuid()).collect();
        let emails = email_log::find_by_orders(&self.0, &ids).await?;
        Ok(group(emails, |email| {
            email.order_id.map(OrderId::from_uuid)
        }))
    }
}

impl Loader<UserId> for EmailsByUser {
    type Value = Vec<Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Vec<Model>>, Arc<DbErr>> {
        let ids: Vec<_> = keys.iter().map(|id| id.uuid()).collect();
        let emails = email_log::find_newest_by_users(&self.0, &ids).await?;
        Ok(group(emails, |email| email.user_id.map(UserId::from_uuid)))
    }
}

/// Sorts mails by their key, keeping their order.
fn group<K: std::hash::Hash + Eq>(
    emails: Vec<Model>,
    key: impl Fn(&Model) -> Option<K>,
) -> HashMap<K, Vec<Model>> {
    let mut groups: HashMap<K, Vec<Model>> = HashMap::new();
    for email in emails {
        if let Some(key) = key(&email) {
            groups.entry(key).or_default().push(email);
        }
    }
    groups
}
