//! A subgraph of the world: it knows what its schema says, and is strict about what it is asked.

use std::sync::{Arc, Mutex};

use apollo_compiler::ast::Selection;
use apollo_compiler::executable::Field;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt as _};
use gateway::transport::{Subgraph, SubgraphRequest, TransportError};
use serde_json::{Map, Value, json};

use super::data::{Identity, World};
use super::execute::{Data, Source, execute};
use super::joins::Kind;
use super::{monolith, schema};

/// What subgraphs have to say to the test.
#[derive(Default)]
pub(crate) struct Report {
    /// Requests that no subgraph should get.
    pub violations: Vec<String>,
    /// The mutations, in order.
    pub log: Vec<String>,
    /// Every request: subgraph and body.
    pub requests: Vec<String>,
}

/// One subgraph.
pub(crate) struct WorldSubgraph {
    world: Arc<World>,
    /// Its value of `join__Graph`.
    graph: String,
    schema: Valid<Schema>,
    report: Arc<Mutex<Report>>,
}

impl WorldSubgraph {
    pub(crate) fn new(world: Arc<World>, graph: &str, report: Arc<Mutex<Report>>) -> Self {
        Self {
            schema: schema::of_subgraph(&world.joins, graph),
            graph: graph.to_owned(),
            world,
            report,
        }
    }

    fn answer(&self, request: &SubgraphRequest) -> Bytes {
        let body = String::from_utf8_lossy(&request.body);
        let entry = format!("{}: {body}", self.graph);
        self.report.lock().unwrap().requests.push(entry);

        let parsed = ExecutableDocument::parse_and_validate(&self.schema, &*request.query, "query");
        let document = match parsed {
            Ok(document) => document,
            Err(invalid) => {
                self.violation(&format!("{}\n{}", request.query, invalid.errors));
                return json!({ "errors": [{ "message": "invalid" }] })
                    .to_string()
                    .into();
            }
        };
        let operation = document.operations.iter().next().unwrap();
        let variables = request.variables();
        for name in variables.keys() {
            if operation
                .variables
                .iter()
                .all(|it| it.name != name.as_str())
            {
                self.violation(&format!("`${name}` is not declared by {}", request.query));
            }
        }
        let root = self.place(self.world.root(operation.operation_type.name()));
        let answer = execute(&self.schema, &document, operation, &variables, self, &root);
        answer.to_string().into()
    }

    /// An object without anything told or provided.
    fn place(&self, identity: Identity) -> Place {
        Place {
            identity,
            type_name: self.world.type_of(identity).to_owned(),
            provided: Vec::new(),
            representation: None,
        }
    }

    fn violation(&self, message: &str) {
        let message = format!("{}: {message}", self.graph);
        self.report.lock().unwrap().violations.push(message);
    }

    fn entities(&self, representations: &Value) -> Data<Place> {
        let representations = representations.as_array().expect("validated");
        Data::List(
            representations
                .iter()
                .map(|representation| match self.find(representation) {
                    Some(place) => Data::Object(place),
                    None => {
                        self.violation(&format!("no entity is {representation}"));
                        Data::Null
                    }
                })
                .collect(),
        )
    }

    /// The entity that a representation has a complete key of.
    fn find(&self, representation: &Value) -> Option<Place> {
        let joins = &self.world.joins;
        let type_name = representation["__typename"].as_str()?;
        let keys = &joins
            .types
            .get(type_name)?
            .graphs
            .get(&self.graph)?
            .resolvable;
        let possible = if joins.is_interface_object(type_name, &self.graph) {
            joins.possible(type_name)
        } else {
            joins.possible_in(type_name, &self.graph)
        };
        let identity = possible
            .iter()
            .flat_map(|possible| self.world.pool(possible))
            .find(|it| {
                keys.iter()
                    .any(|key| self.world.agrees(representation, *it, key))
            })?;
        let mut place = self.place(identity);
        if joins.is_interface_object(type_name, &self.graph) {
            place.type_name = type_name.to_owned();
        }
        place.representation = Some(representation.clone());
        Some(place)
    }

    /// The fields of a field set on this object, below one of its fields.
    fn below(&self, set: &[Selection], object: &Place, field: &str) -> Option<Vec<Selection>> {
        let mut found = None;
        for selection in set {
            match selection {
                Selection::Field(selected) if selected.name == field => {
                    found
                        .get_or_insert_with(Vec::new)
                        .extend_from_slice(&selected.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    let applies = fragment.type_condition.as_ref().is_none_or(|condition| {
                        condition == object.type_name.as_str()
                            || self.schema.is_subtype(condition, &object.type_name)
                    });
                    if applies
                        && let Some(below) = self.below(&fragment.selection_set, object, field)
                    {
                        found.get_or_insert_with(Vec::new).extend(below);
                    }
                }
                _ => {}
            }
        }
        found
    }
}

/// An object as this subgraph sees it.
pub(crate) struct Place {
    identity: Identity,
    /// The runtime type, or the interface whose object it is here.
    type_name: String,
    /// What `@provides` on the way promised.
    provided: Vec<Selection>,
    /// What the gateway told of it.
    representation: Option<Value>,
}

impl Source for WorldSubgraph {
    type Object = Place;

    fn type_name(&self, object: &Place) -> String {
        object.type_name.clone()
    }

    fn resolve(
        &self,
        object: &Place,
        field: &Field,
        arguments: &Map<String, Value>,
    ) -> Data<Place> {
        if field.name == "_entities" {
            return self.entities(&arguments["representations"]);
        }
        let world = &self.world;
        let ty = &world.joins.types[&object.type_name];
        let here = &ty.fields[&*field.name].graphs[&self.graph];
        let what = format!("{}.{}", object.type_name, field.name);

        // May it be asked here?
        let provided = self.below(&object.provided, object, &field.name);
        let keys = &ty.graphs[&self.graph].keys;
        let is_in_key = keys
            .iter()
            .any(|key| self.below(key, object, &field.name).is_some());
        if here.is_external && provided.is_none() && !is_in_key {
            self.violation(&format!("{what} is external"));
        }
        if !here.requires.is_empty() {
            let told = object.representation.as_ref();
            if !told.is_some_and(|told| world.agrees(told, object.identity, &here.requires)) {
                let told = told.map_or_else(|| "nothing".to_owned(), Value::to_string);
                self.violation(&format!("{what} requires more than {told}"));
            }
        }

        if let Some(entry) = monolith::mutation(world, object.identity, field, arguments) {
            self.report.lock().unwrap().log.push(entry);
        }

        // What the world has, in the eyes of this subgraph.
        let mut below = provided.unwrap_or_default();
        below.extend_from_slice(&here.provides);
        let target = here.ty.inner_named_type();
        let is_interface_object = world.joins.types.get(target.as_str()).is_some_and(|it| {
            it.kind == Kind::Interface && world.joins.is_interface_object(target, &self.graph)
        });
        let data = world.resolve(object.identity, &field.name, arguments);
        data.map(&mut |identity| {
            let mut place = self.place(identity);
            if is_interface_object {
                place.type_name = target.to_string();
            }
            place.provided = below.clone();
            place
        })
    }
}

impl Subgraph for WorldSubgraph {
    fn execute(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        Box::pin(async move { Ok(self.answer(&request)) })
    }

    /// One event, which is the answer that the operation would have as a query.
    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        Box::pin(async move {
            let event = self.answer(&request);
            Ok(futures_util::stream::iter([Ok(event)]).boxed())
        })
    }
}
