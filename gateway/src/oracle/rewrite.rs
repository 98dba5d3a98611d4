//! Changes the planner asks for on the way to and from a subgraph.

use apollo_compiler::Schema;
use federation::{Rewrite, RewriteSegment};
use serde_json::{Map, Value};

/// Applies rewrites to a representation or an answer.
pub(super) fn apply(value: &mut Value, rewrites: &[Rewrite], schema: &Schema) {
    for rewrite in rewrites {
        match rewrite {
            Rewrite::SetValue { path, value: new } => {
                walk(value, path, schema, &mut |object, key| {
                    object.insert(key.to_owned(), Value::from(new.as_str()));
                })
            }
            Rewrite::RenameKey { path, to } => walk(value, path, schema, &mut |object, key| {
                if let Some(renamed) = object.shift_remove(key) {
                    object.insert(to.clone(), renamed);
                }
            }),
        }
    }
}

fn walk(
    value: &mut Value,
    path: &[RewriteSegment],
    schema: &Schema,
    change: &mut impl FnMut(&mut Map<String, Value>, &str),
) {
    match value {
        Value::Array(items) => {
            for item in items {
                walk(item, path, schema, change);
            }
        }
        Value::Object(object) => match path {
            [] => {}
            [RewriteSegment::Key(key)] => change(object, key),
            [RewriteSegment::Key(key), rest @ ..] => {
                if let Some(member) = object.get_mut(key) {
                    walk(member, rest, schema, change);
                }
            }
            [RewriteSegment::TypenameIs(types), rest @ ..] => {
                let matches = object
                    .get("__typename")
                    .and_then(Value::as_str)
                    .is_none_or(|type_name| is_one_of(schema, types, type_name));
                if matches {
                    walk(value, rest, schema, change);
                }
            }
        },
        _ => {}
    }
}

/// Whether a type is one of these, or implements or belongs to one of them.
pub(super) fn is_one_of(schema: &Schema, types: &[String], type_name: &str) -> bool {
    types
        .iter()
        .any(|expected| expected == type_name || schema.is_subtype(expected, type_name))
}
