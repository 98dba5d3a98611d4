//! Batches of rows, one statement each, however many were asked for.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entity::{payment, refund};

/// Payments by their id.
pub(super) struct PaymentLoader(pub(super) DatabaseConnection);

impl Loader<Uuid> for PaymentLoader {
    type Value = payment::Model;
    type Error = Arc<DbErr>;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let rows = payment::Entity::find()
            .filter(payment::Column::Id.is_in(ids.iter().copied()))
            .all(&self.0)
            .await
            .map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// The payments of an order, oldest first.
pub(super) struct PaymentsOfOrder(pub(super) DatabaseConnection);

impl Loader<Uuid> for PaymentsOfOrder {
    type Value = Vec<payment::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, orders: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let rows = payment::Entity::of_orders(&self.0, orders)
            .await
            .map_err(Arc::new)?;
        let mut by_order: HashMap<Uuid, Vec<payment::Model>> = HashMap::new();
        for row in rows {
            by_order.entry(row.order_id).or_default().push(row);
        }
        Ok(by_order)
    }
}

/// The refunds of a payment, oldest first.
pub(super) struct RefundsOfPayment(pub(super) DatabaseConnection);

impl Loader<Uuid> for RefundsOfPayment {
    type Value = Vec<refund::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, payments: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let rows = refund::Entity::find()
            .filter(refund::Column::PaymentId.is_in(payments.iter().copied()))
            .order_by_asc(refund::Column::CreatedAt)
            .order_by_asc(refund::Column::Id)
            .all(&self.0)
            .await
            .map_err(Arc::new)?;
        let mut by_payment: HashMap<Uuid, Vec<refund::Model>> = HashMap::new();
        for row in rows {
            by_payment.entry(row.payment_id).or_default().push(row);
        }
        Ok(by_payment)
    }
}
