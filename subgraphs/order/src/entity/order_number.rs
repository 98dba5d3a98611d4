//! The counter of order numbers.

use chrono::Datelike;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, OnConflict};

/// The last number given out in a year.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_numbers")]
pub struct Model {
    /// The year (UTC).
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// The last number.
    pub last: i64,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The next order number, for example `BZ-2026-000123`. Numbers of transactions that roll back are
/// given out again.
pub(crate) async fn next(
    txn: &impl ConnectionTrait,
    prefix: &str,
    now: DateTimeUtc,
) -> Result<String, DbErr> {
    let year = now.year();
    let counter = Entity::insert(ActiveModel {
        year: Set(year),
        last: Set(1),
    })
    .on_conflict(
        OnConflict::column(Column::Year)
            .value(Column::Last, Expr::col((Entity, Column::Last)).add(1))
            .to_owned(),
    )
    .exec_with_returning(txn)
    .await?;
    Ok(format!("{prefix}-{year}-{:06}", counter.last))
}
