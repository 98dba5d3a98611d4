//! Integration tests of the cart, one module per subject.

mod addresses;
mod capacity;
mod checkout;
mod concurrency;
mod copies;
mod database;
mod events;
mod expiry;
mod fixture;
mod idempotency;
mod lines;
mod merge;
mod orders;
mod ownership;
mod prices;
mod schema;
mod statements;
