//! A world behind any supergraph: made-up data, a monolith that has all of it, and strict
//! subgraphs that have their parts. Whatever is asked, a gateway has to answer like the monolith.
//!
//! * `joins`: what the supergraph says of its subgraphs
//! * `data`: the data, a pure function of type, identity, field and arguments
//! * `execute`, `arguments`: GraphQL execution
//! * `monolith`, `schema`, `subgraph`: the two ways to answer
//! * `operations`, `supergraphs`: random operations, random ways to split a schema
//! * `cases`, `differential`: the tests

mod arguments;
mod cases;
mod data;
mod differential;
mod execute;
mod joins;
mod monolith;
mod operations;
mod schema;
mod subgraph;
mod supergraphs;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apollo_compiler::ExecutableDocument;
use axum::body::Body;
use federation::Supergraph;
use gateway::transport::Subgraph;
use gateway::{Config, Gateway};
use http::Request;
use serde_json::{Map, Value, json};

use crate::support::{Asker, post, soon};
use data::World;
use subgraph::{Report, WorldSubgraph};

/// A gateway and a monolith with the same data.
pub(crate) struct Pair {
    sdl: String,
    world: Arc<World>,
    asker: Asker,
    report: Arc<Mutex<Report>>,
}

impl Pair {
    /// The data depends on the seed; with `fails`, some fields are errors.
    pub(crate) fn new(sdl: &str, seed: u64, fails: bool) -> Self {
        let world = Arc::new(World::new(sdl, seed, fails));
        let report = Arc::default();
        let subgraphs: HashMap<String, Arc<dyn Subgraph>> = world
            .joins
            .graphs
            .iter()
            .map(|(graph, name)| {
                let subgraph = WorldSubgraph::new(world.clone(), graph, Arc::clone(&report));
                (name.clone(), Arc::new(subgraph) as Arc<dyn Subgraph>)
            })
            .collect();
        let gateway = Gateway::new(sdl, subgraphs, Config::default()).unwrap();
        Self {
            sdl: sdl.to_owned(),
            world,
            asker: Asker::new(gateway),
            report,
        }
    }

    /// Asks both, and compares; returns the answer.
    pub(crate) async fn check(&self, query: &str, variables: &Map<String, Value>) -> Value {
        *self.report.lock().unwrap() = Report::default();
        let truth = monolith::answer(&self.world, query, variables);
        let answer = soon(self.ask(query, variables)).await;
        let report = std::mem::take(&mut *self.report.lock().unwrap());
        // As texts, since the order of keys counts as well.
        let data = |answer: &Value| answer["data"].to_string();
        let is_right = report.violations.is_empty()
            && report.log == truth.log
            && data(&answer) == data(&truth.answer)
            && answer["errors"].is_null() == truth.answer["errors"].is_null();
        assert!(
            is_right,
            "{query}\n{}\n{}\nviolations: {:#?}\nrequests: {:#?}\n gateway: {answer}\nmonolith: {}\n{:?} {:?}",
            Value::Object(variables.clone()),
            self.explain(query),
            report.violations,
            report.requests,
            truth.answer,
            report.log,
            truth.log,
        );
        answer
    }

    /// Whether clients may ask this.
    pub(crate) fn is_valid(&self, query: &str) -> bool {
        ExecutableDocument::parse_and_validate(&self.world.api, query, "query").is_ok()
    }

    async fn ask(&self, query: &str, variables: &Map<String, Value>) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        if !query.starts_with("subscription") {
            return self.asker.send(post(body)).await.json();
        }
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .body(Body::from(body))
            .unwrap();
        let answer = self.asker.send(request).await;
        let events = answer.text.split("\n\n");
        let mut data = events.filter_map(|event| event.split_once("data: "));
        let (_, data) = data.next().unwrap_or_else(|| panic!("{}", answer.text));
        serde_json::from_str(data).unwrap()
    }

    fn explain(&self, query: &str) -> String {
        let supergraph = Supergraph::parse(&self.sdl).unwrap();
        let document =
            ExecutableDocument::parse_and_validate(supergraph.api_schema(), query, "query")
                .unwrap();
        let operation = document.operations.iter().next().unwrap();
        match federation::plan(&supergraph, &document, operation, Duration::from_secs(10)) {
            Ok(plan) => federation::explain(&supergraph, &plan),
            Err(error) => error.to_string(),
        }
    }
}
