//! Numbers the changes of a variant's stock over all warehouses.

use events::id::VariantId;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};

/// The version of a variant's stock.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "variant_stocks")]
pub struct Model {
    /// The variant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub variant_id: Uuid,
    /// Grows with every change of any of the variant's levels.
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The next version of a variant's stock. On PostgreSQL this also makes transactions that change
/// the same variant publish one after the other.
pub(crate) async fn next_version(
    txn: &impl ConnectionTrait,
    variant_id: VariantId,
    now: DateTimeUtc,
) -> Result<i64, DbErr> {
    let first = ActiveModel {
        variant_id: Set(variant_id.uuid()),
        version: Set(1),
        updated_at: Set(now),
    };
    let row = Entity::insert(first)
        .on_conflict(
            OnConflict::column(Column::VariantId)
                .value(Column::Version, Expr::col((Entity, Column::Version)).add(1))
                .update_column(Column::UpdatedAt)
                .to_owned(),
        )
        .exec_with_returning(txn)
        .await?;
    Ok(row.version)
}
