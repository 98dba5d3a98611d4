//! Wrong passwords of late, per account.

use sea_orm::entity::prelude::*;

/// The wrong passwords for one e-mail address, whether or not it has an account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login_failures")]
pub struct Model {
    /// A keyed hash of the e-mail address.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub account_key: String,
    /// How many.
    pub failures: i32,
    /// When the last one was.
    pub last_failed_at: DateTimeUtc,
    /// Until when no password is looked at.
    pub blocked_until: Option<DateTimeUtc>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
