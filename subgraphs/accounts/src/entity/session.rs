//! Sessions: a login and the refresh tokens that follow from it, one after the other.

use events::id::UserId;
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, ExprTrait};

/// Why a session was ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RevokedBecause {
    /// The user logged out.
    #[sea_orm(string_value = "LOGOUT")]
    Logout,
    /// A refresh token came a second time.
    #[sea_orm(string_value = "TOKEN_REUSED")]
    TokenReused,
    /// The user changed the password.
    #[sea_orm(string_value = "PASSWORD_CHANGED")]
    PasswordChanged,
    /// The shop suspended the user.
    #[sea_orm(string_value = "SUSPENDED")]
    Suspended,
}

/// One session: a family of refresh tokens.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// The family.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Counts changes.
    pub version: i64,
    /// When the user logged in.
    pub created_at: DateTimeUtc,
    /// When it was last refreshed.
    pub updated_at: DateTimeUtc,
    /// Whose session.
    pub user_id: Uuid,
    /// When it ends, however often it is refreshed.
    pub expires_at: DateTimeUtc,
    /// When it was ended before that.
    pub revoked_at: Option<DateTimeUtc>,
    /// Why.
    pub revoked_because: Option<RevokedBecause>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Locks a session until the transaction ends: one refresh of a family at a time.
pub(crate) async fn claim(
    txn: &DatabaseTransaction,
    id: Uuid,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    let claimed = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await?;
    if claimed.rows_affected == 0 {
        return Ok(None);
    }
    Entity::find_by_id(id).one(txn).await
}

/// Ends one session, unless it has ended.
pub(crate) async fn revoke(
    db: &impl ConnectionTrait,
    id: Uuid,
    because: RevokedBecause,
    now: DateTimeUtc,
) -> Result<u64, DbErr> {
    revoke_where(db, Column::Id.eq(id), because, now).await
}

/// Ends all sessions of a user and says how many were running.
pub(crate) async fn revoke_all(
    db: &impl ConnectionTrait,
    user: UserId,
    because: RevokedBecause,
    now: DateTimeUtc,
) -> Result<u64, DbErr> {
    revoke_where(db, Column::UserId.eq(user.uuid()), because, now).await
}

async fn revoke_where(
    db: &impl ConnectionTrait,
    which: impl sea_orm::sea_query::IntoCondition,
    because: RevokedBecause,
    now: DateTimeUtc,
) -> Result<u64, DbErr> {
    let revoked = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::RevokedAt, Expr::value(now))
        .col_expr(Column::RevokedBecause, Expr::value(because.to_value()))
        .filter(which.into_condition())
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    Ok(revoked.rows_affected)
}
