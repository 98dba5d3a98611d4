//! Which payment attempts are open, from the payment's events.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, PaginatorTrait};

/// Where an attempt stands, as far as a cart cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PaymentState {
    /// The buyer may be paying right now.
    #[sea_orm(string_value = "OPEN")]
    Open,
    /// Paid; the order is about to be confirmed.
    #[sea_orm(string_value = "SUCCEEDED")]
    Succeeded,
    /// Failed or expired.
    #[sea_orm(string_value = "CLOSED")]
    Closed,
}

/// A payment attempt.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_copies")]
pub struct Model {
    /// The attempt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub payment_id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// Where it stands.
    pub status: PaymentState,
    /// When that was heard.
    pub updated_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Stores an attempt that was opened, unless its end was heard of first.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn opened(
    txn: &impl ConnectionTrait,
    payment_id: Uuid,
    order_id: Uuid,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    Entity::insert(row(payment_id, order_id, PaymentState::Open, now))
        .on_conflict(
            OnConflict::column(Column::PaymentId)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Stores how an attempt ended. A success is never taken back.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn ended(
    txn: &impl ConnectionTrait,
    payment_id: Uuid,
    order_id: Uuid,
    status: PaymentState,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    Entity::insert(row(payment_id, order_id, status, now))
        .on_conflict(
            OnConflict::column(Column::PaymentId)
                .update_columns([Column::Status, Column::UpdatedAt])
                .action_and_where(Expr::col((Entity, Column::Status)).ne(PaymentState::Succeeded))
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Whether any of these orders is being paid, or is paid.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn any_open(
    db: &impl ConnectionTrait,
    order_ids: impl IntoIterator<Item = Uuid>,
) -> Result<bool, DbErr> {
    let open = Entity::find()
        .filter(Column::OrderId.is_in(order_ids))
        .filter(Column::Status.is_in([PaymentState::Open, PaymentState::Succeeded]))
        .count(db)
        .await?;
    Ok(open > 0)
}

/// Forgets attempts nothing was heard of since `limit`.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn purge(db: &impl ConnectionTrait, limit: DateTimeUtc) -> Result<u64, DbErr> {
    Ok(Entity::delete_many()
        .filter(Column::UpdatedAt.lt(limit))
        .exec(db)
        .await?
        .rows_affected)
}

fn row(payment_id: Uuid, order_id: Uuid, status: PaymentState, now: DateTimeUtc) -> ActiveModel {
    ActiveModel {
        payment_id: Set(payment_id),
        order_id: Set(order_id),
        status: Set(status),
        updated_at: Set(now),
    }
}
