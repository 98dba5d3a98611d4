//! The demo provider's refunds.

use sea_orm::entity::prelude::*;

/// A refund of a charge; stands for a row in a provider's own database.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "demo_refunds")]
pub struct Model {
    /// The shop's key: the same key is the same refund.
    #[sea_orm(primary_key, auto_increment = false)]
    pub refund_key: String,
    /// The charge.
    pub gateway_ref: String,
    /// How much.
    pub amount_minor: i64,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
