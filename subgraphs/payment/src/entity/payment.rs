//! Payment attempts.

use chrono::{DateTime, Utc};
use events::id::{OrderId, PaymentId};
use money::{Currency, Money};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, PaginatorTrait, QueryOrder};

use super::action::PaymentAction;

/// One attempt to pay an order.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payments")]
pub struct Model {
    /// The attempt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change.
    pub version: i64,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
    /// The order.
    pub order_id: Uuid,
    /// Who takes the money.
    pub provider: ProviderName,
    /// How much.
    pub amount_minor: i64,
    /// Of which currency.
    pub currency: String,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The provider's own reference; none until the provider has answered.
    pub gateway_ref: Option<String>,
    /// What the buyer has to do, as JSON; none until the provider has answered.
    #[sea_orm(column_type = "Text", nullable)]
    pub action: Option<String>,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// Σ refunds asked for, done or not.
    pub refund_requested_minor: i64,
    /// Σ refunds done.
    pub refunded_minor: i64,
    /// When the provider gives up.
    pub expires_at: DateTimeUtc,
    /// When the money arrived.
    pub paid_at: Option<DateTimeUtc>,
    /// Set when the attempt is to be closed at the provider because its order needs it no more.
    pub cancel_requested_at: Option<DateTimeUtc>,
    /// When the provider was asked last.
    pub checked_at: Option<DateTimeUtc>,
}

/// Who takes the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ProviderName {
    /// A provider played by this service.
    #[sea_orm(string_value = "DEMO")]
    Demo,
    /// Stripe.
    #[sea_orm(string_value = "STRIPE")]
    Stripe,
    /// Midtrans.
    #[sea_orm(string_value = "MIDTRANS")]
    Midtrans,
    /// PayPal.
    #[sea_orm(string_value = "PAYPAL")]
    Paypal,
}

impl ProviderName {
    /// The name in events, tables and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Demo => "DEMO",
            Self::Stripe => "STRIPE",
            Self::Midtrans => "MIDTRANS",
            Self::Paypal => "PAYPAL",
        }
    }
}

/// Where an attempt stands. See [`crate::domain::status`] for what may follow what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PaymentStatus {
    /// Stored here; the provider may or may not know of it.
    #[sea_orm(string_value = "CREATED")]
    Created,
    /// Waits for the buyer.
    #[sea_orm(string_value = "PENDING")]
    Pending,
    /// Promised, not yet captured.
    #[sea_orm(string_value = "AUTHORIZED")]
    Authorized,
    /// The money is there.
    #[sea_orm(string_value = "PAID")]
    Paid,
    /// The buyer declined or was declined.
    #[sea_orm(string_value = "FAILED")]
    Failed,
    /// The buyer ran out of time.
    #[sea_orm(string_value = "EXPIRED")]
    Expired,
    /// Closed because the order needed it no more.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
    /// Part of the money went back.
    #[sea_orm(string_value = "PARTIALLY_REFUNDED")]
    PartiallyRefunded,
    /// All of the money went back.
    #[sea_orm(string_value = "REFUNDED")]
    Refunded,
    /// A refund has to be done by hand.
    #[sea_orm(string_value = "REFUND_MANUAL")]
    RefundManual,
    /// The buyer's bank took the money back.
    #[sea_orm(string_value = "CHARGEBACK")]
    Chargeback,
    /// A second capture of an order that was paid already; refunded at once.
    #[sea_orm(string_value = "DUPLICATE_CAPTURE")]
    DuplicateCapture,
}

impl PaymentStatus {
    /// Attempts that may still be paid in the normal way; at most one per order.
    pub const OPEN: [Self; 3] = [Self::Created, Self::Pending, Self::Authorized];
    /// Payments that count as the order's one capture.
    pub const CAPTURED: [Self; 5] = [
        Self::Paid,
        Self::PartiallyRefunded,
        Self::Refunded,
        Self::RefundManual,
        Self::Chargeback,
    ];

