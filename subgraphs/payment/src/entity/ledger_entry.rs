//! The ledger, double entry, append only.

use sea_orm::entity::prelude::*;

/// One line of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_entries")]
pub struct Model {
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it belongs to, for example `capture:pay_…`; booked once.
    pub transaction_key: String,
    /// The account.
    pub account: Account,
    /// Debit or credit.
    pub side: Side,
    /// How much, always more than zero.
    pub amount_minor: i64,
    /// Of which currency.
    pub currency: String,
    /// The payment it is about.
    pub payment_id: Uuid,
    /// When it was booked.
    pub created_at: DateTimeUtc,
}

/// An account of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Account {
    /// What providers hold for us.
    #[sea_orm(string_value = "PROVIDER_RECEIVABLE")]
    ProviderReceivable,
    /// What buyers paid for their orders.
    #[sea_orm(string_value = "ORDER_PAYMENTS")]
    OrderPayments,
    /// What buyers paid twice and get back.
    #[sea_orm(string_value = "DUPLICATE_CAPTURES")]
    DuplicateCaptures,
}

/// Debit or credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Side {
    /// Debit.
    #[sea_orm(string_value = "DEBIT")]
    Debit,
    /// Credit.
    #[sea_orm(string_value = "CREDIT")]
    Credit,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
