//! The consumer's queue in the embedded shape, and its parking place in both.

use sea_orm::entity::prelude::*;

/// An event that waits for its consumer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    /// Order of arrival.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// Which consumer.
    pub consumer: String,
    /// Which event.
    pub event_id: Uuid,
    /// Event type.
    pub event_type: String,
    /// The whole envelope as JSON.
    #[sea_orm(column_type = "Text")]
    pub envelope: String,
    /// How often the handler failed.
    pub attempts: i32,
    /// Not to be tried before.
    pub due_at: DateTimeUtc,
    /// Set when the handler failed for good; an operator replays it.
    pub parked_at: Option<DateTimeUtc>,
    /// What the handler said last.
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
