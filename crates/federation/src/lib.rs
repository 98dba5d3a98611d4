//! The pure half of the gateway: no I/O, no runtime, no HTTP.
//!
//! * [`compose()`] merges the SDLs of all subgraphs into one supergraph SDL.
//! * [`Supergraph`] is the loaded supergraph: its subgraphs, and the API schema clients see.
//! * [`plan()`] turns a validated operation into a [`Plan`], a dependency graph of fetches.
//! * [`explain()`] renders a plan for people and snapshots.
//! * [`diff`] says what changed between two graphs, and whom it breaks.

mod compose;
pub mod diff;
mod explain;
mod isolate;
mod plan;
mod supergraph;

pub use compose::{Composition, CompositionError, CompositionHint, Place, SubgraphSdl, compose};
pub use explain::explain;
pub use plan::{
    Condition, EntityGroup, Fetch, FetchId, FetchKind, OperationKind, PathSegment, Plan, PlanError,
    Requirement, Rewrite, RewriteSegment, plan,
};
pub use supergraph::{
    Authorization, CostDirectives, ListSize, OverrideLabels, RootTypes, SubgraphId, SubgraphInfo,
    Supergraph, SupergraphError,
};
