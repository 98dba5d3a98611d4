//! The shop in one binary. This is the only crate that knows every subgraph and the gateway.

pub mod banner;
mod body_deadline;
pub mod data_folder;
mod demo;
mod event_contracts;
pub mod events_commands;
mod in_process;
pub mod schema_commands;
mod services;
pub mod settings;
pub mod shop;
