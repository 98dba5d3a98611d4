//! The cart's tables.

pub mod cart;
pub mod cart_line;
pub mod checkout;
pub mod notice;
pub mod payment_copy;
pub mod request;
pub mod stock_copy;
pub mod variant_copy;
