//! The mutations: thin shells around the operations. Setting aside, committing and giving back stock
//! is not among them; that happens by events only.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use auth::Scope;
use clock::Clock;
use events::Cause;
use events::id::{VariantId, WarehouseId};
use sea_orm::DatabaseConnection;
use service::graphql::BigInt;
use service::{ApiError, Changes, RequestInfo};

use super::stock_level::StockLevel;
use super::user_error::InventoryUserError;
use super::warehouse::Warehouse;
use crate::domain::{
    self, Adjusted, Adjustment, NewWarehouse, WarehouseChange, stock_adjust, stock_threshold_set,
    warehouse_create,
};
use crate::{Config, InventoryError};

/// What can be changed.
pub(crate) struct Mutation;

/// A change of the units on hand.
#[derive(Debug, InputObject)]
pub(super) struct StockAdjustInput {
    /// The variant.
    variant_id: ID,
    /// Code of the warehouse, for example `MAIN`.
    warehouse_code: String,
    /// Units more, or, if negative, fewer. Not zero.
    delta: i32,
    /// Why, for the stock history; 1 to 200 characters.
    reason: String,
    /// A key of your choice, 1 to 128 characters, new for every adjustment. Send the same key again
    /// if you did not get an answer: the adjustment is done once.
    idempotency_key: String,
}

/// The answer to `stockAdjust`.
#[derive(SimpleObject)]
pub(super) struct StockAdjustPayload {
    /// The level right after the adjustment; null if it was refused.
    stock_level: Option<StockLevel>,
    /// Why it was refused; empty if it was done.
    user_errors: Vec<InventoryUserError>,
}

/// A new low-stock threshold.
#[derive(Debug, InputObject)]
pub(super) struct StockThresholdSetInput {
    /// The variant.
    variant_id: ID,
    /// Code of the warehouse, for example `MAIN`.
    warehouse_code: String,
    /// Below this many available units the level is low; 0 = never.
    low_threshold: i32,
}

/// The answer to `stockThresholdSet`.
#[derive(SimpleObject)]
pub(super) struct StockThresholdSetPayload {
    /// The level with its threshold; null if it was refused.
    stock_level: Option<StockLevel>,
    /// Why it was refused; empty if it was done.
    user_errors: Vec<InventoryUserError>,
}

/// A new warehouse.
#[derive(Debug, InputObject)]
pub(super) struct WarehouseCreateInput {
    /// Unique short name of 1 to 20 letters, digits, `-` and `_`; stored in upper case.
    code: String,
    /// Name, 1 to 100 characters.
    name: String,
    /// Orders are served from the warehouse with the lowest number first.
    #[graphql(default = 100)]
    priority: i32,
}

/// The answer to `warehouseCreate`.
#[derive(SimpleObject)]
pub(super) struct WarehouseCreatePayload {
    /// The warehouse; null if it was refused.
    warehouse: Option<Warehouse>,
    /// Why it was refused; empty if it was done.
    user_errors: Vec<InventoryUserError>,
}

/// Changes of a warehouse; what is not given stays as it is.
#[derive(Debug, InputObject)]
pub(super) struct WarehouseUpdateInput {
    /// The warehouse.
    id: ID,
    /// New name, 1 to 100 characters.
    name: Option<String>,
    /// New place in the order of serving.
    priority: Option<i32>,
    /// Whether new orders are served from here. Closing a warehouse takes its stock off sale.
    is_active: Option<bool>,
    /// The version you looked at; if the warehouse has changed since, `STALE_VERSION`.
    version: Option<BigInt>,
}

/// The answer to `warehouseUpdate`.
#[derive(SimpleObject)]
pub(super) struct WarehouseUpdatePayload {
    /// The warehouse; null if it was refused.
    warehouse: Option<Warehouse>,
    /// Why it was refused; empty if it was done.
    user_errors: Vec<InventoryUserError>,
}

/// The caller's id, if they may change stock, and the cause for what they do.
fn writer(ctx: &Context<'_>) -> Result<(String, Cause), ApiError> {
    let request = RequestInfo::of(ctx);
    let principal = request.principal()?;
    principal.require_scope(Scope::INVENTORY_WRITE)?;
    let actor = principal.require_user()?.to_owned();
    Ok((actor, request.cause(ctx.data_unchecked::<Clock>().now())))
}

fn db<'a>(ctx: &Context<'a>) -> &'a DatabaseConnection {
    ctx.data_unchecked::<DatabaseConnection>()
}

