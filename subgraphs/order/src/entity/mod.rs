//! The tables of this service.

pub mod checkout;
pub mod order;
pub mod order_event;
pub mod order_line;
pub mod order_number;
pub mod order_payment;
