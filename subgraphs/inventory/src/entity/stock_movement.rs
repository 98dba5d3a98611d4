//! The stock history: one row for every change of a level. The database refuses to change or delete
//! any of it.

use sea_orm::entity::prelude::*;

/// One change of a level.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_movements")]
pub struct Model {
    /// Order of recording.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// Identifier.
    pub id: Uuid,
    /// The variant.
    pub variant_id: Uuid,
    /// The warehouse.
    pub warehouse_id: Uuid,
    /// Change of the units that lie there.
    pub delta_on_hand: i64,
    /// Change of the units set aside.
    pub delta_reserved: i64,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// What it belongs to, for example an order id.
    pub reference: Option<String>,
    /// Who: a user id, or the name of a job.
    pub actor: Option<String>,
    /// Units that lie there afterwards.
    pub balance_after: i64,
    /// Units set aside afterwards.
    pub reserved_after: i64,
    /// Version of the level afterwards.
    pub level_version: i64,
    /// The caller's key; unique per actor.
    pub idempotency_key: Option<String>,
    /// Hash of the caller's input, to tell a repetition from a reused key.
    pub request_hash: Option<String>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What `actor` did under this key, if anything.
pub(crate) async fn find_by_key(
    db: &impl ConnectionTrait,
    actor: &str,
    key: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::Actor.eq(actor))
        .filter(Column::IdempotencyKey.eq(key))
        .one(db)
        .await
}
