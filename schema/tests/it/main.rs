//! Contracts of the workspace.

mod changes;
mod committed;
mod dependencies;
mod descriptions;
mod entities;
mod lists;
mod mutations;
mod names;
mod nulls;
mod shared_types;
mod supergraph;
