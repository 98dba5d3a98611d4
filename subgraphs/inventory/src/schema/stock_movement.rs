//! The stock history.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use events::id::{StockMovementId, VariantId, WarehouseId};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use service::ApiError;
use service::cursor::page_size;
use service::graphql::PageInfo;

use super::loaders::WarehouseLoader;
use super::paging::{Cursors, Page, int};
use super::product_variant::ProductVariant;
use super::warehouse::Warehouse;
use crate::entity::stock_movement::{self, Column, Entity};

/// An entry of the stock history.
pub(super) struct StockMovement(stock_movement::Model);

/// One change of a stock level. Entries are added for every change and never altered: the sum of
/// all changes is the level. Staff only.
#[Object]
impl StockMovement {
    /// Identifier.
    async fn id(&self) -> ID {
        ID(StockMovementId::from_uuid(self.0.id).to_string())
    }

    /// Change of the units that lie in the warehouse.
    async fn delta_on_hand(&self) -> i32 {
        int(self.0.delta_on_hand)
    }

    /// Change of the units set aside for orders.
    async fn delta_reserved(&self) -> i32 {
        int(self.0.delta_reserved)
    }

    /// Why: what somebody gave as the reason of an adjustment, or what happened to an order, for
    /// example `held for order`, `sold`, `hold expired`.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// What the change belongs to, for example the id of an order.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// Who did it: the id of a user, or the name of a job.
    async fn actor(&self) -> Option<&str> {
        self.0.actor.as_deref()
    }

    /// Units that lay in the warehouse afterwards.
    async fn balance_after(&self) -> i32 {
        int(self.0.balance_after)
    }

    /// Units that were set aside afterwards.
    async fn reserved_after(&self) -> i32 {
        int(self.0.reserved_after)
    }

    /// The warehouse.
    async fn warehouse(&self, ctx: &Context<'_>) -> Result<Warehouse, ApiError> {
        let loader = ctx.data_unchecked::<DataLoader<WarehouseLoader>>();
        let row = loader
            .load_one(WarehouseId::from_uuid(self.0.warehouse_id))
            .await?;
        row.map(Warehouse)
            .ok_or_else(|| ApiError::internal("a stock movement without its warehouse"))
    }

    /// The variant.
    async fn variant(&self) -> Option<ProductVariant> {
        Some(ProductVariant::new(VariantId::from_uuid(self.0.variant_id)))
    }

    /// When it happened.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// A page of the stock history.
pub(super) struct StockMovementConnection(Page<Entity>);

/// An entry of the stock history in a list.
#[derive(SimpleObject)]
pub(super) struct StockMovementEdge {
    /// The place of the entry in the list.
    cursor: String,
    /// The entry.
    node: StockMovement,
}

/// A page of the stock history.
#[Object]
impl StockMovementConnection {
    /// The entries of this page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<StockMovementEdge> {
        let cursors = &ctx.data_unchecked::<Cursors>().stock_history;
        let edge = |row: &stock_movement::Model| StockMovementEdge {
            cursor: cursors.encode(&row.seq),
            node: StockMovement(row.clone()),
        };
        self.0.rows.iter().map(edge).collect()
    }

    /// The entries of this page.
    async fn nodes(&self) -> Vec<StockMovement> {
        self.0.rows.iter().cloned().map(StockMovement).collect()
    }

    /// Where this page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.0
            .info(&ctx.data_unchecked::<Cursors>().stock_history, |row| {
                row.seq
            })
    }

    /// How many entries the whole list has; counting stops at 10001.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32, ApiError> {
        self.0
            .count(ctx.data_unchecked::<DatabaseConnection>(), Column::Seq)
            .await
    }
}

/// A page of a variant's history, newest first.
pub(super) async fn list(
    ctx: &Context<'_>,
    variant_id: VariantId,
    first: Option<i32>,
    after: Option<String>,
) -> Result<StockMovementConnection, ApiError> {
    let size = page_size(first)?;
    let after: Option<i64> = after
        .map(|cursor| {
            ctx.data_unchecked::<Cursors>()
                .stock_history
                .decode(&cursor)
        })
        .transpose()?;
    let everything = Entity::find().filter(Column::VariantId.eq(variant_id.uuid()));
    let rows = everything
        .clone()
        .apply_if(after, |select, seq| select.filter(Column::Seq.lt(seq)))
        .order_by_desc(Column::Seq)
        .limit(size + 1)
        .all(ctx.data_unchecked::<DatabaseConnection>())
        .await?;
    Ok(StockMovementConnection(Page::new(
        rows,
        size,
        after.is_none(),
        everything,
    )))
}
