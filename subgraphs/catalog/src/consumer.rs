//! What the catalog does with the events of other services.

use clock::Clock;
use events::Envelope;
use futures_util::future::BoxFuture;
use outbox::{Consumer, HandleError};
use sea_orm::DatabaseTransaction;

use crate::domain;
use crate::incoming::Incoming;

/// The events of [`Incoming`].
pub(crate) const INTERESTS: &[&str] = &["inventory.stock_changed.v1"];

/// Keeps the catalog's copy of the stock.
pub(crate) struct CatalogConsumer {
    pub(crate) clock: Clock,
}

impl Consumer for CatalogConsumer {
    fn name(&self) -> &'static str {
        crate::NAME
    }

    fn interests(&self) -> &'static [&'static str] {
        INTERESTS
    }

    fn handle<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        Box::pin(async move {
            let Incoming::StockChanged(change) = envelope.read()?;
            Ok(domain::stock_copy(txn, &change, self.clock.now()).await?)
        })
    }
}
