//! Runs a plan: objects grow, slot by slot, until every fetch has been merged into them.

mod answer;
mod error_paths;
mod fetch;
mod merge;
mod read;
mod representations;
mod rewrite;
mod schedule;
mod share;
mod store;
mod unindexed;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;

use crate::gateway::Gateway;
use crate::operation::CompiledOperation;
use crate::operation::program::{FetchProgram, Holds, Program};
use crate::pipeline::coerce_variables::Variables;
use crate::response::GraphqlError;
use crate::transport::TransportError;

pub(crate) use fetch::trigger_request;
pub(crate) use representations::type_name;
pub(crate) use share::InFlight;
pub(crate) use store::{ObjectId, Store, Value};

/// More errors than anybody reads.
pub(crate) const MAX_ERRORS: usize = 1000;

/// What belongs to a request besides its operation.
#[derive(Debug, Clone)]
pub(crate) struct RequestContext {
    pub(crate) request_id: String,
    /// Headers for subgraphs, the request id among them.
    pub(crate) headers: HeaderMap,
}

/// The state of one execution.
pub(crate) struct Execution<'a> {
    gateway: &'a Gateway,
    program: &'a Program,
    variables: &'a Variables,
    holds: Holds,
    context: &'a RequestContext,
    deadline: Instant,
    /// Numbers walks over the store.
    walk: u32,
    fetched: Fetched,
}

/// What an execution has brought together.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) store: Store,
    pub(crate) holds: Holds,
    pub(crate) errors: Vec<GraphqlError>,
    /// Requests per subgraph, and the time spent waiting for them.
    pub(crate) requests: BTreeMap<String, (u64, Duration)>,
    /// The data of the only fetch, if it is what the client gets.
    pub(crate) passed: Option<Passed>,
}

/// An answer that is passed on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Passed {
    /// All of it, since it has nothing but data.
    Whole(Bytes),
    /// Its data.
    Data(Bytes),
}

impl<'a> Execution<'a> {
    pub(crate) fn new(
        gateway: &'a Arc<Gateway>,
        operation: &'a CompiledOperation,
        variables: &'a Variables,
        context: &'a RequestContext,
    ) -> Self {
        let program = &operation.program;
        let holds = program
            .conditions
            .evaluate(|name| operation.boolean(variables, name));
        Self {
            gateway,
            program,
            variables,
            holds: holds.clone(),
            context,
            deadline: Instant::now() + gateway.config.timeouts.request,
            walk: 0,
            fetched: Fetched {
                store: Store::new(&program.shapes, program.constants.clone()),
                holds,
                errors: Vec::new(),
                requests: BTreeMap::new(),
                passed: None,
            },
        }
    }

    /// Runs all fetches of a query or mutation.
    pub(crate) async fn run(mut self) -> Fetched {
        self.run_fetches(None).await;
        self.fetched
    }

    /// Takes an event of a subscription and runs its follow-up fetches.
    pub(crate) async fn run_event(mut self, event: Result<Bytes, TransportError>) -> Fetched {
        if let Some(trigger) = self.program.fetches.first() {
            let prepared = fetch::Prepared::trigger(trigger);
            self.absorb(&prepared, event);
            self.run_fetches(Some(0)).await;
        }
        self.fetched
    }

    fn report(&mut self, error: GraphqlError) {
        if self.fetched.errors.len() < MAX_ERRORS {
            self.fetched.errors.push(error);
        }
    }

    fn subgraph(&self, fetch: &FetchProgram) -> &'a crate::gateway::SubgraphClient {
        self.gateway.subgraph(fetch.subgraph)
    }
}
