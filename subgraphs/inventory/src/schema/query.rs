//! The queries, and the references other subgraphs follow into this one.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use auth::{AuthError, Scope};
use events::id::{StockLevelId, VariantId, WarehouseId};
use service::{ApiError, RequestInfo};

use super::loaders::{StockLevelLoader, WarehouseLoader};
use super::product_variant::ProductVariant;
use super::stock_level::{self, StockLevel, StockLevelConnection, StockLevelFilter};
use super::stock_movement::{self, StockMovementConnection};
use super::warehouse::{self, Warehouse, WarehouseConnection};

/// The queries of the inventory.
pub(crate) struct Query;

fn require_read(ctx: &Context<'_>) -> Result<(), AuthError> {
    RequestInfo::of(ctx)
        .principal()?
        .require_scope(Scope::INVENTORY_READ)
}

/// Whether a reference may be followed. To others there is nothing there; an error would take the
/// answers of a whole batch with it.
fn may_read(ctx: &Context<'_>) -> bool {
    require_read(ctx).is_ok()
}

/// What can be read.
#[Object]
impl Query {
    /// Stock by variant and warehouse. Needs the permission `inventory:read`.
    async fn stock_levels(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which levels to list; all of them if not given.")] filter: Option<
            StockLevelFilter,
        >,
        #[graphql(desc = "Items per page, 1 to 100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
    ) -> Result<StockLevelConnection, ApiError> {
        require_read(ctx)?;
        stock_level::list(ctx, &filter.unwrap_or_default(), first, after).await
    }

    /// Every change of a variant's stock, newest first; null if the id is not that of a variant.
    /// Needs the permission `inventory:read`.
    async fn stock_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The variant.")] variant_id: ID,
        #[graphql(desc = "Items per page, 1 to 100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
    ) -> Result<Option<StockMovementConnection>, ApiError> {
        require_read(ctx)?;
        match variant_id.parse::<VariantId>() {
            Ok(variant_id) => stock_movement::list(ctx, variant_id, first, after)
                .await
                .map(Some),
            Err(_) => Ok(None),
        }
    }

    /// All warehouses, in the order in which orders are served. Needs the permission
    /// `inventory:read`.
    async fn warehouses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items per page, 1 to 100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
    ) -> Result<WarehouseConnection, ApiError> {
        require_read(ctx)?;
        warehouse::list(ctx, first, after).await
    }

    /// A variant; unknown ones are simply out of stock.
    #[graphql(entity)]
    async fn product_variant_by_id(
        &self,
        #[graphql(key)] id: ID,
        is_published: Option<bool>,
    ) -> Result<Option<ProductVariant>, ApiError> {
        Ok(id
            .parse::<VariantId>()
            .ok()
            .map(|id| ProductVariant::with_published(id, is_published)))
    }

    /// A stock level.
    #[graphql(entity)]
    async fn stock_level_by_id(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<Option<StockLevel>, ApiError> {
        let Some(id) = id.parse::<StockLevelId>().ok().filter(|_| may_read(ctx)) else {
            return Ok(None);
        };
        let row = ctx
            .data_unchecked::<DataLoader<StockLevelLoader>>()
            .load_one(id)
            .await?;
        Ok(row.map(StockLevel))
    }

    /// A warehouse.
    #[graphql(entity)]
    async fn warehouse_by_id(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<Option<Warehouse>, ApiError> {
        let Some(id) = id.parse::<WarehouseId>().ok().filter(|_| may_read(ctx)) else {
            return Ok(None);
        };
        let row = ctx
            .data_unchecked::<DataLoader<WarehouseLoader>>()
            .load_one(id)
            .await?;
        Ok(row.map(Warehouse))
    }
}
