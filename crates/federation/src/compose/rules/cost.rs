//! `@listSize`: sizes, arguments and fields that there are.

use apollo_compiler::ast::Value;

use crate::compose::codes::{
    Code, LIST_SIZE_APPLIED_TO_NON_LIST, LIST_SIZE_INVALID_ASSUMED_SIZE,
    LIST_SIZE_INVALID_SIZED_FIELD, LIST_SIZE_INVALID_SLICING_ARGUMENT,
};
use crate::compose::error::Findings;
use crate::compose::subgraph::{FieldDef, Subgraph};

pub(super) fn check(subgraph: &Subgraph, findings: &mut Findings) {
    for (name, ty) in &subgraph.types {
        for (field_name, field) in &ty.fields {
            let Some(applied) = field.described.get("listSize") else {
                continue;
            };
            for (code, message) in problems(subgraph, field) {
                findings.error(
                    code,
                    format!("`@listSize` on `{name}.{field_name}`: {message}"),
                    vec![subgraph.place(applied.at())],
                );
            }
        }
    }
}

fn problems(subgraph: &Subgraph, field: &FieldDef) -> Vec<(Code, String)> {
    let Some(applied) = field.described.get("listSize") else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    let sized = strings(applied.argument("sizedFields"));
    if sized.is_empty() && !field.ty.is_list() {
        problems.push((
            LIST_SIZE_APPLIED_TO_NON_LIST,
            format!("`{}` is no list", field.ty),
        ));
    }
    let assumed = applied.argument("assumedSize").and_then(Value::to_i32);
    if assumed.is_some_and(|size| size < 0) {
        problems.push((
            LIST_SIZE_INVALID_ASSUMED_SIZE,
            "the assumed size is negative".to_owned(),
        ));
    }
    for name in strings(applied.argument("slicingArguments")) {
        let argument = field.arguments.get(name);
        let is_int =
            argument.is_some_and(|it| !it.ty.is_list() && it.ty.inner_named_type() == "Int");
        if !is_int {
            problems.push((
                LIST_SIZE_INVALID_SLICING_ARGUMENT,
                format!("`{name}` is no argument of type `Int`"),
            ));
        }
    }
    let target = field.ty.inner_named_type();
    for name in sized {
        let is_list = subgraph
            .field(target, name)
            .is_some_and(|field| field.ty.is_list());
        if !is_list {
            problems.push((
                LIST_SIZE_INVALID_SIZED_FIELD,
                format!("`{target}.{name}` is no list"),
            ));
        }
    }
    problems
}

fn strings(value: Option<&Value>) -> Vec<&str> {
    value
        .and_then(Value::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| item.as_str())
        .collect()
}