    /// Whether it may still be paid in the normal way.
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }

    /// Whether it counts as the order's one capture.
    pub fn is_captured(self) -> bool {
        Self::CAPTURED.contains(&self)
    }
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Its typed identifier.
    pub fn payment_id(&self) -> PaymentId {
        PaymentId::from_uuid(self.id)
    }

    /// Its order.
    pub fn order_id(&self) -> OrderId {
        OrderId::from_uuid(self.order_id)
    }

    /// What is to be paid.
    pub fn amount(&self) -> Money {
        self.money(self.amount_minor)
    }

    /// An amount in the payment's currency.
    pub fn money(&self, minor: i64) -> Money {
        let currency =
            Currency::from_code(&self.currency).expect("only currencies of the table are stored");
        Money::new(minor, currency)
    }

    /// What the buyer has to do.
    pub fn action(&self) -> Option<PaymentAction> {
        serde_json::from_str(self.action.as_deref()?).ok()
    }
}

impl Entity {
    /// Writes `change` unless somebody else changed the row since `before` was read, and returns the
    /// row as it is then.
    ///
    /// # Errors
    /// [`DbErr::RecordNotUpdated`] if the row had changed.
    pub async fn save(
        txn: &DatabaseTransaction,
        before: &Model,
        change: ActiveModel,
        now: DateTime<Utc>,
    ) -> Result<Model, DbErr> {
        let change = ActiveModel {
            version: Set(before.version + 1),
            updated_at: Set(now),
            ..change
        };
        let updated = Entity::update_many()
            .set(change)
            .filter(Column::Id.eq(before.id))
            .filter(Column::Version.eq(before.version))
            .exec(txn)
            .await?;
        if updated.rows_affected == 0 {
            return Err(DbErr::RecordNotUpdated);
        }
        Entity::find_by_id(before.id)
            .one(txn)
            .await?
            .ok_or(DbErr::RecordNotUpdated)
    }

    /// The attempt of the order that may still be paid in the normal way.
    ///
    /// # Errors
    /// [`DbErr`] if the database refuses.
    pub async fn find_open(
        db: &impl ConnectionTrait,
        order: OrderId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrderId.eq(order.uuid()))
            .filter(Column::Status.is_in(PaymentStatus::OPEN))
            .one(db)
            .await
    }

    /// The order's one capture.
    ///
    /// # Errors
    /// [`DbErr`] if the database refuses.
    pub async fn find_captured(
        db: &impl ConnectionTrait,
        order: OrderId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrderId.eq(order.uuid()))
            .filter(Column::Status.is_in(PaymentStatus::CAPTURED))
            .one(db)
            .await
    }

    /// Whether the provider gave up on an attempt of the order.
    ///
    /// # Errors
    /// [`DbErr`] if the database refuses.
    pub async fn has_expired(db: &impl ConnectionTrait, order: OrderId) -> Result<bool, DbErr> {
        let expired = Entity::find()
            .filter(Column::OrderId.eq(order.uuid()))
            .filter(Column::Status.eq(PaymentStatus::Expired))
            .count(db)
            .await?;
        Ok(expired > 0)
    }

    /// The payment a provider calls `gateway_ref`.
    ///
    /// # Errors
    /// [`DbErr`] if the database refuses.
    pub async fn find_by_gateway_ref(
        db: &impl ConnectionTrait,
        provider: ProviderName,
        gateway_ref: &str,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::Provider.eq(provider))
            .filter(Column::GatewayRef.eq(gateway_ref))
            .one(db)
            .await
    }

    /// All attempts of these orders, oldest first.
    ///
    /// # Errors
    /// [`DbErr`] if the database refuses.
    pub async fn of_orders(
        db: &impl ConnectionTrait,
        orders: &[Uuid],
    ) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrderId.is_in(orders.iter().copied()))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .all(db)
            .await
    }
}
