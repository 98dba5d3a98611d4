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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn places_are_found_through_lists_and_types() {
        let schema = Schema::parse(
            "type Query { a: N } interface N { id: ID } type X implements N { id: ID } type Y implements N { id: ID }",
            "s",
        )
        .unwrap();
        let data = object(
            json!({"a": [[{"__typename": "X"}, null], [{"__typename": "Y"}, {"__typename": "X"}]]}),
        );
        let path = |types: &[&str]| {
            vec![
                PathSegment::Field("a".into()),
                PathSegment::List,
                PathSegment::List,
                PathSegment::TypeCondition(types.iter().map(ToString::to_string).collect()),
            ]
        };
        assert_eq!(places(&data, &path(&["X"]), &schema).len(), 2);
        assert_eq!(places(&data, &path(&["N"]), &schema).len(), 3);
        assert_eq!(places(&data, &path(&["Z"]), &schema).len(), 0);
    }

    #[test]
    fn merging_is_deep_and_null_undoes_nothing() {
        let mut data = object(json!({"a": [{"x": 1, "n": {"p": 1}}, {"x": 2, "n": {"p": 2}}]}));
        merge_at(
            &mut data,
            &[],
            json!({"a": [{"y": 1, "n": null}, {"n": {"q": 3}}]}),
        );
        merge_at(
            &mut data,
            &[
                PathElement::Key("a".into()),
                PathElement::Index(0),
                PathElement::Key("n".into()),
            ],
            json!({"r": 9}),
        );
        assert_eq!(
            Value::Object(data),
            json!({"a": [{"x": 1, "n": {"p": 1, "r": 9}, "y": 1}, {"x": 2, "n": {"p": 2, "q": 3}}]})
        );
    }

    #[test]
    fn a_place_that_is_not_there_changes_nothing() {
        let mut data = object(json!({"a": 1}));
        merge_at(&mut data, &[PathElement::Key("b".into())], json!({"r": 9}));
        merge_at(
            &mut data,
            &[PathElement::Key("a".into()), PathElement::Index(3)],
            json!({"r": 9}),
        );
        assert_eq!(Value::Object(data), json!({"a": 1}));
    }
}
