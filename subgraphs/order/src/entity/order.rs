//! Orders.

use events::id::{CartId, OrderId, PaymentId, UserId};
use events::order::OrderTotals;
use money::{Currency, Money};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use crate::domain::status::{CancelReason, OrderStatus, PaymentStatus, StockState};

/// An order, from checkout on; official once it has a number.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Optimistic lock.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
    /// Number for people, set together with `placed_at`, once.
    #[sea_orm(column_type = "Text", nullable)]
    pub number: Option<String>,
    /// When it became official.
    pub placed_at: Option<DateTimeUtc>,
    /// The buyer, none for a guest.
    pub user_id: Option<Uuid>,
    /// Where messages go.
    #[sea_orm(column_type = "Text")]
    pub email: String,
    /// The cart it came from.
    pub cart_id: Uuid,
    /// The cart's content, to tell a resumed checkout from a changed one.
    #[sea_orm(column_type = "Text")]
    pub fingerprint: String,
    /// SHA-256 of the order token.
    #[sea_orm(column_type = "Text")]
    pub order_token_hash: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// Where its money stands, as payment's events tell.
    pub payment_status: PaymentStatus,
    /// Where its stock stands, as inventory's events tell.
    pub stock_state: StockState,
    /// Currency of all amounts.
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    /// Σ lines, net.
    pub subtotal_minor: i64,
    /// Discount.
    pub discount_minor: i64,
    /// Shipping, net.
    pub shipping_minor: i64,
    /// Tax.
    pub tax_minor: i64,
    /// What the buyer pays.
    pub total_minor: i64,
    /// Where the parcel goes, as JSON.
    #[sea_orm(column_type = "Text")]
    pub shipping_address: String,
    /// Code of the shipping method.
    #[sea_orm(column_type = "Text")]
    pub shipping_method: String,
    /// Unpaid by then, it expires.
    pub expires_at: DateTimeUtc,
    /// The payment that was captured.
    pub captured_payment_id: Option<Uuid>,
    /// When this service asked for the money to go back, or found that it had gone back before the order
    /// was confirmed; such an order is never confirmed.
    pub refund_requested_at: Option<DateTimeUtc>,
    /// Why it was cancelled.
    pub cancel_reason: Option<CancelReason>,
    /// What was short when it was refused, as JSON.
    #[sea_orm(column_type = "Text", nullable)]
    pub shortages: Option<String>,
    /// Carrier, once shipped.
    #[sea_orm(column_type = "Text", nullable)]
    pub carrier: Option<String>,
    /// Tracking number, once shipped.
    #[sea_orm(column_type = "Text", nullable)]
    pub tracking_number: Option<String>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Identifier.
    pub fn order_id(&self) -> OrderId {
        OrderId::from_uuid(self.id)
    }

    /// The cart it came from.
    pub fn cart_id(&self) -> CartId {
        CartId::from_uuid(self.cart_id)
    }

    /// The buyer, none for a guest.
    pub fn user_id(&self) -> Option<UserId> {
        self.user_id.map(UserId::from_uuid)
    }

    /// The payment that was captured.
    pub fn captured_payment_id(&self) -> Option<PaymentId> {
        self.captured_payment_id.map(PaymentId::from_uuid)
    }

    /// Whether the money came, whatever became of it later.
    pub fn is_paid(&self) -> bool {
        self.captured_payment_id.is_some()
    }

    /// An amount in the order's currency.
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency())
    }

    /// The currency of all amounts.
    pub fn currency(&self) -> Currency {
        Currency::from_code(&self.currency).expect("only known currencies are stored")
    }

    /// The amounts, as events carry them.
    pub fn totals(&self) -> OrderTotals {
        OrderTotals {
            currency: self.currency(),
            subtotal: self.subtotal_minor,
            discount: self.discount_minor,
            shipping: self.shipping_minor,
            tax: self.tax_minor,
            total: self.total_minor,
        }
    }
}

/// The order with this identifier.
pub(crate) async fn find(db: &impl ConnectionTrait, id: OrderId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.uuid()).one(db).await
}

/// The order of this cart that waits for its payment.
pub(crate) async fn find_pending(
    db: &impl ConnectionTrait,
    cart_id: CartId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::CartId.eq(cart_id.uuid()))
        .filter(Column::Status.eq(OrderStatus::Pending))
        .one(db)
        .await
}

/// Stores a new order.
pub(crate) async fn insert(txn: &impl ConnectionTrait, order: Model) -> Result<(), DbErr> {
    Entity::insert(order.into_active_model().reset_all())
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Writes `order` over its row if the row still has version `from`; `false` if somebody else was
/// faster.
pub(crate) async fn save(
    txn: &impl ConnectionTrait,
    order: Model,
    from: i64,
) -> Result<bool, DbErr> {
    let id = order.id;
    let updated = Entity::update_many()
        .set(order.into_active_model().reset_all())
        .filter(Column::Id.eq(id))
        .filter(Column::Version.eq(from))
        .exec(txn)
        .await?;
    Ok(updated.rows_affected == 1)
}
