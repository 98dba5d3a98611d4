//! The shop of the well-known gateway benchmark: four subgraphs, small fixed data.

use apollo_compiler::ast::{Definition, Document, Field, FragmentDefinition, Selection};
use federation::{SubgraphSdl, compose};
use serde_json::{Map, Value, json};

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable", "@external", "@requires", "@provides"])
"#;

/// Name and SDL of every subgraph.
pub(crate) const SUBGRAPHS: [(&str, &str); 4] = [
    (
        "accounts",
        r#"
type Query { me: User user(id: ID!): User users: [User] }
type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }
"#,
    ),
    (
        "inventory",
        r#"
type Product @key(fields: "upc") {
    upc: String!
    weight: Int @external
    price: Int @external
    inStock: Boolean
    shippingEstimate: Int @requires(fields: "price weight")
}
"#,
    ),
    (
        "products",
        r#"
type Query { topProducts(first: Int = 5): [Product] catalog: [Product!]! manuals: [Product!]! }
type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int description: String! }
"#,
    ),
    (
        "reviews",
        r#"
type Review @key(fields: "id") { id: ID! body: String product: Product author: User @provides(fields: "username") }
type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
type Product @key(fields: "upc") { upc: String! reviews: [Review] }
"#,
    ),
];

/// An operation that is measured.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) query: &'static str,
    /// Requests under way at the same time.
    pub(crate) concurrency: usize,
}

/// What is measured.
pub(crate) const OPERATIONS: [Operation; 5] = [
    Operation {
        name: "benchmark (7 requests)",
        query: "fragment User on User { id username name }
fragment Review on Review { id body }
fragment Product on Product { inStock name price shippingEstimate upc weight }
query TestQuery {
  users {
    ...User
    reviews {
      ...Review
      product {
        ...Product
        reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
      }
    }
  }
  topProducts {
    ...Product
    reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
  }
}",
        concurrency: 16,
    },
    Operation {
        name: "two hops",
        query: "{ topProducts { upc name price description inStock shippingEstimate } }",
        concurrency: 16,
    },
    Operation {
        name: "one small subgraph",
        query: "{ me { id name username } }",
        concurrency: 16,
    },
    Operation {
        name: "8 MB of products",
        query: "{ catalog { upc name price weight description } }",
        concurrency: 2,
    },
    Operation {
        name: "8 MB of long texts",
        query: "{ manuals { upc name price weight description } }",
        concurrency: 2,
    },
];

/// What is asked at a fixed rate.
pub(crate) const AT_A_RATE: &Operation = &OPERATIONS[1];

/// What is asked of slow subgraphs: nothing waits for *accounts*, while the rest is a chain of four.
pub(crate) const CHAIN: Operation = Operation {
    name: "one slow subgraph",
    query: "{ me { name } topProducts { name reviews { body product { name inStock shippingEstimate } } } }",
    concurrency: 4,
};

/// How long a subgraph takes for an answer in [`CHAIN`], in milliseconds.
pub(crate) fn delay(subgraph: &str) -> u64 {
    match subgraph {
        "accounts" => 60,
        _ => 10,
    }
}

/// The supergraph of subgraphs at these addresses.
pub(crate) fn supergraph(address: impl Fn(&str) -> String) -> anyhow::Result<String> {
    let subgraphs = SUBGRAPHS.map(|(name, sdl)| SubgraphSdl {
        name: name.to_owned(),
        url: address(name),
        sdl: format!("{LINK}{sdl}"),
    });
    compose(&subgraphs)
        .map(|composition| composition.supergraph_sdl)
        .map_err(|errors| anyhow::anyhow!("{errors:?}"))
}

const USERS: [(&str, &str); 6] = [
    ("Ada Lovelace", "ada"),
    ("Alan Turing", "alan"),
    ("Grace Hopper", "grace"),
    ("Edsger Dijkstra", "edsger"),
    ("Barbara Liskov", "barbara"),
    ("Donald Knuth", "donald"),
];

