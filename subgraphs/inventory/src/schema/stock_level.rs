//! Stock levels and their list.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use events::id::{StockLevelId, VariantId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use service::ApiError;
use service::cursor::page_size;
use service::graphql::{BigInt, PageInfo};

use super::loaders::WarehouseLoader;
use super::paging::{Cursors, Page, int};
use super::product_variant::ProductVariant;
use super::warehouse::Warehouse;
use crate::entity::stock_level::{self, Column, Entity};
use crate::entity::{known_variant, warehouse};

/// A stock level.
pub(super) struct StockLevel(pub(super) stock_level::Model);

/// The stock of one variant in one warehouse. Staff only.
#[Object]
impl StockLevel {
    /// Identifier.
    async fn id(&self) -> ID {
        ID(StockLevelId::from_uuid(self.0.id).to_string())
    }

    /// Units that lie in the warehouse.
    async fn on_hand(&self) -> i32 {
        int(self.0.on_hand)
    }

    /// Of these, units set aside for orders that are not paid yet. Paid orders are off `onHand`
    /// already.
    async fn reserved(&self) -> i32 {
        int(self.0.reserved)
    }

    /// Units free to sell: `onHand` less `reserved`.
    async fn available(&self) -> i32 {
        int(self.0.available())
    }

    /// Below this many available units the level is low; 0 = never.
    async fn low_threshold(&self) -> i32 {
        int(self.0.low_threshold)
    }

    /// Whether `available` is below `lowThreshold`.
    async fn is_low(&self) -> bool {
        self.0.available() < self.0.low_threshold
    }

    /// The warehouse.
    async fn warehouse(&self, ctx: &Context<'_>) -> Result<Warehouse, ApiError> {
        let loader = ctx.data_unchecked::<DataLoader<WarehouseLoader>>();
        let row = loader.load_one(self.0.warehouse()).await?;
        row.map(Warehouse)
            .ok_or_else(|| ApiError::internal("a stock level without its warehouse"))
    }

    /// The variant.
    async fn variant(&self) -> Option<ProductVariant> {
        Some(ProductVariant::new(self.0.variant()))
    }

    /// Grows with every change of this level.
    async fn version(&self) -> BigInt {
        BigInt(self.0.version)
    }

    /// When the level last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// Which stock levels to list. What is not given does not matter; what is given must all hold.
#[derive(Debug, Default, InputObject)]
pub(super) struct StockLevelFilter {
    /// Levels of any of these variants.
    variant_ids: Option<Vec<ID>>,
    /// Levels of variants with any of these SKUs.
    skus: Option<Vec<String>>,
    /// Levels in any of the warehouses with these codes.
    warehouse_codes: Option<Vec<String>>,
    /// Only levels below their low-stock threshold (true), or only the others (false).
    is_low: Option<bool>,
}

impl StockLevelFilter {
    fn condition(&self) -> Condition {
        let mut all = Condition::all();
        if let Some(ids) = &self.variant_ids {
            // What is not an id of a variant matches nothing.
            let ids = ids
                .iter()
                .filter_map(|id| id.parse::<VariantId>().ok())
                .map(|id| id.uuid());
            all = all.add(Column::VariantId.is_in(ids));
        }
        if let Some(skus) = &self.skus {
            let variants = Query::select()
                .column(known_variant::Column::VariantId)
                .from(known_variant::Entity)
                .and_where(known_variant::Column::Sku.is_in(skus))
                .to_owned();
            all = all.add(Column::VariantId.in_subquery(variants));
        }
        if let Some(codes) = &self.warehouse_codes {
            let warehouses = Query::select()
                .column(warehouse::Column::Id)
                .from(warehouse::Entity)
                .and_where(warehouse::Column::Code.is_in(codes))
                .to_owned();
            all = all.add(Column::WarehouseId.in_subquery(warehouses));
        }
        if let Some(is_low) = self.is_low {
            let available = Expr::col(Column::OnHand).sub(Expr::col(Column::Reserved));
            let threshold = Expr::col(Column::LowThreshold);
            all = all.add(if is_low {
                available.lt(threshold)
            } else {
                available.gte(threshold)
            });
        }
        all
    }
}

/// A page of stock levels.
pub(super) struct StockLevelConnection(Page<Entity>);

/// A stock level in a list.
#[derive(SimpleObject)]
pub(super) struct StockLevelEdge {
    /// The place of the stock level in the list.
    cursor: String,
    /// The stock level.
    node: StockLevel,
}

/// A page of stock levels.
#[Object]
impl StockLevelConnection {
    /// The stock levels of this page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<StockLevelEdge> {
        let cursors = &ctx.data_unchecked::<Cursors>().stock_levels;
        let edge = |row: &stock_level::Model| StockLevelEdge {
            cursor: cursors.encode(&row.id),
            node: StockLevel(row.clone()),
        };
        self.0.rows.iter().map(edge).collect()
    }

    /// The stock levels of this page.
    async fn nodes(&self) -> Vec<StockLevel> {
        self.0.rows.iter().cloned().map(StockLevel).collect()
    }

    /// Where this page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.0
            .info(&ctx.data_unchecked::<Cursors>().stock_levels, |row| row.id)
    }

    /// How many stock levels the whole list has; counting stops at 10001.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32, ApiError> {
        self.0
            .count(ctx.data_unchecked::<DatabaseConnection>(), Column::Id)
            .await
    }
}

/// A page of stock levels, oldest first.
pub(super) async fn list(
    ctx: &Context<'_>,
    filter: &StockLevelFilter,
    first: Option<i32>,
    after: Option<String>,
) -> Result<StockLevelConnection, ApiError> {
    let size = page_size(first)?;
    let after: Option<sea_orm::prelude::Uuid> = after
        .map(|cursor| ctx.data_unchecked::<Cursors>().stock_levels.decode(&cursor))
        .transpose()?;
    let everything = Entity::find().filter(filter.condition());
    let rows = everything
        .clone()
        .apply_if(after, |select, id| select.filter(Column::Id.gt(id)))
        .order_by_asc(Column::Id)
        .limit(size + 1)
        .all(ctx.data_unchecked::<DatabaseConnection>())
        .await?;
    Ok(StockLevelConnection(Page::new(
        rows,
        size,
        after.is_none(),
        everything,
    )))
}
