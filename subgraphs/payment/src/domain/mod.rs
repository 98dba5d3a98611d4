//! What payment does, one operation per file, and its pure rules.

// Pure rules.
pub mod card_number;
pub mod input;
pub mod ledger;
pub mod status;

// The copy of orders.
pub mod order_copy;

// Attempts.
pub mod attempt_open;
pub mod attempt_settle;
pub mod attempts_cancel;
pub mod payment_apply;
pub mod payment_initiate;
pub mod reconcile;

// Webhooks.
pub mod webhook_receive;
pub mod webhooks_apply;

// Refunds.
pub mod payment_refund;
pub mod refund_request;
pub mod refunds_run;
