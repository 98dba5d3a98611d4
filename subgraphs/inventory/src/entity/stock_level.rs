//! How much of a variant lies in a warehouse.

use events::id::{StockLevelId, VariantId, WarehouseId};
use sea_orm::ActiveValue::Set;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

/// The stock of one variant in one warehouse.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_levels")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change.
    pub version: i64,
    /// The variant.
    pub variant_id: Uuid,
    /// The warehouse.
    pub warehouse_id: Uuid,
    /// Units that lie there.
    pub on_hand: i64,
    /// Of these, units set aside for orders.
    pub reserved: i64,
    /// Below this many free units the level is low; 0 = never.
    pub low_threshold: i64,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Units free to sell.
    pub(crate) fn available(&self) -> i64 {
        self.on_hand - self.reserved
    }

    /// The variant.
    pub(crate) fn variant(&self) -> VariantId {
        VariantId::from_uuid(self.variant_id)
    }

    /// The warehouse.
    pub(crate) fn warehouse(&self) -> WarehouseId {
        WarehouseId::from_uuid(self.warehouse_id)
    }
}

/// The level of a variant in a warehouse.
pub(crate) async fn find_pair(
    db: &impl ConnectionTrait,
    variant_id: VariantId,
    warehouse_id: WarehouseId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::VariantId.eq(variant_id.uuid()))
        .filter(Column::WarehouseId.eq(warehouse_id.uuid()))
        .one(db)
        .await
}

/// The same, locked until the transaction ends (SQLite has locked everything anyway).
pub(crate) async fn lock_pair(
    txn: &impl ConnectionTrait,
    variant_id: VariantId,
    warehouse_id: WarehouseId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::VariantId.eq(variant_id.uuid()))
        .filter(Column::WarehouseId.eq(warehouse_id.uuid()))
        .lock_exclusive()
        .one(txn)
        .await
}

/// Makes sure that the level of a variant in a warehouse exists, with nothing in it.
pub(crate) async fn ensure(
    txn: &impl ConnectionTrait,
    variant_id: VariantId,
    warehouse_id: WarehouseId,
    low_threshold: i64,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    let empty = ActiveModel {
        id: Set(StockLevelId::generate().uuid()),
        version: Set(1),
        variant_id: Set(variant_id.uuid()),
        warehouse_id: Set(warehouse_id.uuid()),
        on_hand: Set(0),
        reserved: Set(0),
        low_threshold: Set(low_threshold),
        created_at: Set(now),
        updated_at: Set(now),
    };
    Entity::insert(empty)
        .on_conflict(
            OnConflict::columns([Column::VariantId, Column::WarehouseId])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
