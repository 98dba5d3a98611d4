//! The timeline of orders; append-only.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, IntoActiveModel, QueryOrder};

use crate::domain::status::OrderStatus;

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_events")]
pub struct Model {
    /// Identifier; later entries have greater ones.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// The event it was told by, unique per type of entry.
    pub event_id: Uuid,
    /// What, for example `PaymentSucceeded`.
    #[sea_orm(column_name = "type", column_type = "Text")]
    pub kind: String,
    /// When it happened, where it happened.
    pub occurred_at: DateTimeUtc,
    /// When this service wrote it down.
    pub recorded_at: DateTimeUtc,
    /// Who did it: a user id, or the name of a job or provider.
    #[sea_orm(column_type = "Text", nullable)]
    pub actor: Option<String>,
    /// Status before, if the entry changed it.
    pub from_status: Option<OrderStatus>,
    /// Status after, if the entry changed it.
    pub to_status: Option<OrderStatus>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Appends an entry; one that is already there stays as it is.
pub(crate) async fn append(txn: &impl ConnectionTrait, entry: Model) -> Result<(), DbErr> {
    Entity::insert(entry.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns([Column::EventId, Column::Kind])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// The entries of these orders, as they were written down.
pub(crate) async fn of_orders(
    db: &impl ConnectionTrait,
    orders: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrderId.is_in(orders))
        .order_by_asc(Column::Id)
        .all(db)
        .await
}
