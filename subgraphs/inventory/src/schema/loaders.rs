//! Batched reads: one statement for any number of rows. Nothing is kept between batches, so every
//! answer is as fresh as the database.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use events::id::{StockLevelId, VariantId, WarehouseId};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};

use crate::domain::availability::{Availability, load_availability};
use crate::entity::{stock_level, warehouse};

/// Availability by variant.
pub(super) struct AvailabilityLoader(DatabaseConnection);
/// Warehouses by id.
pub(super) struct WarehouseLoader(DatabaseConnection);
/// Stock levels by id.
pub(super) struct StockLevelLoader(DatabaseConnection);

/// A loader of availability.
pub(super) fn availability(db: &DatabaseConnection) -> DataLoader<AvailabilityLoader> {
    DataLoader::new(AvailabilityLoader(db.clone()), service::spawn_load)
}

/// A loader of warehouses.
pub(super) fn warehouses(db: &DatabaseConnection) -> DataLoader<WarehouseLoader> {
    DataLoader::new(WarehouseLoader(db.clone()), service::spawn_load)
}

/// A loader of stock levels.
pub(super) fn stock_levels(db: &DatabaseConnection) -> DataLoader<StockLevelLoader> {
    DataLoader::new(StockLevelLoader(db.clone()), service::spawn_load)
}

impl Loader<VariantId> for AvailabilityLoader {
    type Value = Availability;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[VariantId],
    ) -> Result<HashMap<VariantId, Availability>, Self::Error> {
        Ok(load_availability(&self.0, keys).await?)
    }
}

impl Loader<WarehouseId> for WarehouseLoader {
    type Value = warehouse::Model;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[WarehouseId],
    ) -> Result<HashMap<WarehouseId, warehouse::Model>, Self::Error> {
        let rows = warehouse::Entity::find()
            .filter(warehouse::Column::Id.is_in(keys.iter().map(|id| id.uuid())))
            .all(&self.0)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (WarehouseId::from_uuid(row.id), row))
            .collect())
    }
}

impl Loader<StockLevelId> for StockLevelLoader {
    type Value = stock_level::Model;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[StockLevelId],
    ) -> Result<HashMap<StockLevelId, stock_level::Model>, Self::Error> {
        let rows = stock_level::Entity::find()
            .filter(stock_level::Column::Id.is_in(keys.iter().map(|id| id.uuid())))
            .all(&self.0)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (StockLevelId::from_uuid(row.id), row))
            .collect())
    }
}
