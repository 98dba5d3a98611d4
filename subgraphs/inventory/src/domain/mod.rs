//! The operations of the inventory, one file each, and the rules they share.
//!
//! Rules: [`allocate`] (which warehouse serves what), [`demand`] (what an order asks for),
//! [`status`] (what may become of a reservation), [`input`] (texts).
//! Every operation that changes stock does so through the [`ledger`].

pub(crate) mod allocate;
pub(crate) mod availability;
pub(crate) mod demand;
mod hold_extend;
mod holds_expire;
pub(crate) mod input;
pub(crate) mod ledger;
mod order_commit;
mod order_consume;
mod order_hold;
mod order_release;
pub(crate) mod status;
mod stock_adjust;
mod stock_threshold_set;
mod variants_learn;
mod warehouse_create;
mod warehouse_update;

pub(crate) use hold_extend::hold_extend;
pub(crate) use holds_expire::holds_expire;
pub(crate) use order_commit::order_commit;
pub(crate) use order_consume::order_consume;
pub(crate) use order_hold::order_hold;
pub(crate) use order_release::{Release, order_release};
pub(crate) use stock_adjust::{Adjusted, Adjustment, stock_adjust};
pub(crate) use stock_threshold_set::stock_threshold_set;
pub(crate) use variants_learn::variants_learn;
pub(crate) use warehouse_create::{NewWarehouse, warehouse_create};
pub(crate) use warehouse_update::{WarehouseChange, warehouse_update};
