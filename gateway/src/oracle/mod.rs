//! The oracle of the executor's tests: runs a plan on a tree of JSON values, in the simplest way.

mod answer;
mod error_paths;
mod fetch;
mod merge;
mod project;
mod representations;
mod rewrite;
mod schedule;
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use federation::{Fetch, FetchId};
use serde_json::{Map, Value};

use crate::executor::RequestContext;
use crate::gateway::Gateway;
use crate::operation::CompiledOperation;
use crate::response::GraphqlError;

/// More errors than anybody reads.
const MAX_ERRORS: usize = 1000;

/// The state of one execution.
pub(crate) struct Execution<'a> {
    gateway: &'a Gateway,
    operation: &'a CompiledOperation,
    variables: &'a Map<String, Value>,
    context: &'a RequestContext,
    deadline: Instant,
    fetched: Fetched,
}

/// What an execution has brought together.
#[derive(Debug, Default)]
pub(crate) struct Fetched {
    pub(crate) data: Map<String, Value>,
    pub(crate) errors: Vec<GraphqlError>,
    /// Requests per subgraph, and the time spent waiting for them.
    pub(crate) requests: BTreeMap<String, (u64, Duration)>,
}

impl<'a> Execution<'a> {
    pub(crate) fn new(
        gateway: &'a Arc<Gateway>,
        operation: &'a CompiledOperation,
        variables: &'a Map<String, Value>,
        context: &'a RequestContext,
    ) -> Self {
        Self {
            gateway,
            operation,
            variables,
            context,
            deadline: Instant::now() + gateway.config.timeouts.request,
            fetched: Fetched::default(),
        }
    }

    /// Runs all fetches of a query or mutation.
    pub(crate) async fn run(mut self) -> Fetched {
        self.run_fetches().await;
        self.fetched
    }

    fn fetches(&self) -> &'a [Fetch] {
        &self.operation.plan.fetches
    }

    fn fetch(&self, id: FetchId) -> Option<&'a Fetch> {
        self.operation.plan.fetches.get(id.0)
    }

    fn report(&mut self, error: GraphqlError) {
        if self.fetched.errors.len() < MAX_ERRORS {
            self.fetched.errors.push(error);
        }
    }
}
