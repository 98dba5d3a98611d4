//! The tables of payment, one file each, with their queries beside them.

pub mod action;
pub mod demo_charge;
pub mod demo_refund;
pub mod demo_webhook;
pub mod difference;
pub mod gateway_event;
pub mod ledger_entry;
pub mod payable_order;
pub mod payment;
pub mod payment_request;
pub mod refund;
