//! Where a provider and our books do not agree.

use sea_orm::entity::prelude::*;

/// One difference, listed once however often it is seen.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "differences")]
pub struct Model {
    /// The difference.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change.
    pub version: i64,
    /// When it was seen first.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
    /// The payment.
    pub payment_id: Uuid,
    /// What kind.
    pub kind: DifferenceKind,
    /// What we expected.
    pub expected_minor: i64,
    /// Its currency.
    pub expected_currency: String,
    /// What the provider says.
    pub actual_minor: i64,
    /// Its currency.
    pub actual_currency: String,
}

/// What does not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum DifferenceKind {
    /// Another amount or currency than was asked for.
    #[sea_orm(string_value = "AMOUNT_MISMATCH")]
    AmountMismatch,
    /// The order had been paid already.
    #[sea_orm(string_value = "DUPLICATE_CAPTURE")]
    DuplicateCapture,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
