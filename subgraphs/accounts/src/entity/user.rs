//! Users.

use std::fmt;

use events::id::UserId;
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, ExprTrait};

/// Where an account is in its life. Which status may follow which: `domain::status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum UserStatus {
    /// Registered, with an e-mail address that has to be verified before the first login.
    #[sea_orm(string_value = "PENDING_VERIFICATION")]
    PendingVerification,
    /// Can log in.
    #[sea_orm(string_value = "ACTIVE")]
    Active,
    /// Shut out by the shop.
    #[sea_orm(string_value = "SUSPENDED")]
    Suspended,
    /// Gone; the row stays, anonymous, for what refers to it.
    #[sea_orm(string_value = "DELETED")]
    Deleted,
}

impl fmt::Display for UserStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_value())
    }
}

/// One user. The version counts every change of the user, the roles and the addresses.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// The UUID of the user's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Counts changes.
    pub version: i64,
    /// When the user registered.
    pub created_at: DateTimeUtc,
    /// When the user last changed or logged in.
    pub updated_at: DateTimeUtc,
    /// The e-mail address, as entered.
    #[sea_orm(column_type = "Text")]
    pub email: String,
    /// The e-mail address in lower case; unique.
    #[sea_orm(column_type = "Text", unique)]
    pub email_key: String,
    /// The password as an argon2id PHC string.
    #[sea_orm(column_type = "Text")]
    pub password_hash: String,
    /// When the password was chosen; hashing the same one anew does not change it.
    pub password_changed_at: DateTimeUtc,
    /// The status.
    pub status: UserStatus,
    /// When the e-mail address was verified.
    pub email_verified_at: Option<DateTimeUtc>,
    /// When the user last logged in.
    pub last_login_at: Option<DateTimeUtc>,
    /// The name.
    #[sea_orm(column_type = "Text", nullable)]
    pub name: Option<String>,
    /// The phone number.
    #[sea_orm(column_type = "Text", nullable)]
    pub phone: Option<String>,
    /// The language (BCP 47).
    #[sea_orm(column_type = "Text")]
    pub locale: String,
}

/// Without anything personal or secret.
impl fmt::Debug for Model {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("User")
            .field("id", &self.user_id())
            .field("version", &self.version)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The user's id.
    pub fn user_id(&self) -> UserId {
        UserId::from_uuid(self.id)
    }
}

pub(crate) async fn find(db: &impl ConnectionTrait, id: UserId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.uuid()).one(db).await
}

pub(crate) async fn find_by_email_key(
    db: &impl ConnectionTrait,
    key: &str,
) -> Result<Option<Model>, DbErr> {
    // No address holds it, and PostgreSQL would refuse to look.
    if key.contains('\0') {
        return Ok(None);
    }
    Entity::find()
        .filter(Column::EmailKey.eq(key))
        .one(db)
        .await
}

/// Locks a user until the transaction ends, and counts the change that is to follow. What is
/// returned cannot change under the caller, so it may be checked and then written.
pub(crate) async fn claim(
    txn: &DatabaseTransaction,
    id: UserId,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    let claimed = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id.uuid()))
        .exec(txn)
        .await?;
    if claimed.rows_affected == 0 {
        return Ok(None);
    }
    find(txn, id).await
}
