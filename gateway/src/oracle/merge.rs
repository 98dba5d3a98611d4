//! Places in the tree, and merging answers into them.

use apollo_compiler::Schema;
use federation::PathSegment;
use serde_json::{Map, Value};

use super::fetch::Place;
use super::rewrite::is_one_of;
use crate::response::PathElement;

/// All objects a path leads to.
pub(super) fn places(
    data: &Map<String, Value>,
    path: &[PathSegment],
    schema: &Schema,
) -> Vec<Place> {
    let mut found = Vec::new();
    if path.is_empty() {
        found.push(Vec::new());
        return found;
    }
    visit(data, path, schema, &mut |place, _| {
        found.push(place.to_vec())
    });
    found
}

/// Calls `found` with every object a path leads to.
pub(super) fn visit<'a>(
    data: &'a Map<String, Value>,
    path: &[PathSegment],
    schema: &Schema,
    found: &mut impl FnMut(&[PathElement], &'a Map<String, Value>),
) {
    visit_object(data, path, schema, &mut Vec::new(), found);
}

fn visit_object<'a>(
    object: &'a Map<String, Value>,
    path: &[PathSegment],
    schema: &Schema,
    place: &mut Place,
    found: &mut impl FnMut(&[PathElement], &'a Map<String, Value>),
) {
    match path.split_first() {
        None => found(place, object),
        Some((PathSegment::Field(key), rest)) => {
            if let Some(value) = object.get(key) {
                place.push(PathElement::Key(key.clone()));
                visit_value(value, rest, schema, place, found);
                place.pop();
            }
        }
        Some((PathSegment::TypeCondition(types), rest)) => {
            let matches = match object.get("__typename").and_then(Value::as_str) {
                Some(type_name) => is_one_of(schema, types, type_name),
                // Without a type name there was only one possible type.
                None => true,
            };
            if matches {
                visit_object(object, rest, schema, place, found);
            }
        }
        Some((PathSegment::List, rest)) => visit_object(object, rest, schema, place, found),
    }
}

fn visit_value<'a>(
    value: &'a Value,
    path: &[PathSegment],
    schema: &Schema,
    place: &mut Place,
    found: &mut impl FnMut(&[PathElement], &'a Map<String, Value>),
) {
    match value {
        Value::Object(object) => visit_object(object, path, schema, place, found),
        Value::Array(items) => {
            let rest = match path.split_first() {
                Some((PathSegment::List, rest)) => rest,
                _ => path,
            };
            for (index, item) in items.iter().enumerate() {
                place.push(PathElement::Index(index));
                visit_value(item, rest, schema, place, found);
                place.pop();
            }
        }
        _ => {}
    }
}

/// Merges an object into the object at a place.
pub(super) fn merge_at(data: &mut Map<String, Value>, place: &[PathElement], value: Value) {
    let Value::Object(members) = value else {
        return;
    };
    let Some((first, rest)) = place.split_first() else {
        return merge_objects(data, members);
    };
    let PathElement::Key(key) = first else { return };
    let mut target = data.get_mut(key);
    for element in rest {
        target = match (target, element) {
            (Some(Value::Object(object)), PathElement::Key(key)) => object.get_mut(key),
            (Some(Value::Array(items)), PathElement::Index(index)) => items.get_mut(*index),
            _ => return,
        };
    }
    if let Some(Value::Object(object)) = target {
        merge_objects(object, members);
    }
}

fn merge_objects(target: &mut Map<String, Value>, members: Map<String, Value>) {
    for (key, value) in members {
        match target.get_mut(&key) {
            Some(known) => merge_values(known, value),
            None => {
                target.insert(key, value);
            }
        }
    }
}

fn merge_values(target: &mut Value, value: Value) {
    match (target, value) {
        (Value::Object(target), Value::Object(members)) => merge_objects(target, members),
        (Value::Array(target), Value::Array(items)) if target.len() == items.len() => {
            for (target, item) in target.iter_mut().zip(items) {
                merge_values(target, item);
            }
        }
        // What one subgraph knows is not undone by another one that does not.
        (_, Value::Null) => {}
        (target, value) => *target = value,
    }
}
