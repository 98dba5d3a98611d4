//! The rules of orders.
//!
//! Pure: [`status`] (the table of transitions), [`saga`] (what an order makes of a fact), `draft`
//! (an order from a cart snapshot). One file per operation around them; `settle` writes what the
//! saga decided.

pub(crate) mod checkout_answer;
pub(crate) mod draft;
pub(crate) mod email_sent;
pub(crate) mod order_cancel;
pub(crate) mod order_create;
pub(crate) mod order_expire;
pub(crate) mod order_status_update;
pub(crate) mod payment_news;
pub mod saga;
pub(crate) mod settle;
pub mod status;
pub(crate) mod stock_news;
pub(crate) mod timeline;
pub(crate) mod visibility;
