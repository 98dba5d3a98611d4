//! Directives that say who may read something, and what it costs.

use apollo_compiler::ast::{Directive, DirectiveList, Value};

/// `@authenticated`, `@requiresScopes` and `@policy` of a type or field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authorization {
    /// Only for somebody who is known.
    pub authenticated: bool,
    /// One of these sets of scopes is needed; empty if none is.
    pub scopes: Vec<Vec<String>>,
    /// One of these sets of policies must hold; empty if none must.
    pub policies: Vec<Vec<String>>,
}

/// `@cost` and `@listSize` of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CostDirectives {
    /// `@cost(weight:)`.
    pub weight: Option<i32>,
    /// `@listSize`.
    pub list_size: Option<ListSize>,
}

/// `@listSize` of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListSize {
    /// How many elements to expect when nothing says more.
    pub assumed_size: Option<i32>,
    /// Arguments that tell how many elements there will be.
    pub slicing_arguments: Vec<String>,
    /// The fields of the value that are the lists.
    pub sized_fields: Vec<String>,
    /// Exactly one of the slicing arguments must be given.
    pub require_one_slicing_argument: bool,
}

impl Authorization {
    pub(super) fn read(directives: &DirectiveList) -> Self {
        let sets = |directive: &str, argument: &str| {
            find(directives, directive)
                .and_then(|found| found.specified_argument_by_name(argument))
                .and_then(|value| value.as_list())
                .map(|sets| sets.iter().map(|set| strings(set)).collect())
                .unwrap_or_default()
        };
        Self {
            authenticated: find(directives, "authenticated").is_some(),
            scopes: sets("requiresScopes", "scopes"),
            policies: sets("policy", "policies"),
        }
    }
}

impl CostDirectives {
    pub(super) fn read(directives: &DirectiveList) -> Self {
        let list_size = find(directives, "listSize").map(|directive| {
            let argument = |name: &str| directive.specified_argument_by_name(name);
            ListSize {
                assumed_size: argument("assumedSize").and_then(|value| value.to_i32()),
                slicing_arguments: argument("slicingArguments")
                    .map(|value| strings(value))
                    .unwrap_or_default(),
                sized_fields: argument("sizedFields")
                    .map(|value| strings(value))
                    .unwrap_or_default(),
                require_one_slicing_argument: argument("requireOneSlicingArgument")
                    .and_then(|value| value.to_bool())
                    .unwrap_or(true),
            }
        });
        Self {
            weight: find(directives, "cost")
                .and_then(|directive| directive.specified_argument_by_name("weight"))
                .and_then(|value| value.to_i32()),
            list_size,
        }
    }
}

/// A directive by its own name or in the namespace of its specification.
fn find<'a>(directives: &'a DirectiveList, name: &str) -> Option<&'a Directive> {
    directives
        .iter()
        .find(|directive| {
            directive.name == name
                || directive
                    .name
                    .rsplit_once("__")
                    .is_some_and(|(_, last)| last == name)
        })
        .map(|directive| &**directive)
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}
