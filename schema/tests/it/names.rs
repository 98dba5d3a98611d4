//! How things are called.

use apollo_compiler::ast::Definition;

use crate::committed::{assert_none, subgraphs};

/// What a mutation's name begins with, by subgraph: the noun it is about.
const NOUNS: [(&str, &[&str]); 7] = [
    (
        "accounts",
        &[
            "account", "address", "password", "profile", "role", "token", "user",
        ],
    ),
    ("cart", &["cart"]),
    ("catalog", &["category", "product", "variant"]),
    ("inventory", &["stock", "warehouse"]),
    ("notification", &["email"]),
    ("order", &["order"]),
    ("payment", &["payment"]),
];

/// Mutations that are named by a verb alone, as everybody calls them so.
const VERBS: [&str; 3] = ["login", "logout", "logoutAll"];

/// Booleans that are not called `is…` or `has…`: a box somebody ticked, and a filter by stock.
const OTHER_BOOLEANS: [&str; 3] = [
    "SearchFacetValue.selected",
    "ProductFilter.inStock",
    "SearchFilter.inStock",
];

fn is_pascal(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
        && name.contains(|letter: char| letter.is_ascii_lowercase())
}

fn is_camel(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}

fn is_screaming(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
}

#[test]
fn cases_are_those_of_graphql() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        let mut check = |fits: bool, path: String, wanted: &str| {
            if !fits {
                violations.push(format!("{}: {path} is not {wanted}", subgraph.name));
            }
        };
        for definition in &subgraph.document.definitions {
            let is_type = !matches!(
                definition,
                Definition::DirectiveDefinition(_) | Definition::SchemaExtension(_)
            );
            if let Some(name) = definition.name().filter(|_| is_type) {
                check(is_pascal(name), name.to_string(), "PascalCase");
            }
        }
        for object in subgraph.objects() {
            for field in &object.fields {
                let path = format!("{}.{}", object.name, field.name);
                for argument in &field.arguments {
                    let path = format!("{path}({}:)", argument.name);
                    check(is_camel(&argument.name), path, "camelCase");
                }
                check(is_camel(&field.name), path, "camelCase");
            }
        }
        for input in subgraph.inputs() {
            for field in &input.fields {
                let path = format!("{}.{}", input.name, field.name);
                check(is_camel(&field.name), path, "camelCase");
            }
        }
        for an_enum in subgraph.enums() {
            for value in &an_enum.values {
                let path = format!("{}.{}", an_enum.name, value.value);
                check(is_screaming(&value.value), path, "SCREAMING_CASE");
            }
        }
    }
    assert_none(violations, "not in the case of its kind:");
}

#[test]
fn input_types_say_what_they_are() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        for input in subgraph.inputs() {
            let ends = ["Input", "Filter", "Sort"];
            if !ends.iter().any(|end| input.name.ends_with(end)) {
                violations.push(format!("{}: {}", subgraph.name, input.name));
            }
        }
    }
    assert_none(violations, "input types end with Input, Filter or Sort:");
}

#[test]
fn booleans_and_moments_say_what_they_are() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        let mut check = |owner: &str, name: &str, named_type: &str, is_output: bool| {
            let path = format!("{owner}.{name}");
            let fits = match named_type {
                "Boolean" => {
                    name.starts_with("is")
                        || name.starts_with("has")
                        || OTHER_BOOLEANS.contains(&path.as_str())
                }
                // Filters speak of spans: `createdFrom`, `createdTo`.
                "DateTime" => !is_output || name.ends_with("At"),
                _ => true,
            };
            if !fits {
                violations.push(format!("{}: {path}: {named_type}", subgraph.name));
            }
        };
        for object in subgraph.objects() {
            for field in &object.fields {
                let named_type = field.ty.inner_named_type();
                check(&object.name, &field.name, named_type, true);
            }
        }
        for input in subgraph.inputs() {
            for field in &input.fields {
                let named_type = field.ty.inner_named_type();
                check(&input.name, &field.name, named_type, false);
            }
        }
    }
    assert_none(
        violations,
        "booleans are called `isX` or `hasX`, moments `xAt`:",
    );
}

#[test]
fn mutations_begin_with_their_noun() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        let nouns = NOUNS
            .iter()
            .find(|(name, _)| *name == subgraph.name)
            .unwrap_or_else(|| panic!("{} is new: say here what it is about", subgraph.name))
            .1;
        for mutation in subgraph.mutations() {
            // The noun, or its plural: `cartClear`, `ordersBulkUpdate`.
            let begins = nouns.iter().any(|noun| {
                mutation.name.strip_prefix(noun).is_some_and(|rest| {
                    rest.trim_start_matches('s')
                        .starts_with(|next: char| next.is_ascii_uppercase())
                })
            });
            if !begins && !VERBS.contains(&mutation.name.as_str()) {
                violations.push(format!("{}: Mutation.{}", subgraph.name, mutation.name));
            }
        }
    }
    assert_none(
        violations,
        "mutations are noun first, then verb (`cartLinesAdd`):",
    );
}
