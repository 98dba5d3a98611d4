//! Events a consumer has already handled.

use sea_orm::entity::prelude::*;

/// The mark of a handled event, written in the handler's transaction.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox")]
pub struct Model {
    /// Which consumer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub consumer: String,
    /// Which event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    /// When.
    pub processed_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