/// What can be changed.
#[Object]
impl Mutation {
    /// Corrects the units on hand by a difference: goods came in, broke, or were counted. Units set
    /// aside for orders cannot be taken away. Needs the permission `inventory:write`.
    async fn stock_adjust(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: StockAdjustInput,
    ) -> Result<StockAdjustPayload, ApiError> {
        let (actor, cause) = writer(ctx)?;
        let result = match input.variant_id.parse::<VariantId>() {
            Err(_) => Err(InventoryError::VariantUnknown),
            Ok(variant_id) => {
                let adjustment = Adjustment {
                    variant_id,
                    warehouse_code: input.warehouse_code,
                    delta: i64::from(input.delta),
                    reason: input.reason,
                    idempotency_key: input.idempotency_key,
                };
                stock_adjust(
                    db(ctx),
                    &cause,
                    ctx.data_unchecked::<Arc<Config>>(),
                    &actor,
                    &adjustment,
                )
                .await
            }
        };
        match result {
            Ok(Adjusted { level, is_new }) => {
                if is_new {
                    ctx.data_unchecked::<Changes>().notify(level.variant());
                }
                Ok(StockAdjustPayload {
                    stock_level: Some(StockLevel(level)),
                    user_errors: Vec::new(),
                })
            }
            Err(error) => {
                let quantity = matches!(error, InventoryError::QuantityInvalid(_));
                let refusal = InventoryUserError::refuse(error)?;
                let refusal = if quantity {
                    refusal.about("delta")
                } else {
                    refusal
                };
                Ok(StockAdjustPayload {
                    stock_level: None,
                    user_errors: vec![refusal],
                })
            }
        }
    }

    /// Sets below how many available units a level counts as low. Needs the permission
    /// `inventory:write`.
    async fn stock_threshold_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The threshold, and of which level.")] input: StockThresholdSetInput,
    ) -> Result<StockThresholdSetPayload, ApiError> {
        let (_, cause) = writer(ctx)?;
        let result = match input.variant_id.parse::<VariantId>() {
            Err(_) => Err(InventoryError::VariantUnknown),
            Ok(variant_id) => {
                let threshold = i64::from(input.low_threshold);
                stock_threshold_set(
                    db(ctx),
                    &cause,
                    variant_id,
                    &input.warehouse_code,
                    threshold,
                )
                .await
            }
        };
        match result {
            Ok(level) => {
                ctx.data_unchecked::<Changes>().notify(level.variant());
                Ok(StockThresholdSetPayload {
                    stock_level: Some(StockLevel(level)),
                    user_errors: Vec::new(),
                })
            }
            Err(error) => {
                let quantity = matches!(error, InventoryError::QuantityInvalid(_));
                let refusal = InventoryUserError::refuse(error)?;
                let refusal = if quantity {
                    refusal.about("lowThreshold")
                } else {
                    refusal
                };
                Ok(StockThresholdSetPayload {
                    stock_level: None,
                    user_errors: vec![refusal],
                })
            }
        }
    }

    /// Opens a warehouse. Needs the permission `inventory:write`.
    async fn warehouse_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The warehouse.")] input: WarehouseCreateInput,
    ) -> Result<WarehouseCreatePayload, ApiError> {
        let (_, cause) = writer(ctx)?;
        let new = NewWarehouse {
            code: input.code,
            name: input.name,
            priority: input.priority,
        };
        match warehouse_create(db(ctx), &cause, &new).await {
            Ok(row) => Ok(WarehouseCreatePayload {
                warehouse: Some(Warehouse(row)),
                user_errors: Vec::new(),
            }),
            Err(error) => Ok(WarehouseCreatePayload {
                warehouse: None,
                user_errors: vec![InventoryUserError::refuse(error)?],
            }),
        }
    }

    /// Changes, closes or reopens a warehouse. Needs the permission `inventory:write`.
    async fn warehouse_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: WarehouseUpdateInput,
    ) -> Result<WarehouseUpdatePayload, ApiError> {
        let (_, cause) = writer(ctx)?;
        let result = match input.id.parse::<WarehouseId>() {
            Err(_) => Err(InventoryError::WarehouseNotFound),
            Ok(id) => {
                let change = WarehouseChange {
                    name: input.name,
                    priority: input.priority,
                    is_active: input.is_active,
                    version: input.version.map(|version| version.0),
                };
                domain::warehouse_update(db(ctx), &cause, id, &change).await
            }
        };
        match result {
            Ok((row, variants)) => {
                for variant_id in variants {
                    ctx.data_unchecked::<Changes>().notify(variant_id);
                }
                Ok(WarehouseUpdatePayload {
                    warehouse: Some(Warehouse(row)),
                    user_errors: Vec::new(),
                })
            }
            Err(error) => {
                let not_found = matches!(error, InventoryError::WarehouseNotFound);
                let refusal = InventoryUserError::refuse(error)?;
                let refusal = if not_found {
                    refusal.about("id")
                } else {
                    refusal
                };
                Ok(WarehouseUpdatePayload {
                    warehouse: None,
                    user_errors: vec![refusal],
                })
            }
        }
    }
}
