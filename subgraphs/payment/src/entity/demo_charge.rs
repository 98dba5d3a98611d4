//! The demo provider's charges.

use money::{Currency, Money};
use sea_orm::entity::prelude::*;

/// A charge; stands for a row in a provider's own database.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "demo_charges")]
pub struct Model {
    /// The provider's reference.
    #[sea_orm(primary_key, auto_increment = false)]
    pub gateway_ref: String,
    /// The shop's key for creating it.
    pub idempotency_key: String,
    /// The shop's reference: the payment id.
    pub reference: String,
    /// What the buyer reads on the page.
    pub description: String,
    /// How much.
    pub amount_minor: i64,
    /// Of which currency.
    pub currency: String,
    /// Where it stands.
    pub status: ChargeStatus,
    /// Σ refunds.
    pub refunded_minor: i64,
    /// When the provider gives up.
    pub expires_at: DateTimeUtc,
    /// When it was opened.
    pub created_at: DateTimeUtc,
    /// When it was paid, declined, expired or cancelled.
    pub settled_at: Option<DateTimeUtc>,
}

/// Where a charge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ChargeStatus {
    /// Waits for the buyer.
    #[sea_orm(string_value = "OPEN")]
    Open,
    /// Paid.
    #[sea_orm(string_value = "PAID")]
    Paid,
    /// Declined.
    #[sea_orm(string_value = "DECLINED")]
    Declined,
    /// Out of time.
    #[sea_orm(string_value = "EXPIRED")]
    Expired,
    /// Called off by the shop.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// How much.
    pub fn amount(&self) -> Money {
        let currency =
            Currency::from_code(&self.currency).expect("only currencies of the table are stored");
        Money::new(self.amount_minor, currency)
    }
}
