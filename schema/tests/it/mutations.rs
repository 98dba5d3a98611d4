//! What mutations take and answer.

use apollo_compiler::Node;
use apollo_compiler::ast::FieldDefinition;

use crate::committed::{Subgraph, assert_none, subgraphs};

/// Mutations that move money or stock: a client that got no answer sends them again with the same key.
const NEED_A_KEY: [&str; 4] = [
    "orderCreate",
    "paymentInitiate",
    "paymentRefund",
    "stockAdjust",
];

/// `cartLinesAdd` → `CartLinesAdd`.
fn capitalized(name: &str) -> String {
    name[..1].to_ascii_uppercase() + &name[1..]
}

/// The type of a field of an object type, as it is written.
fn type_of(fields: &[Node<FieldDefinition>], name: &str) -> Option<String> {
    fields
        .iter()
        .find(|field| field.name == name)
        .map(|field| field.ty.to_string())
}

#[test]
fn a_mutation_takes_one_input() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        for mutation in subgraph.mutations() {
            let path = format!("{}: Mutation.{}", subgraph.name, mutation.name);
            match mutation.arguments.as_slice() {
                [] => {}
                [input] => {
                    let named_type = input.ty.inner_named_type();
                    let is_input = input.name == "input"
                        && input.ty.to_string() == format!("{named_type}!")
                        && named_type.ends_with("Input")
                        && subgraph.input(named_type).is_some();
                    if !is_input {
                        violations.push(format!("{path}({}: {})", input.name, input.ty));
                    }
                }
                _ => violations.push(format!("{path} has several arguments")),
            }
        }
    }
    assert_none(
        violations,
        "a mutation has the one argument `input: <X>Input!`, or none:",
    );
}

#[test]
fn a_mutation_answers_with_its_own_payload() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        for mutation in subgraph.mutations() {
            let path = format!("{}: Mutation.{}", subgraph.name, mutation.name);
            let payload = format!("{}Payload", capitalized(&mutation.name));
            if mutation.ty.to_string() != format!("{payload}!") {
                violations.push(format!("{path}: {} instead of {payload}!", mutation.ty));
                continue;
            }
            violations.extend(payload_violations(&subgraph, &payload));
        }
    }
    assert_none(
        violations,
        "a mutation answers `<Mutation>Payload!`, whose `userErrors` is a `[<X>UserError!]!`, and \
         whose entities are nullable:",
    );
}

fn payload_violations(subgraph: &Subgraph, payload: &str) -> Vec<String> {
    let place = format!("{}: {payload}", subgraph.name);
    let Some(object) = subgraph.object(payload) else {
        return vec![format!("{place} does not exist")];
    };
    let mut violations = Vec::new();
    for field in &object.fields {
        let written = field.ty.to_string();
        let named_type = field.ty.inner_named_type();
        let fits = if field.name == "userErrors" {
            named_type.ends_with("UserError") && written == format!("[{named_type}!]!")
        } else {
            // What a refused mutation does not have is null; a list is empty then.
            field.ty.is_list() || !field.ty.is_non_null()
        };
        if !fits {
            violations.push(format!("{place}.{}: {written}", field.name));
        }
    }
    if type_of(&object.fields, "userErrors").is_none() {
        violations.push(format!("{place} has no userErrors"));
    }
    violations
}

#[test]
fn user_errors_are_alike() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        let errors: Vec<_> = subgraph
            .objects()
            .filter(|object| object.name.ends_with("UserError"))
            .collect();
        if !subgraph.mutations().is_empty() && errors.len() != 1 {
            violations.push(format!(
                "{}: {} types end with UserError",
                subgraph.name,
                errors.len()
            ));
        }
        for error in errors {
            let context = error.name.trim_end_matches("UserError");
            let codes = format!("{context}ErrorCode");
            let wanted = [
                ("field", "[String!]".to_owned()),
                ("code", format!("{codes}!")),
                ("message", "String!".to_owned()),
            ];
            for (name, wanted) in wanted {
                let found = type_of(&error.fields, name);
                if found.as_ref() != Some(&wanted) {
                    violations.push(format!(
                        "{}: {}.{name}: {found:?} instead of {wanted}",
                        subgraph.name, error.name
                    ));
                }
            }
            // More than these three is data that some codes come with.
            for field in &error.fields {
                let is_extra = !["field", "code", "message"].contains(&field.name.as_str());
                if is_extra && field.ty.is_non_null() {
                    violations.push(format!(
                        "{}: {}.{}: {} is not nullable",
                        subgraph.name, error.name, field.name, field.ty
                    ));
                }
            }
            if !subgraph
                .enums()
                .any(|an_enum| an_enum.name.as_str() == codes)
            {
                violations.push(format!("{}: no enum {codes}", subgraph.name));
            }
            // The path starts at the mutation's argument, and the description shows it.
            let shows_a_path = error.fields.iter().any(|field| {
                field.name == "field"
                    && field
                        .description
                        .as_ref()
                        .is_some_and(|text| text.contains("[\"input\", "))
            });
            if !shows_a_path {
                violations.push(format!(
                    "{}: {}.field shows no path like [\"input\", …]",
                    subgraph.name, error.name
                ));
            }
        }
    }
    assert_none(
        violations,
        "a `<Context>UserError` is `field: [String!]`, `code: <Context>ErrorCode!`, `message: \
         String!`, and nullable extras:",
    );
}

#[test]
fn money_and_stock_are_moved_with_a_key() {
    let subgraphs = subgraphs();
    let mut violations = Vec::new();
    for name in NEED_A_KEY {
        let found = subgraphs.iter().find_map(|subgraph| {
            let mutation = subgraph
                .mutations()
                .iter()
                .find(|field| field.name == name)?;
            let input = mutation.arguments.first()?.ty.inner_named_type();
            Some((subgraph, subgraph.input(input)?))
        });
        let Some((subgraph, input)) = found else {
            violations.push(format!("no mutation {name} with an input"));
            continue;
        };
        let has_key = input
            .fields
            .iter()
            .any(|field| field.name == "idempotencyKey" && field.ty.to_string() == "String!");
        if !has_key {
            violations.push(format!("{}: {}", subgraph.name, input.name));
        }
    }
    assert_none(violations, "without `idempotencyKey: String!`:");
}
