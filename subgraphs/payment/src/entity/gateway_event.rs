//! The inbox of webhooks.

use sea_orm::entity::prelude::*;

use super::payment::ProviderName;

/// A webhook with a valid signature.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gateway_events")]
pub struct Model {
    /// Our identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change.
    pub version: i64,
    /// When the row was written.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
    /// Who sent it.
    pub provider: ProviderName,
    /// Unique per provider: a second delivery has the same.
    pub dedupe_key: String,
    /// The charge it is about.
    pub gateway_ref: String,
    /// What it says, parsed, as JSON.
    #[sea_orm(column_type = "Text")]
    pub event: String,
    /// The body as it came.
    #[sea_orm(column_type = "Text")]
    pub raw: String,
    /// When it came.
    pub received_at: DateTimeUtc,
    /// How often no payment was found for it.
    pub attempts: i32,
    /// Not to be tried before.
    pub next_attempt_at: DateTimeUtc,
    /// When it was dealt with.
    pub applied_at: Option<DateTimeUtc>,
    /// What became of it.
    pub outcome: Option<String>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