const PRODUCTS: [(&str, i64, i64); 9] = [
    ("Table", 899, 100),
    ("Couch", 1299, 1000),
    ("Glass", 15, 20),
    ("Chair", 499, 100),
    ("Television", 1999, 1000),
    ("Lamp", 1299, 1000),
    ("Grill", 1299, 1000),
    ("Fridge", 100_000, 1000),
    ("Sofa", 9999, 1000),
];

const BODIES: [&str; 4] = [
    "Love it!",
    "Too expensive.",
    "Could be better.",
    "Prefer something else.",
];

/// Reviews as author and product; their ids count from 1.
const REVIEWS: [(usize, usize); 20] = [
    (0, 0),
    (0, 1),
    (0, 2),
    (0, 3),
    (1, 0),
    (1, 1),
    (1, 2),
    (1, 4),
    (2, 0),
    (2, 1),
    (2, 3),
    (3, 0),
    (3, 1),
    (3, 2),
    (4, 3),
    (4, 4),
    (4, 0),
    (5, 1),
    (5, 2),
    (5, 0),
];

/// Products of the large answer with short descriptions: about 150 bytes each.
const CATALOG: usize = 55_000;

/// Products of the large answer with long descriptions: about 4 KB each.
const MANUALS: usize = 1_930;

/// Executes a request like a subgraph would.
pub(crate) fn execute(body: &[u8]) -> anyhow::Result<Value> {
    let request: Value = serde_json::from_slice(body)?;
    let text = request["query"].as_str().unwrap_or_default();
    let document = Document::parse(text, "operation")
        .map_err(|invalid| anyhow::anyhow!("{}", invalid.errors))?;
    let executor = Executor {
        document: &document,
        variables: &request["variables"],
    };
    let operation = document
        .definitions
        .iter()
        .find_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(operation),
            _ => None,
        });
    let selections = operation.map(|operation| operation.selection_set.as_slice());
    let query = Object::Query;
    Ok(json!({ "data": executor.object(query, selections.unwrap_or_default()) }))
}

#[derive(Clone, Copy)]
enum Object {
    Query,
    User(usize),
    Product(usize),
    /// One of a large answer, and how often its description says the same.
    Item(usize, usize),
    Review(usize),
}

impl Object {
    fn type_name(self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::User(_) => "User",
            Self::Product(_) | Self::Item(..) => "Product",
            Self::Review(_) => "Review",
        }
    }
}

/// What a field holds.
enum Found {
    Leaf(Value),
    One(Option<Object>),
    Many(Vec<Object>),
}

struct Executor<'a> {
    document: &'a Document,
    variables: &'a Value,
}

