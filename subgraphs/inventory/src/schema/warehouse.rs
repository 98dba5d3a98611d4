//! Warehouses.

use async_graphql::{Context, ID, Object, SimpleObject};
use events::id::WarehouseId;
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, QueryFilter, QuerySelect, QueryTrait};
use service::ApiError;
use service::cursor::page_size;
use service::graphql::{BigInt, PageInfo};

use super::paging::{Cursors, Page};
use crate::entity::warehouse::{self, Column, Entity};

/// A warehouse.
pub(super) struct Warehouse(pub(super) warehouse::Model);

/// A place where goods lie. Staff only.
#[Object]
impl Warehouse {
    /// Identifier.
    async fn id(&self) -> ID {
        ID(WarehouseId::from_uuid(self.0.id).to_string())
    }

    /// Unique short name, for example `MAIN`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Orders are served from the warehouse with the lowest number first.
    async fn priority(&self) -> i32 {
        self.0.priority
    }

    /// Whether new orders are served from here. The stock of an inactive warehouse cannot be sold.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }

    /// Grows with every change; pass it to `warehouseUpdate` to be told of changes in between.
    async fn version(&self) -> BigInt {
        BigInt(self.0.version)
    }
}

/// A page of warehouses.
pub(super) struct WarehouseConnection(Page<Entity>);

/// A warehouse in a list.
#[derive(SimpleObject)]
pub(super) struct WarehouseEdge {
    /// The place of the warehouse in the list.
    cursor: String,
    /// The warehouse.
    node: Warehouse,
}

/// A page of warehouses.
#[Object]
impl WarehouseConnection {
    /// The warehouses of this page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<WarehouseEdge> {
        let cursors = &ctx.data_unchecked::<Cursors>().warehouses;
        let edge = |row: &warehouse::Model| WarehouseEdge {
            cursor: cursors.encode(&place(row)),
            node: Warehouse(row.clone()),
        };
        self.0.rows.iter().map(edge).collect()
    }

    /// The warehouses of this page.
    async fn nodes(&self) -> Vec<Warehouse> {
        self.0.rows.iter().cloned().map(Warehouse).collect()
    }

    /// Where this page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.0
            .info(&ctx.data_unchecked::<Cursors>().warehouses, place)
    }

    /// How many warehouses the whole list has; counting stops at 10001.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32, ApiError> {
        self.0
            .count(ctx.data_unchecked::<DatabaseConnection>(), Column::Id)
            .await
    }
}

/// A warehouse's place in the order of serving; the code keeps equal priorities apart.
fn place(row: &warehouse::Model) -> (i32, String) {
    (row.priority, row.code.clone())
}

/// A page of warehouses, in the order in which orders are served.
pub(super) async fn list(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<WarehouseConnection, ApiError> {
    let size = page_size(first)?;
    let after: Option<(i32, String)> = after
        .map(|cursor| ctx.data_unchecked::<Cursors>().warehouses.decode(&cursor))
        .transpose()?;
    let is_first = after.is_none();
    let everything = warehouse::by_priority();
    let rows = everything
        .clone()
        .apply_if(after, |select, (priority, code)| {
            select.filter(
                Condition::any().add(Column::Priority.gt(priority)).add(
                    Condition::all()
                        .add(Column::Priority.eq(priority))
                        .add(Column::Code.gt(code)),
                ),
            )
        })
        .limit(size + 1)
        .all(ctx.data_unchecked::<DatabaseConnection>())
        .await?;
    Ok(WarehouseConnection(Page::new(
        rows, size, is_first, everything,
    )))
}
