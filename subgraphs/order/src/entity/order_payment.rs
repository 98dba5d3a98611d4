//! Payment attempts, as far as payment's events told this service.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, IntoActiveModel, QueryOrder};

/// How far an attempt came. Events may arrive in any order: a later state is never undone by an
/// earlier one, and money that came beats everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AttemptState {
    /// The provider waits for the buyer.
    #[sea_orm(string_value = "OPEN")]
    Open,
    /// The provider refused.
    #[sea_orm(string_value = "FAILED")]
    Failed,
    /// The provider gave up.
    #[sea_orm(string_value = "EXPIRED")]
    Expired,
    /// Money went back before we heard that it had come.
    #[sea_orm(string_value = "REFUNDED")]
    Refunded,
    /// The provider has the money, or had it.
    #[sea_orm(string_value = "SUCCEEDED")]
    Succeeded,
}

impl AttemptState {
    /// The state after hearing `told`.
    #[must_use]
    pub fn merged_with(self, told: Self) -> Self {
        fn rank(state: AttemptState) -> u8 {
            match state {
                AttemptState::Open => 0,
                AttemptState::Failed | AttemptState::Expired | AttemptState::Refunded => 1,
                AttemptState::Succeeded => 2,
            }
        }
        if rank(told) > rank(self) { told } else { self }
    }
}

/// A payment attempt of an order.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_payments")]
pub struct Model {
    /// The payment's identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Counts the changes.
    pub version: i64,
    /// When it was first heard of.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
    /// The order.
    pub order_id: Uuid,
    /// How far it came.
    pub state: AttemptState,
    /// When the provider gives up.
    pub expires_at: Option<DateTimeUtc>,
    /// What is left of the capture after refunds; none if nothing went back.
    pub refund_remaining_minor: Option<i64>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// All attempts of an order, oldest first.
pub(crate) async fn of_order(
    db: &impl ConnectionTrait,
    order_id: Uuid,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrderId.eq(order_id))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// Stores an attempt, new or changed. The caller also changes the order's version, which guards
/// against concurrent writers.
pub(crate) async fn store(txn: &impl ConnectionTrait, attempt: Model) -> Result<(), DbErr> {
    let conflict = OnConflict::column(Column::Id)
        .update_columns([
            Column::Version,
            Column::UpdatedAt,
            Column::State,
            Column::ExpiresAt,
            Column::RefundRemainingMinor,
        ])
        .to_owned();
    Entity::insert(attempt.into_active_model().reset_all())
        .on_conflict(conflict)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