impl Executor<'_> {
    fn object(&self, object: Object, selections: &[Selection]) -> Value {
        let mut members = Map::new();
        self.members(object, selections, &mut members);
        Value::Object(members)
    }

    fn members(&self, object: Object, selections: &[Selection], members: &mut Map<String, Value>) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let value = match self.field(object, field) {
                        Found::Leaf(value) => value,
                        Found::One(None) => Value::Null,
                        Found::One(Some(object)) => self.object(object, &field.selection_set),
                        Found::Many(objects) => objects
                            .into_iter()
                            .map(|object| self.object(object, &field.selection_set))
                            .collect(),
                    };
                    members.insert(field.response_name().to_string(), value);
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref();
                    if condition.is_none_or(|condition| condition == object.type_name()) {
                        self.members(object, &fragment.selection_set, members);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.fragment(&spread.fragment_name)
                        && fragment.type_condition == object.type_name()
                    {
                        self.members(object, &fragment.selection_set, members);
                    }
                }
            }
        }
    }

    fn fragment(&self, name: &str) -> Option<&FragmentDefinition> {
        self.document
            .definitions
            .iter()
            .find_map(|definition| match definition {
                Definition::FragmentDefinition(fragment) if fragment.name == name => {
                    Some(&**fragment)
                }
                _ => None,
            })
    }

    fn field(&self, object: Object, field: &Field) -> Found {
        let leaf = |value: Value| Found::Leaf(value);
        let reviews_by = |matches: &dyn Fn(usize, usize) -> bool| {
            let reviews = REVIEWS.iter().enumerate();
            let reviews = reviews.filter(|(_, (author, product))| matches(*author, *product));
            Found::Many(reviews.map(|(index, _)| Object::Review(index)).collect())
        };
        match (object, field.name.as_str()) {
            (_, "__typename") => leaf(object.type_name().into()),
            (Object::Query, "_entities") => Found::Many(self.entities(field)),
            (Object::Query, "me") => Found::One(Some(Object::User(0))),
            (Object::Query, "users") => Found::Many((0..USERS.len()).map(Object::User).collect()),
            (Object::Query, "topProducts") => Found::Many((0..5).map(Object::Product).collect()),
            (Object::Query, "catalog") => {
                Found::Many((0..CATALOG).map(|index| Object::Item(index, 1)).collect())
            }
            (Object::Query, "manuals") => {
                Found::Many((0..MANUALS).map(|index| Object::Item(index, 78)).collect())
            }
            (Object::User(index), "id") => leaf((index + 1).to_string().into()),
            (Object::User(index), "name") => leaf(USERS[index].0.into()),
            (Object::User(index), "username") => leaf(USERS[index].1.into()),
            (Object::User(index), "birthday") => leaf((1_900 + index).into()),
            (Object::User(index), "reviews") => reviews_by(&|author, _| author == index),
            (Object::Product(index), "upc") => leaf((index + 1).to_string().into()),
            (Object::Product(index), "name") => leaf(PRODUCTS[index].0.into()),
            (Object::Product(index), "price") => leaf(PRODUCTS[index].1.into()),
            (Object::Product(index), "weight") => leaf(PRODUCTS[index].2.into()),
            (Object::Product(index), "inStock") => leaf((index % 3 != 0).into()),
            (Object::Product(index), "shippingEstimate") => leaf((PRODUCTS[index].2 / 2).into()),
            (Object::Product(_), "description") => {
                leaf("What it is, at some length. ".repeat(25).into())
            }
            (Object::Product(index), "reviews") => reviews_by(&|_, product| product == index),
            (Object::Item(index, _), "upc") => leaf(format!("item-{index}").into()),
            (Object::Item(index, _), "name") => leaf(format!("Item \"{index}\"").into()),
            (Object::Item(index, _), "price" | "weight") => leaf(index.into()),
            (Object::Item(_, times), "description") => leaf(
                "A product of the catalog, described in plain words. "
                    .repeat(times)
                    .into(),
            ),
            (Object::Review(index), "id") => leaf((index + 1).to_string().into()),
            (Object::Review(index), "body") => leaf(BODIES[index % BODIES.len()].into()),
            (Object::Review(index), "author") => Found::One(Some(Object::User(REVIEWS[index].0))),
            (Object::Review(index), "product") => {
                Found::One(Some(Object::Product(REVIEWS[index].1)))
            }
            _ => leaf(Value::Null),
        }
    }

    fn entities(&self, field: &Field) -> Vec<Object> {
        let representations = field
            .arguments
            .iter()
            .find_map(|argument| argument.value.as_variable())
            .map(|name| &self.variables[name.as_str()])
            .and_then(Value::as_array);
        let number = |value: &Value| {
            let number: usize = value.as_str()?.parse().ok()?;
            number.checked_sub(1)
        };
        representations
            .into_iter()
            .flatten()
            .filter_map(
                |representation| match representation["__typename"].as_str()? {
                    "User" => number(&representation["id"]).map(Object::User),
                    "Product" => number(&representation["upc"]).map(Object::Product),
                    "Review" => number(&representation["id"]).map(Object::Review),
                    _ => None,
                },
            )
            .collect()
    }
}
