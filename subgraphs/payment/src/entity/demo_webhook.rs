//! Webhooks the demo provider owes the shop.

use sea_orm::entity::prelude::*;

/// A webhook; stands for a row in a provider's own database.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "demo_webhooks")]
pub struct Model {
    /// The event's id; the same in every delivery.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    /// What is posted.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// How often it was posted.
    pub attempts: i32,
    /// Not to be posted before.
    pub next_attempt_at: DateTimeUtc,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When the shop said that it has it.
    pub delivered_at: Option<DateTimeUtc>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
