//! Accounts, through its GraphQL endpoint on a database of its own.

mod addresses;
mod constraints;
mod demo;
mod fixture;
mod golden;
mod keys;
mod login;
mod password_change;
mod profile;
mod reading;
mod refresh;
mod register;
mod schema;
mod sessions;
mod staff;
mod users;
