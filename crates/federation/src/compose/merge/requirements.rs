//! Access rules and costs that several subgraphs state: none of them is lost.

use std::collections::BTreeSet;

use apollo_compiler::ast::{Argument, Value};
use apollo_compiler::{Name, Node, name};

use super::argument;
use crate::compose::subgraph::Applied;

/// Sets of scopes or policies: one set of each subgraph must be met.
pub(super) fn merge_sets(applied: &[&Applied], name: &str) -> Vec<Node<Argument>> {
    let mut merged: Option<BTreeSet<BTreeSet<String>>> = None;
    for applied in applied {
        let sets = sets(applied.argument(name));
        merged = Some(match merged {
            None => sets,
            Some(known) => known
                .iter()
                .flat_map(|known| sets.iter().map(move |set| known | set))
                .collect(),
        });
    }
    let merged = merged.unwrap_or_default();
    // A set that contains another one asks for more than is needed.
    let least = merged.iter().filter(|set| {
        !merged
            .iter()
            .any(|other| other.is_subset(set) && other != *set)
    });
    let value = Value::List(
        least
            .map(|set| {
                let items = set
                    .iter()
                    .map(|item| Node::new(Value::String(item.clone())));
                Node::new(Value::List(items.collect()))
            })
            .collect(),
    );
    match Name::new(name) {
        Ok(name) => vec![argument(name, value)],
        Err(_) => Vec::new(),
    }
}

fn sets(value: Option<&Value>) -> BTreeSet<BTreeSet<String>> {
    let strings = |value: &Value| -> BTreeSet<String> {
        match value {
            Value::List(items) => items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
            other => other.as_str().map(str::to_owned).into_iter().collect(),
        }
    };
    match value {
        Some(Value::List(items)) => items.iter().map(|item| strings(item)).collect(),
        Some(other) => BTreeSet::from([strings(other)]),
        None => BTreeSet::new(),
    }
}

/// The highest weight.
pub(super) fn highest_cost(applied: &[&Applied]) -> Vec<Node<Argument>> {
    let weight = applied
        .iter()
        .filter_map(|applied| applied.argument("weight").and_then(Value::to_i32))
        .max()
        .unwrap_or_default();
    vec![argument(name!("weight"), Value::from(weight))]
}

/// The largest size, and everybody's arguments and fields.
pub(super) fn joint_list_size(applied: &[&Applied]) -> Vec<Node<Argument>> {
    if let [first, others @ ..] = applied
        && others
            .iter()
            .all(|other| other.directive.arguments == first.directive.arguments)
    {
        return first.directive.arguments.clone();
    }
    let mut arguments = Vec::new();
    let size = applied
        .iter()
        .filter_map(|applied| applied.argument("assumedSize").and_then(Value::to_i32))
        .max();
    if let Some(size) = size {
        arguments.push(argument(name!("assumedSize"), Value::from(size)));
    }
    for list in [name!("slicingArguments"), name!("sizedFields")] {
        let mut items: Vec<String> = Vec::new();
        let mut is_given = false;
        for applied in applied {
            let Some(Value::List(values)) = applied.argument(&list) else {
                continue;
            };
            is_given = true;
            for item in values.iter().filter_map(|item| item.as_str()) {
                if !items.iter().any(|known| known == item) {
                    items.push(item.to_owned());
                }
            }
        }
        if is_given {
            let values = items
                .into_iter()
                .map(|item| Node::new(Value::String(item)))
                .collect();
            arguments.push(argument(list, Value::List(values)));
        }
    }
    let said: Vec<bool> = applied
        .iter()
        .filter_map(|applied| {
            applied
                .argument("requireOneSlicingArgument")
                .and_then(Value::to_bool)
        })
        .collect();
    // Not saying it means yes.
    let all = said.iter().all(|said| *said);
    arguments.push(argument(
        name!("requireOneSlicingArgument"),
        Value::Boolean(all),
    ));
    arguments
}
