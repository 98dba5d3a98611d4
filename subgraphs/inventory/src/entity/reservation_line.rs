//! Where the units of a reservation come from.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

/// Units from one warehouse.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reservation_lines")]
pub struct Model {
    /// The reservation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reservation_id: Uuid,
    /// The variant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub variant_id: Uuid,
    /// The warehouse.
    #[sea_orm(primary_key, auto_increment = false)]
    pub warehouse_id: Uuid,
    /// Units, more than zero.
    pub quantity: i64,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The lines of a reservation.
pub(crate) async fn of(
    txn: &impl ConnectionTrait,
    reservation_id: Uuid,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::ReservationId.eq(reservation_id))
        .order_by_asc(Column::VariantId)
        .order_by_asc(Column::WarehouseId)
        .all(txn)
        .await
}

/// Replaces the lines of a reservation.
pub(crate) async fn replace(
    txn: &impl ConnectionTrait,
    reservation_id: Uuid,
    lines: &[Model],
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::ReservationId.eq(reservation_id))
        .exec(txn)
        .await?;
    let rows = lines.iter().map(|line| ActiveModel {
        reservation_id: Set(reservation_id),
        variant_id: Set(line.variant_id),
        warehouse_id: Set(line.warehouse_id),
        quantity: Set(line.quantity),
    });
    Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
