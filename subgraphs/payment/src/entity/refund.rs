//! Money that goes back.

use events::id::RefundId;
use money::{Currency, Money};
use sea_orm::entity::prelude::*;

/// One refund of a payment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refunds")]
pub struct Model {
    /// The refund; its public form is the key under which the provider knows it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change.
    pub version: i64,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
    /// The payment.
    pub payment_id: Uuid,
    /// Its order.
    pub order_id: Uuid,
    /// Who asked, and their key: the same key is the same refund.
    pub refund_key: String,
    /// SHA-256 (hex) of what was asked for under that key.
    pub body_hash: String,
    /// How much.
    pub amount_minor: i64,
    /// Of which currency.
    pub currency: String,
    /// Where it stands.
    pub status: RefundStatus,
    /// Why.
    pub reason: String,
    /// What the provider said last, if it refused.
    pub failure_reason: Option<String>,
    /// How often the provider was asked.
    pub attempts: i32,
    /// Not to be tried before.
    pub next_attempt_at: DateTimeUtc,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RefundStatus {
    /// Stored; the provider is asked until it answers.
    #[sea_orm(string_value = "REQUESTED")]
    Requested,
    /// The money went back.
    #[sea_orm(string_value = "SUCCEEDED")]
    Succeeded,
    /// Somebody has to send it back by hand.
    #[sea_orm(string_value = "MANUAL")]
    Manual,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Its typed identifier.
    pub fn refund_id(&self) -> RefundId {
        RefundId::from_uuid(self.id)
    }

    /// How much.
    pub fn amount(&self) -> Money {
        let currency =
            Currency::from_code(&self.currency).expect("only currencies of the table are stored");
        Money::new(self.amount_minor, currency)
    }
}
