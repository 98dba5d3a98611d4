//! The copy of an order, as far as paying for it needs one.

use money::{Currency, Money};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction};

use events::id::OrderId;

/// An order, put together from the events of order and inventory in whatever order they arrive.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payable_orders")]
pub struct Model {
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The order's own version, as of the newest status event that was seen.
    pub version: i64,
    /// When this row appeared.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
    /// The buyer, none for a guest.
    pub user_id: Option<Uuid>,
    /// Where messages go.
    pub email: Option<String>,
    /// SHA-256 (hex) of the order token.
    pub order_token_hash: Option<String>,
    /// What is to be paid; none until `order.created` was seen.
    pub amount_minor: Option<i64>,
    /// Its currency.
    pub currency: Option<String>,
    /// Where the order stands.
    pub status: OrderStatus,
    /// Whether stock was set aside for it.
    pub is_held: bool,
    /// Until when it may be paid.
    pub expires_at: Option<DateTimeUtc>,
    /// How often a payment has extended that.
    pub extensions: i32,
}

/// Where an order stands, as far as paying is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum OrderStatus {
    /// Waits for its payment.
    #[sea_orm(string_value = "PENDING")]
    Pending,
    /// Paid and official.
    #[sea_orm(string_value = "CONFIRMED")]
    Confirmed,
    /// Called off.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
    /// Ran out of time.
    #[sea_orm(string_value = "EXPIRED")]
    Expired,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What is to be paid; none until `order.created` was seen.
    pub fn amount(&self) -> Option<Money> {
        let currency = Currency::from_code(self.currency.as_deref()?)?;
        Some(Money::new(self.amount_minor?, currency))
    }
}

impl Entity {
    /// Makes sure that there is a row for the order and takes its lock until the transaction ends.
    /// Everything that changes an order's payments takes this lock first, so that a capture, a
    /// cancellation and a new attempt of one order never overlap.
    ///
    /// # Errors
    /// [`DbErr`] if the database refuses.
    pub async fn lock(
        txn: &DatabaseTransaction,
        id: OrderId,
        now: DateTimeUtc,
    ) -> Result<Model, DbErr> {
        let blank = ActiveModel {
            id: Set(id.uuid()),
            version: Set(0),
            created_at: Set(now),
            updated_at: Set(now),
            status: Set(OrderStatus::Pending),
            is_held: Set(false),
            extensions: Set(0),
            ..Default::default()
        };
        Entity::insert(blank)
            .on_conflict(
                OnConflict::column(Column::Id)
                    .update_column(Column::UpdatedAt)
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await?;
        Entity::find_by_id(id.uuid())
            .one(txn)
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("the order row that was just locked".to_owned()))
    }

    /// The order, once `order.created` was seen.
    ///
    /// # Errors
    /// [`DbErr`] if the database refuses.
    pub async fn find_known(
        db: &impl ConnectionTrait,
        id: OrderId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id.uuid())
            .filter(Column::AmountMinor.is_not_null())
            .one(db)
            .await
    }
}
