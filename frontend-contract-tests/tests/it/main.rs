//! The shop, embedded, as its front ends meet it.

mod bad_input;
mod cart_cap;
mod checkout;
mod expiry;
mod golden;
mod race;
mod shop;
mod statements;
