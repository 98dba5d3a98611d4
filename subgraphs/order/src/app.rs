//! What the operations of this service share.

use clock::Clock;
use events::id::OrderId;
use sea_orm::DatabaseConnection;
use service::{Changes, Deps};

use crate::config::Config;

/// Built once per service.
pub(crate) struct App {
    pub(crate) db: DatabaseConnection,
    pub(crate) clock: Clock,
    pub(crate) config: Config,
    /// Hints to waiting requests and subscriptions, by order id.
    pub(crate) changes: Changes,
    token_key: [u8; 32],
}

impl App {
    pub(crate) fn new(deps: &Deps, config: Config) -> Self {
        Self {
            db: deps.db.clone(),
            clock: deps.clock.clone(),
            config,
            changes: Changes::default(),
            token_key: deps.secret.derive("order-token"),
        }
    }

    /// The token with which a guest proves that an order is theirs. Derived, so that a repeated
    /// `orderCreate` can hand it out again although only its hash is stored.
    pub(crate) fn order_token(&self, order_id: OrderId) -> String {
        auth::derive_token(&self.token_key, "order", &order_id.to_string())
    }
}
