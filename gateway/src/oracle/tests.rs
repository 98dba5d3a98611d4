//! The executor and the oracle agree, whatever clients ask and subgraphs answer.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, Document, OperationType, Selection, Type};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use bytes::Bytes;
use federation::{SubgraphSdl, compose};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Execution, project};
use crate::executor::RequestContext;
use crate::operation::{CompiledOperation, compile};
use crate::pipeline::{coerce_variables, execute};
use crate::transport::{Subgraph, SubgraphRequest, TransportError};
use crate::{Config, Gateway};

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable", "@external", "@requires"])
scalar Json
"#;

const CATALOG: &str = r#"
type Query {
    products(first: Int = 3): [Product!]!
    product(id: ID!): Product
    grid: [[Product]]
    search(text: String): [Result!]
    node(id: ID!): Node
    text: String
    json: Json
}
interface Node { id: ID! }
union Result = Product | Shelf | Note
type Product implements Node @key(fields: "id") {
    id: ID!
    name: String!
    price: Float
    stars: Int!
    status: Status
    size: Size @shareable
    tags: [String!]
    shelves: [Shelf!]
}
type Shelf implements Node @key(fields: "id") { id: ID! label: String products: [Product!]! }
type Note implements Node { id: ID! body: String! about: Product extra: Json }
type Size @shareable { width: Int height: Int unit: Status! }
enum Status { NEW OLD }
"#;

const STOCK: &str = r#"
type Query { warehouses: [Warehouse!]! stockOf: Product text2: String! }
type Product @key(fields: "id") {
    id: ID!
    price: Float @external
    inStock: Boolean!
    cost: Int @requires(fields: "price")
    warehouse: Warehouse
    size: Size @shareable
}
type Warehouse @key(fields: "id") { id: ID! city: String! holds: [Product!] parent: Warehouse }
type Size @shareable { width: Int height: Int unit: Status! }
enum Status { NEW OLD }
type Shelf @key(fields: "id") { id: ID! keeper: Person }
type Person @key(fields: "id") { id: ID! }
"#;

const REVIEWS: &str = r#"
type Query { latest: [Review!]! me: Person }
type Review @key(fields: "id") { id: ID! body: String author: Person! product: Product! }
type Person @key(fields: "id") { id: ID! name: String! reviews: [Review!] age: Int }
type Product @key(fields: "id") { id: ID! reviews: [Review] rating: Float! }
"#;

fn supergraph() -> String {
    let subgraphs =
        [("catalog", CATALOG), ("stock", STOCK), ("reviews", REVIEWS)].map(|(name, sdl)| {
            SubgraphSdl {
                name: name.to_owned(),
                url: format!("http://{name}.invalid/"),
                sdl: format!("{LINK}{sdl}"),
            }
        });
    compose(&subgraphs)
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
        .supergraph_sdl
}

