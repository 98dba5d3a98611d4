//! The shop in one binary. This is the only crate that knows every subgraph and the gateway.

pub mod banner;
pub mod data_folder;
mod demo;
mod event_contracts;
pub mod events_commands;
mod body_deadline;
mod in_process;
pub mod schema_commands;
mod services;
pub mod settings;
pub mod shop;
