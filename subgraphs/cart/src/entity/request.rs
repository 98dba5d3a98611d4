//! Idempotency keys that were used on a cart.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

/// A request that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cart_requests")]
pub struct Model {
    /// The cart.
    #[sea_orm(primary_key, auto_increment = false)]
    pub cart_id: Uuid,
    /// The client's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub idempotency_key: String,
    /// SHA-256 (hex) of what was asked for.
    pub body_hash: String,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What became of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Used for the first time, and now recorded.
    First,
    /// Used before for the same request.
    Repeated,
    /// Used before for another request.
    Reused,
}

/// Records a key, or says how it was used before.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn record(
    txn: &impl ConnectionTrait,
    cart_id: Uuid,
    key: &str,
    body_hash: &str,
    now: DateTimeUtc,
) -> Result<KeyUse, DbErr> {
    let row = ActiveModel {
        cart_id: Set(cart_id),
        idempotency_key: Set(key.to_owned()),
        body_hash: Set(body_hash.to_owned()),
        created_at: Set(now),
    };
    let recorded = Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::CartId, Column::IdempotencyKey])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    if recorded > 0 {
        return Ok(KeyUse::First);
    }
    let before = Entity::find_by_id((cart_id, key.to_owned()))
        .one(txn)
        .await?;
    Ok(match before {
        Some(before) if before.body_hash == body_hash => KeyUse::Repeated,
        _ => KeyUse::Reused,
    })
}

/// Forgets keys that were used before `limit`.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn purge(db: &impl ConnectionTrait, limit: DateTimeUtc) -> Result<u64, DbErr> {
    Ok(Entity::delete_many()
        .filter(Column::CreatedAt.lt(limit))
        .exec(db)
        .await?
        .rows_affected)
}
