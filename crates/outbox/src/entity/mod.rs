//! The three tables every service's database has.

pub mod delivery;
pub mod inbox;
pub mod outbox;
