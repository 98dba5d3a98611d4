//! Events waiting to be published, and those published lately.

use sea_orm::entity::prelude::*;

/// One event, in the order of commit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// Publishing order.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// Unique event id.
    pub event_id: Uuid,
    /// Event type, the routing key.
    pub event_type: String,
    /// Aggregate id.
    pub subject: String,
    /// The whole envelope as JSON.
    #[sea_orm(column_type = "Text")]
    pub envelope: String,
    /// When it was enqueued.
    pub created_at: DateTimeUtc,
    /// When the transport confirmed it.
    pub published_at: Option<DateTimeUtc>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
