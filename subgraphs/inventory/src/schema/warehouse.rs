//! Warehouses.

use async_graphql::{ID, Object};
use events::id::WarehouseId;

use super::paging::int;
use crate::entity::warehouse;

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
    async fn version(&self) -> i32 {
        int(self.0.version)
    }
}
