//! Plans are made in rounds: knowing the requests of the plan before, picks can join them.
//!
//! Within a round, a pick cannot know which requests later picks will need anyway. The next round
//! starts with all of them as given; it counts if it needs fewer, or shorter chains.

use apollo_compiler::executable::Operation;

use super::cost::{Cost, Level};
use super::demand::SetId;
use super::fetches::Builder;
use super::merge::merge;
use super::{Fetch, OperationKind, PlanError, Planner, mutation};
use crate::supergraph::model::{Graph, TypeId};

/// More rounds than this have never helped.
const MAX_ROUNDS: usize = 4;

/// What to plan.
pub(super) struct Goal {
    pub(super) kind: OperationKind,
    pub(super) root_type: TypeId,
    pub(super) set: SetId,
}

/// The fetches of an operation.
pub(super) fn fetches(
    planner: &mut Planner<'_>,
    operation: &Operation,
    goal: &Goal,
) -> Result<Vec<Fetch>, PlanError> {
    let mut best = round(planner, operation, goal, Cost::default())?;
    for _ in 1..MAX_ROUNDS {
        // Nothing to win: one fetch, and one that depends on it.
        if best.len() < 3 {
            break;
        }
        let Ok(next) = round(planner, operation, goal, requests(&best)) else {
            break;
        };
        if rank(&next) >= rank(&best) {
            break;
        }
        best = next;
    }
    Ok(best)
}

fn round(
    planner: &mut Planner<'_>,
    operation: &Operation,
    goal: &Goal,
    committed: Cost,
) -> Result<Vec<Fetch>, PlanError> {
    let model = planner.model;
    let mut builder = Builder::new(planner, goal.kind, goal.set, committed);
    build_roots(&mut builder, goal)?;
    Ok(merge(model, operation, &builder.nodes, &builder.steps))
}

fn rank(fetches: &[Fetch]) -> (usize, Level) {
    (fetches.len(), requests(fetches).depth())
}

/// What the fetches cost.
fn requests(fetches: &[Fetch]) -> Cost {
    let mut levels: Vec<Level> = Vec::with_capacity(fetches.len());
    let mut cost = Cost::default();
    for fetch in fetches {
        let before = fetch
            .depends_on
            .iter()
            .filter_map(|id| levels.get(id.0).copied())
            .max();
        let level = before.unwrap_or(0) + 1;
        levels.push(level);
        let graph = Graph::try_from(fetch.subgraph.0).unwrap_or(Graph::MAX);
        cost = cost.union(&Cost::one(level, graph));
    }
    cost
}

fn build_roots(builder: &mut Builder<'_, '_>, goal: &Goal) -> Result<(), PlanError> {
    // `__typename` at the root is known without asking.
    let demands = &mut builder.planner.demands;
    let fields: Vec<_> = demands
        .set(goal.set)
        .iter()
        .copied()
        .filter(|id| demands.entry(*id).field != "__typename")
        .collect();
    if fields.is_empty() {
        return Ok(());
    }
    match goal.kind {
        OperationKind::Mutation => mutation::build(builder, goal.root_type, fields),
        OperationKind::Query | OperationKind::Subscription => {
            let set = demands.intern(fields);
            builder.root(goal.root_type, set, None)
        }
    }
}
