//! What an order has set aside.

use events::id::{OrderId, PaymentId};
use sea_orm::ActiveValue::Set;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;

/// Where a reservation stands; [`crate::domain::status`] says what may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    /// Set aside until it expires.
    #[sea_orm(string_value = "HELD")]
    Held,
    /// There was not enough; nothing is set aside.
    #[sea_orm(string_value = "REJECTED")]
    Rejected,
    /// Paid: the units are off the shelf.
    #[sea_orm(string_value = "COMMITTED")]
    Committed,
    /// Shipped.
    #[sea_orm(string_value = "CONSUMED")]
    Consumed,
    /// Given back because the order was called off.
    #[sea_orm(string_value = "RELEASED")]
    Released,
    /// Given back because time ran out.
    #[sea_orm(string_value = "EXPIRED")]
    Expired,
}

/// The reservation of one order.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reservations")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change.
    pub version: i64,
    /// The order; one reservation each.
    pub order_id: Uuid,
    /// Where it stands.
    pub state: State,
    /// What the order asks for, as JSON; none for an order that was called off before we heard of it.
    #[sea_orm(column_type = "Text", nullable)]
    pub demand: Option<String>,
    /// When a hold ends.
    pub expires_at: DateTimeUtc,
    /// How often a payment extended it.
    pub extensions: i32,
    /// The payment that was answered, by a commit or by its refusal.
    pub payment_id: Option<Uuid>,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The order.
    pub(crate) fn order(&self) -> OrderId {
        OrderId::from_uuid(self.order_id)
    }
}

/// The reservation of an order, locked until the transaction ends (SQLite has locked everything
/// anyway).
pub(crate) async fn lock_by_order(
    txn: &impl ConnectionTrait,
    order_id: OrderId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrderId.eq(order_id.uuid()))
        .lock_exclusive()
        .one(txn)
        .await
}

/// Moves a reservation on, unless somebody else did: `false` then. `payment_id` is remembered if
/// given. Whether the step is allowed is the caller's business.
pub(crate) async fn advance(
    txn: &impl ConnectionTrait,
    reservation: &Model,
    to: State,
    payment_id: Option<PaymentId>,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let mut change = ActiveModel {
        updated_at: Set(now),
        state: Set(to),
        ..Default::default()
    };
    change.version = Set(reservation.version + 1);
    if let Some(payment_id) = payment_id {
        change.payment_id = Set(Some(payment_id.uuid()));
    }
    let changed = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(reservation.id))
        .filter(Column::Version.eq(reservation.version))
        .filter(Column::State.eq(reservation.state))
        .exec(txn)
        .await?;
    Ok(changed.rows_affected == 1)
}
