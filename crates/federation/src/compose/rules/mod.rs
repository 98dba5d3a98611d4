//! What must hold within each subgraph; one rule, one file.

mod cost;
mod externals;
pub(super) mod field_sets;
mod interface_objects;
mod keys;
mod overrides;
mod placement;
mod provides;
mod requires;

pub(super) use externals::is_used as is_external_used;
pub(super) use interface_objects::check_all as check_interface_objects;
pub(super) use keys::check_interfaces;

use super::error::Findings;
use super::subgraph::Subgraph;

/// Checks one subgraph.
pub(super) fn check(subgraph: &Subgraph, findings: &mut Findings) {
    keys::check(subgraph, findings);
    requires::check(subgraph, findings);
    provides::check(subgraph, findings);
    externals::check(subgraph, findings);
    interface_objects::check(subgraph, findings);
    overrides::check(subgraph, findings);
    placement::check(subgraph, findings);
    cost::check(subgraph, findings);
}
