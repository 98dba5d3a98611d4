//! What the catalog does with the events of other services.

use clock::Clock;
use events::{Envelope, Event};
use futures_util::future::BoxFuture;
use outbox::{Consumer, HandleError};
use sea_orm::DatabaseTransaction;

use crate::domain;

/// Keeps the catalog's copy of the stock.
pub(crate) struct CatalogConsumer {
    pub(crate) clock: Clock,
}

impl Consumer for CatalogConsumer {
    fn name(&self) -> &'static str {
        crate::NAME
    }

    fn interests(&self) -> &'static [&'static str] {
        &["inventory.stock_changed.v1"]
    }

    fn handle<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        Box::pin(async move {
            match envelope.event()? {
                Event::StockChanged(change) => {
                    Ok(domain::stock_copy(txn, &change, self.clock.now()).await?)
                }
                // Nothing else is in `interests`.
                _ => Ok(()),
            }
        })
    }
}
