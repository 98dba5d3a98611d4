//! Entities → representations: each entity once, with all places it occurs at.

use std::collections::HashMap;

use apollo_compiler::Schema;
use federation::{EntityGroup, Requirement};
use serde_json::{Map, Value};

use super::fetch::Place;
use super::merge::visit;
use super::rewrite::{apply, is_one_of};

/// The representations of one group.
#[derive(Debug, Default)]
pub(super) struct Representations {
    /// What is sent.
    pub(super) values: Vec<Value>,
    /// For each of them, the places it belongs to.
    pub(super) places: Vec<Vec<Place>>,
}

/// Collects the representations of a group over all its paths.
pub(super) fn collect(
    data: &Map<String, Value>,
    group: &EntityGroup,
    schema: &Schema,
) -> Representations {
    let mut representations = Representations::default();
    let mut known: HashMap<String, usize> = HashMap::new();
    for path in &group.paths {
        visit(data, path, schema, &mut |place, entity| {
            let Some(members) = represent(entity, &group.requires, schema) else {
                return;
            };
            // An entity of a type the subgraph does not complete has no representation.
            if members.keys().all(|key| key == "__typename") {
                return;
            }
            let mut value = Value::Object(members);
            apply(&mut value, &group.input_rewrites, schema);

            let index = *known.entry(value.to_string()).or_insert_with(|| {
                representations.values.push(value);
                representations.places.push(Vec::new());
                representations.values.len() - 1
            });
            if let Some(places) = representations.places.get_mut(index) {
                places.push(place.to_vec());
            }
        });
    }
    representations
}

/// The required members of an entity; `None` if one of them has not been fetched.
fn represent(
    entity: &Map<String, Value>,
    requires: &[Requirement],
    schema: &Schema,
) -> Option<Map<String, Value>> {
    let mut members = Map::new();
    fill(&mut members, entity, requires, schema)?;
    Some(members)
}

fn fill(
    members: &mut Map<String, Value>,
    entity: &Map<String, Value>,
    requires: &[Requirement],
    schema: &Schema,
) -> Option<()> {
    for requirement in requires {
        match requirement {
            Requirement::Fragment {
                type_condition,
                requires,
            } => {
                let type_name = entity.get("__typename").and_then(Value::as_str);
                let applies = type_name.is_none_or(|type_name| {
                    is_one_of(schema, std::slice::from_ref(type_condition), type_name)
                });
                if applies {
                    fill(members, entity, requires, schema)?;
                }
            }
            Requirement::Field { from, to, requires } => {
                let value = pick(entity.get(from)?, requires, schema)?;
                match (members.get_mut(to), value) {
                    (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
                    (_, value) => {
                        members.insert(to.clone(), value);
                    }
                }
            }
        }
    }
    Some(())
}

fn pick(value: &Value, requires: &[Requirement], schema: &Schema) -> Option<Value> {
    match value {
        Value::Object(object) if !requires.is_empty() => {
            represent(object, requires, schema).map(Value::Object)
        }
        Value::Array(items) if !requires.is_empty() => items
            .iter()
            .map(|item| pick(item, requires, schema))
            .collect::<Option<_>>()
            .map(Value::Array),
        leaf => Some(leaf.clone()),
    }
}
