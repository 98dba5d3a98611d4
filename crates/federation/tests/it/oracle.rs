//! Our planner never asks for more requests than the one we compare with.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hive_router_query_planner::ast::normalization::normalize_operation;
use hive_router_query_planner::planner::plan_nodes::PlanNode;
use hive_router_query_planner::planner::{Planner, QueryPlannerOptions};
use hive_router_query_planner::utils::cancellation::CancellationToken;
use hive_router_query_planner::utils::parsing::{safe_parse_operation, safe_parse_schema};

use proptest::prelude::*;

use crate::properties::{CASES, operation};
use crate::support::{case, cases, plan_of, read, supergraph_of};

/// Cases the other planner panics on or gives up on.
const BEYOND_THE_ORACLE: &[&str] = &[
    "arguments_by_type",
    "provides_typename",
    "requires_nested",
    "requires_on_interface",
    "requires_through_interface",
];

/// Cases the other planner gets wrong with fewer requests: it does not ask for the runtime type
/// that the requiring subgraph has to be told.
const WRONG_IN_THE_ORACLE: &[&str] = &["requires_runtime_type"];

/// The number of requests of the other planner; `None` if it has no plan.
fn oracle_requests(supergraph: &str, query: &str) -> Option<usize> {
    let plan = || {
        let schema = safe_parse_schema(supergraph).ok()?;
        let planner = Planner::new_from_supergraph(&schema, QueryPlannerOptions::default()).ok()?;
        let document = safe_parse_operation(query).ok()?;
        let normalized = normalize_operation(&planner.supergraph, &document, None).ok()?;
        let plan = planner
            .plan_from_normalized_operation(
                normalized.executable_operation(),
                Default::default(),
                &CancellationToken::new(),
            )
            .ok()?;
        Some(plan.node.as_ref().map_or(0, requests))
    };
    catch_unwind(AssertUnwindSafe(plan)).ok().flatten()
}

fn requests(node: &PlanNode) -> usize {
    match node {
        PlanNode::Fetch(_) | PlanNode::BatchFetch(_) => 1,
        PlanNode::Sequence(sequence) => sequence.nodes.iter().map(requests).sum(),
        PlanNode::Parallel(parallel) => parallel.nodes.iter().map(requests).sum(),
        PlanNode::Flatten(flatten) => requests(&flatten.node),
        PlanNode::Condition(condition) => {
            let clause = |clause: &Option<Box<PlanNode>>| clause.as_deref().map_or(0, requests);
            clause(&condition.if_clause) + clause(&condition.else_clause)
        }
        PlanNode::Subscription(_) => 1,
        PlanNode::Defer(_) => 0,
    }
}

#[test]
fn no_case_needs_more_requests_than_with_the_oracle() {
    let mut without_oracle = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let query = read(&case, "query.graphql");
        let ours = plan_of(&supergraph_of(&case), &query).unwrap();
        match oracle_requests(&read(&case, "supergraph.graphql"), &query) {
            Some(_) if WRONG_IN_THE_ORACLE.contains(&&*name) => {}
            Some(theirs) => assert!(
                ours.fetches.len() <= theirs,
                "{name}: {} requests, the oracle needs {theirs}",
                ours.fetches.len()
            ),
            None => without_oracle.push(name),
        }
    }
    assert_eq!(without_oracle, BEYOND_THE_ORACLE);
}

/// Which of many equal subgraphs to ask for the fewest requests in all is a covering problem, of
/// which each planner finds good solutions, and now and then a better one than the other.
const COVERING: &[&str] = &["look_alikes"];

/// More with `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let asked = ProptestConfig::default().cases;
    let is_asked = asked != 256;
    ProptestConfig {
        cases: if is_asked { asked } else { 24 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_operation_needs_more_requests_than_with_the_oracle(
        which in 0..CASES.len(),
        bytes in prop::collection::vec(any::<u8>(), 1..120),
    ) {
        prop_assume!(!COVERING.contains(&CASES[which]));
        let folder = case(CASES[which]);
        let supergraph = supergraph_of(&folder);
        let query = operation(&supergraph, &bytes);
        let ours = plan_of(&supergraph, &query).unwrap();
        if let Some(theirs) = oracle_requests(&read(&folder, "supergraph.graphql"), &query) {
            prop_assert!(
                ours.fetches.len() <= theirs,
                "{}: {} requests, the oracle needs {}\n{}\n{}",
                CASES[which],
                ours.fetches.len(),
                theirs,
                query,
                federation::explain(&supergraph, &ours)
            );
        }
    }
}
