//! Private databases, services and callers for integration tests. Only ever a dev-dependency.

mod contract;
mod database;
mod subgraph;
mod template;
mod wait;

pub use contract::check_contract;
pub use database::TestDatabase;
pub use subgraph::{Caller, TestSubgraph};
pub use template::copy_of_template;
pub use wait::wait_for;