fn hash(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

// ---- a subgraph that makes everything up, and errs now and then ------------------------------------

/// Answers are a function of the request, so that asking twice gives the same answer.
struct Mock {
    name: &'static str,
    schema: Arc<Valid<Schema>>,
    seed: u64,
    /// Of a thousand values, how many are wrong.
    faults: u64,
}

impl Mock {
    fn errs(&self, at: impl Hash, times: u64) -> bool {
        hash((self.seed, 1, at)) % 1000 < self.faults * times
    }

    fn answer(&self, request: &SubgraphRequest) -> Result<Bytes, TransportError> {
        let fault = hash((
            self.seed,
            &*request.query,
            &request.variables().to_string_of(),
        ));
        if fault % 1000 < self.faults {
            return match fault % 5 {
                0 => Err(TransportError::Timeout),
                1 => Ok("<html>".into()),
                2 => Ok("{\"data\":{\"a".into()),
                3 => Ok(
                    "{\"errors\":[{\"message\":\"no\",\"extensions\":{\"code\":\"NO\"}}]}".into(),
                ),
                _ => Ok("{\"data\":null}".into()),
            };
        }

        let document = Document::parse(&*request.query, "operation").unwrap();
        let operation = document
            .definitions
            .iter()
            .find_map(|definition| match definition {
                Definition::OperationDefinition(operation) => Some(operation),
                _ => None,
            })
            .unwrap();
        assert_eq!(operation.operation_type, OperationType::Query);
        let variables = request.variables();
        let mut data = Map::new();
        let mut errors = Vec::new();
        for selection in &operation.selection_set {
            let Selection::Field(field) = selection else {
                continue;
            };
            let key = field.response_name().to_string();
            if field.name != "_entities" {
                continue;
            }
            let name = field
                .arguments
                .iter()
                .find_map(|argument| argument.value.as_variable())
                .unwrap();
            let representations = variables[name.as_str()].as_array().unwrap();
            let mut entities: Vec<Value> = representations
                .iter()
                .map(|representation| {
                    let type_name = representation["__typename"].as_str().unwrap();
                    let id = representation["id"].as_str().map(str::to_owned);
                    let id = id.unwrap_or_else(|| representation["id"].to_string());
                    if self.errs((type_name, &id, "entity"), 1) {
                        return Value::Null;
                    }
                    self.object(
                        &operation_of(&field.selection_set),
                        type_name,
                        &id,
                        &variables,
                    )
                })
                .collect();
            if self.errs(("entities", &request.query), 1) {
                entities.pop();
            }
            for index in 0..entities.len() {
                if self.errs(("error", index), 2) {
                    errors.push(json!({
                        "message": "bad", "path": [key, index, "name"], "extensions": {"code": "BAD"},
                    }));
                }
            }
            data.insert(key, Value::Array(entities));
        }
        if data.is_empty() {
            let Value::Object(object) = self.object(
                &operation_of(&operation.selection_set),
                "Query",
                "",
                &variables,
            ) else {
                unreachable!("objects are made");
            };
            data = object;
            if let Some(key) = data.keys().next()
                && self.errs(("error", key), 3)
            {
                errors.push(json!({"message": "odd", "path": [key]}));
            }
        }
        let mut answer = json!({ "data": data });
        if !errors.is_empty() {
            answer["errors"] = errors.into();
        }
        Ok(if fault.is_multiple_of(2) {
            answer.to_string().into()
        } else {
            serde_json::to_string_pretty(&answer).unwrap().into()
        })
    }

    fn object(
        &self,
        selections: &[&Selection],
        type_name: &str,
        id: &str,
        variables: &Map<String, Value>,
    ) -> Value {
        let mut members = Map::new();
        self.members(selections, type_name, id, variables, &mut members);
        if self.errs((type_name, id, "extra"), 3) {
            members.insert("zzz".to_owned(), json!({"x": [1, "\u{1f600}"]}));
        }
        if self.errs((type_name, id, "order"), 10) {
            members = members.into_iter().rev().collect();
        }
        Value::Object(members)
    }

    fn members(
        &self,
        selections: &[&Selection],
        type_name: &str,
        id: &str,
        variables: &Map<String, Value>,
        members: &mut Map<String, Value>,
    ) {
        for selection in selections {
            let directives = match selection {
                Selection::Field(field) => &field.directives,
                Selection::InlineFragment(fragment) => &fragment.directives,
                Selection::FragmentSpread(_) => panic!("plans have no named fragments here"),
            };
            let leaves_out = directives.iter().any(|directive| {
                let value = directive.specified_argument_by_name("if").unwrap();
                let value = match value.as_variable() {
                    Some(name) => variables[name.as_str()].as_bool().unwrap(),
                    None => value.to_bool().unwrap(),
                };
                value == (directive.name == "skip")
            });
            if leaves_out {
                continue;
            }
            match selection {
                Selection::InlineFragment(fragment) => {
                    let applies = fragment.type_condition.as_ref().is_none_or(|condition| {
                        condition == type_name || self.schema.is_subtype(condition, type_name)
                    });
                    if applies {
                        let nested = operation_of(&fragment.selection_set);
                        self.members(&nested, type_name, id, variables, members);
                    }
                }
                Selection::Field(field) => {
                    let key = field.response_name().to_string();
                    let value = if field.name == "__typename" {
                        if self.errs((type_name, id, "typename"), 1) {
                            json!("Spy")
                        } else {
                            json!(type_name)
                        }
                    } else {
                        let definition = self.schema.type_field(type_name, &field.name).unwrap();
                        let place = format!("{type_name}/{id}/{}", field.name);
                        if field.name == "id" {
                            json!(id)
                        } else {
                            let nested = operation_of(&field.selection_set);
                            self.value(&definition.ty, &nested, &place, variables)
                        }
                    };
                    if self.errs((type_name, id, &field.name, "missing"), 1) {
                        continue;
                    }
                    merge(members, key, value);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn value(
        &self,
        ty: &Type,
        selections: &[&Selection],
        place: &str,
        variables: &Map<String, Value>,
    ) -> Value {
        if self.errs((place, "null"), 2)
            || (!ty.is_non_null() && hash((place, 7)).is_multiple_of(8))
        {
            return Value::Null;
        }
        if self.errs((place, "wrong"), 1) {
            return match hash((place, 8)) % 4 {
                0 => json!("wrong"),
                1 => json!(17.5),
                2 => json!(true),
                _ => json!(["a", 1]),
            };
        }
        let type_name = match ty {
            Type::List(item) | Type::NonNullList(item) => {
                let count = hash((place, 9)) % 4;
                return (0..count)
                    .map(|index| {
                        self.value(item, selections, &format!("{place}/{index}"), variables)
                    })
                    .collect();
            }
            Type::Named(name) | Type::NonNullNamed(name) => name,
        };
        let choice = hash((place, 10));
        match self.schema.types.get(type_name) {
            Some(ExtendedType::Enum(enum_)) => {
                let values: Vec<_> = enum_.values.keys().collect();
                json!(values[choice as usize % values.len()].as_str())
            }
            Some(ExtendedType::Scalar(_)) => match type_name.as_str() {
                "Int" => json!(choice % 100),
                "Float" => json!((choice % 100) as f64 / 4.0),
                "Boolean" => json!(choice.is_multiple_of(2)),
                "String" => json!(["a", "b\"\\\n", "é😀", ""][choice as usize % 4]),
                _ => [
                    json!({"a": [1.25, null]}),
                    json!([1, {"b": "c"}]),
                    json!("s"),
                    json!(1.5),
                ][choice as usize % 4]
                    .clone(),
            },
            _ => {
                let mut possible: Vec<&str> = self
                    .schema
                    .types
                    .iter()
                    .filter(|(name, definition)| {
                        matches!(definition, ExtendedType::Object(_))
                            && (*name == type_name || self.schema.is_subtype(type_name, name))
                    })
                    .map(|(name, _)| name.as_str())
                    .collect();
                possible.sort_unstable();
                let type_name = possible[choice as usize % possible.len()];
                // Few ids, so that entities occur again and again.
                self.object(
                    selections,
                    type_name,
                    &(hash((place, 11)) % 4).to_string(),
                    variables,
                )
            }
        }
    }
}

fn operation_of(selections: &[Selection]) -> Vec<&Selection> {
    selections.iter().collect()
}

/// The same member can be selected several times.
fn merge(members: &mut Map<String, Value>, key: String, value: Value) {
    match (members.get_mut(&key), value) {
        (Some(known), value) => merge_value(known, value),
        (None, value) => {
            members.insert(key, value);
        }
    }
}

fn merge_value(known: &mut Value, value: Value) {
    match (known, value) {
        (Value::Object(known), Value::Object(value)) => {
            for (key, value) in value {
                merge(known, key, value);
            }
        }
        (Value::Array(known), Value::Array(value)) if known.len() == value.len() => {
            for (known, value) in known.iter_mut().zip(value) {
                merge_value(known, value);
            }
        }
        (known, value) => *known = value,
    }
}

trait ToStringOf {
    fn to_string_of(&self) -> String;
}

impl ToStringOf for Map<String, Value> {
    fn to_string_of(&self) -> String {
        Value::Object(self.clone()).to_string()
    }
}

impl Subgraph for Mock {
    fn execute(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        Box::pin(async move { self.answer(&request) })
    }

    fn subscribe(
        &self,
        _: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        Box::pin(async move { Err(TransportError::Timeout) })
    }
}

// ---- random queries ---------------------------------------------------------------------------------

struct Queries<'a> {
    schema: &'a Schema,
    state: u64,
    aliases: usize,
    fields: usize,
}

impl Queries<'_> {
    fn pick(&mut self, below: usize) -> usize {
        self.state = hash(self.state);
        (self.state % below as u64) as usize
    }

    fn selection(&mut self, type_name: &str, depth: usize, out: &mut String) {
        out.push_str("{ ");
        let before = out.len();
        for _ in 0..1 + self.pick(4) {
            self.one(type_name, depth, out);
        }
        if out.len() == before {
            out.push_str("__typename ");
        }
        out.push_str("} ");
    }

    fn one(&mut self, type_name: &str, depth: usize, out: &mut String) {
        if self.fields > 60 {
            return;
        }
        self.fields += 1;
        let directive = match self.pick(10) {
            0 => " @include(if: $yes)",
            1 => " @skip(if: $yes)",
            2 => " @include(if: $no)",
            3 => " @skip(if: $no)",
            _ => "",
        };
        match self.pick(12) {
            0 => out.push_str("__typename "),
            1 | 2 if type_name != "Query" && depth > 0 => {
                let mut types: Vec<&str> = self
                    .schema
                    .types
                    .keys()
                    .map(|name| name.as_str())
                    .filter(|name| *name == type_name || self.schema.is_subtype(type_name, name))
                    .collect();
                types.sort_unstable();
                let on = types[self.pick(types.len())].to_owned();
                let _ = write!(out, "... on {on}{directive} ");
                self.selection(&on, depth - 1, out);
            }
            _ => {
                let fields: Vec<(String, Type, bool)> = match self.schema.types.get(type_name) {
                    Some(ExtendedType::Object(object)) => object
                        .fields
                        .iter()
                        .map(|(name, field)| {
                            let needs =
                                field.arguments.iter().any(|argument| argument.name == "id");
                            (name.to_string(), field.ty.clone(), needs)
                        })
                        .collect(),
                    Some(ExtendedType::Interface(interface)) => interface
                        .fields
                        .iter()
                        .map(|(name, field)| (name.to_string(), field.ty.clone(), false))
                        .collect(),
                    _ => Vec::new(),
                };
                if fields.is_empty() {
                    out.push_str("__typename ");
                    return;
                }
                let (name, ty, needs_id) = fields[self.pick(fields.len())].clone();
                let inner = ty.inner_named_type().to_string();
                let composite = matches!(
                    self.schema.types.get(inner.as_str()),
                    Some(
                        ExtendedType::Object(_)
                            | ExtendedType::Interface(_)
                            | ExtendedType::Union(_)
                    )
                );
                if composite && depth == 0 {
                    return;
                }
                if self.pick(3) == 0 {
                    self.aliases += 1;
                    let _ = write!(out, "a{}: ", self.aliases);
                }
                out.push_str(&name);
                if needs_id {
                    out.push_str("(id: \"1\")");
                }
                out.push_str(directive);
                out.push(' ');
                if composite {
                    self.selection(&inner, depth - 1, out);
                }
            }
        }
    }
}

// ---- comparing --------------------------------------------------------------------------------------

fn gateway(sdl: &str, seed: u64, faults: u64) -> Arc<Gateway> {
    let schema = Arc::new(
        federation::Supergraph::parse(sdl)
            .unwrap()
            .api_schema()
            .clone(),
    );
    let subgraphs: HashMap<String, Arc<dyn Subgraph>> = ["catalog", "stock", "reviews"]
        .map(|name| {
            let mock = Mock {
                name,
                schema: schema.clone(),
                seed: hash((seed, name)),
                faults,
            };
            (mock.name.to_owned(), Arc::new(mock) as Arc<dyn Subgraph>)
        })
        .into();
    let config = Config {
        share_identical_queries: false,
        ..Config::default()
    };
    Arc::new(Gateway::new(sdl, subgraphs, config).unwrap())
}

async fn both(gateway: &Arc<Gateway>, operation: &CompiledOperation) -> (Value, Value) {
    let context = RequestContext {
        request_id: "r".to_owned(),
        headers: http::HeaderMap::new(),
    };
    let declared: Map<String, Value> = Map::from_iter([
        ("yes".to_owned(), json!(true)),
        ("no".to_owned(), json!(false)),
    ]);

    let variables =
        coerce_variables::run(gateway, operation, Some(r#"{"yes":true,"no":false}"#)).unwrap();
    let fetched = execute::run(gateway, operation, &variables, &context).await;
    let response = crate::pipeline::project::run(gateway, operation, &variables, fetched);
    let text = response.into_text();
    let new: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));

    let fetched = Execution::new(gateway, operation, &declared, &context)
        .run()
        .await;
    let (data, errors) = project::run(operation, &declared, fetched);
    let mut old = json!({ "data": data });
    if !errors.is_empty() {
        old["errors"] = serde_json::to_value(errors).unwrap();
    }
    (new, old)
}

/// Which of several errors comes first depends on who answers first.
fn sorted(mut response: Value) -> Value {
    if let Some(errors) = response.get_mut("errors").and_then(Value::as_array_mut) {
        errors.sort_by_key(ToString::to_string);
    }
    response
}

fn check(sdl: &str, seed: u64, faults: u64) -> bool {
    let gateway = gateway(sdl, seed, faults);
    let mut queries = Queries {
        schema: gateway.supergraph.api_schema(),
        state: seed,
        aliases: 0,
        fields: 0,
    };
    let mut query = "query ($yes: Boolean!, $no: Boolean!) ".to_owned();
    queries.selection("Query", 5, &mut query);
    query.push_str("\n# $yes $no");
    if !query.contains("(if: $yes)") {
        query = query.replace("$yes: Boolean!, ", "");
    }
    if !query.contains("(if: $no)") {
        query = query
            .replace(", $no: Boolean!", "")
            .replace("($no: Boolean!)", "");
    }
    // Fields that cannot be merged, or that the planner cannot plan.
    let Ok(operation) = compile(&gateway.supergraph, &gateway.config, &query, None) else {
        return false;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (new, old) = runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(20), both(&gateway, &operation))
            .await
            .unwrap()
    });
    assert_eq!(
        new["data"].to_string(),
        old["data"].to_string(),
        "seed {seed}, faults {faults}\n{query}\n{}",
        federation::explain(&gateway.supergraph, &operation.plan)
    );
    assert_eq!(
        sorted(new),
        sorted(old),
        "seed {seed}, faults {faults}\n{query}\n{}",
        federation::explain(&gateway.supergraph, &operation.plan)
    );
    true
}

#[test]
fn the_mock_answers_without_faults() {
    let sdl = supergraph();
    let planned = (0..40).filter(|seed| check(&sdl, *seed, 0)).count();
    assert!(planned >= 20, "{planned} of 40 operations were planned");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_executor_agrees_with_the_oracle(seed in any::<u64>(), faults in 0_u64..60) {
        thread_local! {
            static SDL: String = supergraph();
        }
        SDL.with(|sdl| check(sdl, seed, faults));
    }
}
