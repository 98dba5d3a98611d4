//! Query plans: a dependency graph of fetches.
//!
//! A fetch starts when the fetches it depends on are done; there are no waves.
//! [`plan`] is the one door to the planner, so that the planner behind it can change.

mod abstract_types;
mod budget;
mod conditions;
mod conflicts;
mod cost;
mod demand;
pub(crate) mod explore;
mod fetches;
mod jumps;
mod merge;
mod mutation;
mod planner;
mod positions;
mod print;
mod representations;
mod requires;
mod rounds;
mod routes;
mod schedule;
mod select;
mod selection;
mod sources;

use std::time::Duration;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;

use crate::isolate::isolate;
use crate::{SubgraphId, Supergraph};
use rounds::Goal;

use planner::Planner;

/// A fetch's index within its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FetchId(pub usize);

/// Query, mutation or subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Reads; its fetches run as soon as they can.
    Query,
    /// Writes; root fields run one after another.
    Mutation,
    /// The first fetch is the trigger; the others run once per event.
    Subscription,
}

impl OperationKind {
    /// The GraphQL keyword.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

/// Everything that must be fetched to answer one operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What kind of operation this answers.
    pub operation_kind: OperationKind,
    /// The fetches; each depends on earlier ones only.
    pub fetches: Vec<Fetch>,
}

/// One request to one subgraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    /// Its index in [`Plan::fetches`].
    pub id: FetchId,
    /// Whom to ask.
    pub subgraph: SubgraphId,
    /// What must be done first.
    pub depends_on: Vec<FetchId>,
    /// All of these must hold, or the fetch is left out.
    pub conditions: Vec<Condition>,
    /// The kind of the subgraph operation.
    pub operation_kind: OperationKind,
    /// The subgraph operation, ready to send.
    pub operation: String,
    /// The client's variables it uses.
    pub variables: Vec<String>,
    /// Where its input comes from and its output goes.
    pub kind: FetchKind,
    /// The fields it was made for, as `Type.field`.
    pub purposes: Vec<String>,
}

/// A `@skip` or `@include` that decides about a whole fetch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    /// A Boolean variable of the client's operation.
    pub variable: String,
    /// The value it must have.
    pub expected: bool,
}

/// Where a fetch's input comes from and its output goes.
#[derive(Debug, Clone, PartialEq)]
pub enum FetchKind {
    /// An operation on a root type.
    Root {
        /// Where the result belongs: empty for the response itself, or a field of a root type
        /// reached from within (`mutation { doIt { query { … } } }`).
        path: Vec<PathSegment>,
        /// The response keys it fills.
        keys: Vec<String>,
        /// Changes to the result before it is merged.
        output_rewrites: Vec<Rewrite>,
    },
    /// One `_entities` request; several groups share it under aliases.
    Entities {
        /// The groups, at least one.
        groups: Vec<EntityGroup>,
    },
}

/// Entities of the same shape within one request.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityGroup {
    /// The key of the group's list in the subgraph's answer.
    pub response_key: String,
    /// The variable that carries its representations.
    pub representations: String,
    /// All of these must hold, or the group is left empty.
    pub conditions: Vec<Condition>,
    /// All places whose entities it completes.
    pub paths: Vec<Vec<PathSegment>>,
    /// How to build a representation.
    pub requires: Vec<Requirement>,
    /// Changes to a representation before it is sent.
    pub input_rewrites: Vec<Rewrite>,
    /// Changes to an entity before it is merged.
    pub output_rewrites: Vec<Rewrite>,
}

/// A step from the response's root towards entities.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PathSegment {
    /// Into an object's member.
    Field(String),
    /// Into every element of a list.
    List,
    /// Only objects of one of these types.
    TypeCondition(Vec<String>),
}

/// A part of a representation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// One member.
    Field {
        /// The key in the data fetched so far.
        from: String,
        /// The key in the representation.
        to: String,
        /// What to take of an object; empty for a leaf.
        requires: Vec<Requirement>,
    },
    /// Members that apply to some types only.
    Fragment {
        /// The type they apply to.
        type_condition: String,
        /// The members.
        requires: Vec<Requirement>,
    },
}

/// A change to JSON on its way to or from a subgraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rewrite {
    /// Sets a member to a string.
    SetValue {
        /// Where.
        path: Vec<RewriteSegment>,
        /// To what.
        value: String,
    },
    /// Gives a member another key.
    RenameKey {
        /// Where; the last segment is the old key.
        path: Vec<RewriteSegment>,
        /// The new key.
        to: String,
    },
}

/// A step of a [`Rewrite`]'s path. Lists are entered without a segment of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RewriteSegment {
    /// Into a member.
    Key(String),
    /// Only where `__typename` is one of these types, or implements one.
    TypenameIs(Vec<String>),
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Planning took longer than it may.
    #[error("planning took longer than {limit:?}")]
    Timeout {
        /// The limit.
        limit: Duration,
    },
    /// There are more ways to answer it, or more to ask, than is reasonable.
    #[error("the operation is too complex to plan")]
    TooComplex,
    /// The planner gave up on an operation that is valid.
    #[error("the operation cannot be planned: {message}")]
    Failed {
        /// The planner's words; not for clients.
        message: String,
    },
}

impl PlanError {
    /// A stable code for each kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Timeout { .. } => "QUERY_PLANNING_TIMEOUT",
            Self::TooComplex => "QUERY_PLANNING_TOO_COMPLEX",
            Self::Failed { .. } => "QUERY_PLANNING_FAILED",
        }
    }
}

/// Plans one operation of a validated document.
///
/// `__typename` at the root and introspection need no fetch and are not part of the plan.
pub fn plan(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    limit: Duration,
) -> Result<Plan, PlanError> {
    let operation_kind = match operation.operation_type {
        apollo_compiler::ast::OperationType::Query => OperationKind::Query,
        apollo_compiler::ast::OperationType::Mutation => OperationKind::Mutation,
        apollo_compiler::ast::OperationType::Subscription => OperationKind::Subscription,
    };

    // Selections nest deeper than a thread's usual stack allows for.
    isolate("planner", || {
        let mut planner = Planner::new(
            supergraph.model(),
            supergraph.roots(),
            supergraph.override_labels(),
            limit,
        );
        let set = planner.demands.of_selections(
            supergraph.model(),
            document,
            &operation.selection_set.selections,
        );
        let root_type = supergraph
            .model()
            .find(operation.object_type())
            .ok_or_else(|| planner.bug("the root type is unknown"))?;
        let fetches = rounds::fetches(
            &mut planner,
            operation,
            &Goal {
                kind: operation_kind,
                root_type,
                set,
            },
        )?;
        Ok(Plan {
            operation_kind,
            fetches,
        })
    })
    .map_err(|message| PlanError::Failed { message })?
}
