//! Refresh tokens: each is used once and replaced by the next of its session.

use sea_orm::DatabaseTransaction;
use sea_orm::entity::prelude::*;

/// One refresh token. The token itself is nowhere.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    /// Names the row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The family.
    pub session_id: Uuid,
    /// The token it replaced; none for the first of a session.
    pub parent_id: Option<Uuid>,
    /// SHA-256 of the token (hex).
    #[sea_orm(column_type = "Text", unique)]
    pub token_hash: String,
    /// When it was handed out.
    pub issued_at: DateTimeUtc,
    /// Until when it waits to be used.
    pub expires_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
    /// The token it was replaced by.
    pub replaced_by: Option<Uuid>,
    /// When its successor was handed out a second time, to a client that did not get the answer.
    pub repeated_at: Option<DateTimeUtc>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn find_by_hash(
    db: &impl ConnectionTrait,
    hash: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(hash))
        .one(db)
        .await
}

/// Marks a token as used; false if it was used before.
pub(crate) async fn use_up(
    txn: &DatabaseTransaction,
    id: Uuid,
    replaced_by: Uuid,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .col_expr(Column::ReplacedBy, Expr::value(replaced_by))
        .filter(Column::Id.eq(id))
        .filter(Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Marks the answer to a token as repeated; false if it was repeated before.
pub(crate) async fn repeat(
    txn: &DatabaseTransaction,
    id: Uuid,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let repeated = Entity::update_many()
        .col_expr(Column::RepeatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::RepeatedAt.is_null())
        .exec(txn)
        .await?;
    Ok(repeated.rows_affected == 1)
}
