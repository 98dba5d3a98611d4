//! Events of the inventory.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{OrderId, VariantId};

/// Stock is set aside for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventoryHeld {
    /// The order.
    pub order_id: OrderId,
    /// When the hold ends unless it is extended or committed.
    pub expires_at: DateTime<Utc>,
}

/// There is not enough stock for an order; nothing was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventoryHoldRejected {
    /// The order.
    pub order_id: OrderId,
    /// What is short.
    pub shortages: Vec<Shortage>,
}

/// A variant of which there is not enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shortage {
    /// The variant.
    pub variant_id: VariantId,
    /// Units asked for, over all lines of the order.
    pub requested: i64,
    /// Units there were.
    pub available: i64,
}

/// The stock of a paid order is committed. Fourth link of the checkout chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventoryReserved {
    /// The order.
    pub order_id: OrderId,
    /// Where the units come from.
    pub allocations: Vec<Allocation>,
}

/// Units taken from one warehouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Allocation {
    /// The variant.
    pub variant_id: VariantId,
    /// The warehouse's code.
    pub warehouse_code: String,
    /// Units.
    pub quantity: i64,
}

/// A paid order lost its hold and there is no stock to hold again: the money has to go back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventoryCommitRejected {
    /// The order.
    pub order_id: OrderId,
    /// What is short.
    pub shortages: Vec<Shortage>,
}

/// Stock that was set aside or committed for an order is free again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventoryReleased {
    /// The order.
    pub order_id: OrderId,
    /// Why: `expired`, `cancelled`, `order_expired`.
    pub reason: String,
}

/// The stock of a variant changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StockChanged {
    /// The variant.
    pub variant_id: VariantId,
    /// The warehouse's code.
    pub warehouse_code: String,
    /// Units in that warehouse.
    pub on_hand: i64,
    /// Of these, units set aside.
    pub reserved: i64,
    /// Units of the variant free to sell, over all warehouses.
    pub total_available: i64,
    /// Version of the variant's stock; a consumer ignores what is older than what it has.
    pub version: i64,
}

/// The stock of a variant in a warehouse fell below its threshold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LowStock {
    /// The variant.
    pub variant_id: VariantId,
    /// The warehouse's code.
    pub warehouse_code: String,
    /// Units free to sell there.
    pub available: i64,
    /// The threshold that was crossed.
    pub threshold: i64,
}
