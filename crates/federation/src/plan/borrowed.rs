//! The planner we borrow until ours stands: `hive-router-query-planner`.
//!
//! Its faults are kept inside this file: it panics on some inputs and recurses deeply (hence
//! [`isolate`]), it does not validate (callers pass validated operations only), and it is asked
//! for nothing it does not know (`split` takes introspection out before).

use std::time::Duration;

use graphql_tools::parser::query::Document;
use hive_router_query_planner::ast::normalization::normalize_operation;
use hive_router_query_planner::planner::plan_nodes::QueryPlan;
use hive_router_query_planner::planner::query_plan::QUERY_PLAN_KIND;
use hive_router_query_planner::planner::{Planner, PlannerError, QueryPlannerOptions};
use hive_router_query_planner::utils::cancellation::CancellationToken;
use hive_router_query_planner::utils::parsing::safe_parse_schema;

use super::PlanError;
use crate::isolate::isolate;

/// A planner for one supergraph.
pub(crate) struct BorrowedPlanner(Planner);

impl BorrowedPlanner {
    /// Reads the supergraph.
    pub(crate) fn new(supergraph_sdl: &str) -> Result<Self, String> {
        isolate("planner setup", || {
            let document = safe_parse_schema(supergraph_sdl).map_err(|error| error.to_string())?;
            Planner::new_from_supergraph(&document, QueryPlannerOptions::default())
                .map(Self)
                .map_err(|error| error.to_string())
        })?
    }

    /// Plans the only operation of a document.
    pub(super) fn plan(
        &self,
        document: &Document<'static, String>,
        limit: Duration,
    ) -> Result<QueryPlan, PlanError> {
        let failed = |message: String| PlanError::Failed { message };
        isolate("planner", || {
            let normalized = normalize_operation(&self.0.supergraph, document, None)
                .map_err(|error| failed(error.to_string()))?;
            let operation = normalized.executable_operation();
            if operation.selection_set.is_empty() {
                return Ok(QueryPlan {
                    kind: QUERY_PLAN_KIND,
                    node: None,
                });
            }
            let token = CancellationToken::with_timeout(limit);
            self.0
                .plan_from_normalized_operation(operation, Default::default(), &token)
                .map_err(|error| match error {
                    PlannerError::CancellationError(_) => PlanError::Timeout { limit },
                    other if token.bail_if_cancelled().is_err() => {
                        // Deeper layers wrap the cancellation in errors of their own.
                        let _ = other;
                        PlanError::Timeout { limit }
                    }
                    other => failed(other.to_string()),
                })
        })
        .map_err(failed)?
    }
}
