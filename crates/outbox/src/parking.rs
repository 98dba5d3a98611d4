//! What an operator does with deliveries that failed for good.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entity::delivery;

/// A delivery that waits for an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedDelivery {
    /// Which consumer failed.
    pub consumer: String,
    /// Which event.
    pub event_id: Uuid,
    /// Its type.
    pub event_type: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was given up.
    pub parked_at: DateTime<Utc>,
    /// Why.
    pub last_error: Option<String>,
}

/// Lists parked deliveries, oldest first.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn parked(db: &DatabaseConnection) -> Result<Vec<ParkedDelivery>, DbErr> {
    let rows = delivery::Entity::find()
        .filter(delivery::Column::ParkedAt.is_not_null())
        .order_by_asc(delivery::Column::Seq)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(ParkedDelivery {
                consumer: row.consumer,
                event_id: row.event_id,
                event_type: row.event_type,
                attempts: row.attempts,
                parked_at: row.parked_at?,
                last_error: row.last_error,
            })
        })
        .collect())
}

/// Makes a parked delivery due again, with fresh attempts; returns whether there was one.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn replay(db: &DatabaseConnection, event_id: Uuid) -> Result<bool, DbErr> {
    let updated = delivery::Entity::update_many()
        .col_expr(
            delivery::Column::ParkedAt,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .col_expr(delivery::Column::Attempts, Expr::value(0))
        .col_expr(delivery::Column::DueAt, Expr::value(Utc::now()))
        .filter(delivery::Column::EventId.eq(event_id))
        .filter(delivery::Column::ParkedAt.is_not_null())
        .exec(db)
        .await?;
    Ok(updated.rows_affected > 0)
}
