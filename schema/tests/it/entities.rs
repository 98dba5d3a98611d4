//! Every entity has one owner; others add fields to it by its key.

use std::collections::BTreeMap;

use crate::committed::{Subgraph, assert_none, is_entity, keys, subgraphs};

/// Who owns which entity.
const OWNERS: [(&str, &str); 10] = [
    ("Cart", "cart"),
    ("Category", "catalog"),
    ("EmailLog", "notification"),
    ("Order", "order"),
    ("Payment", "payment"),
    ("Product", "catalog"),
    ("ProductVariant", "catalog"),
    ("StockLevel", "inventory"),
    ("User", "accounts"),
    ("Warehouse", "inventory"),
];

/// The subgraph that owns an entity.
pub(crate) fn owner(entity: &str) -> Option<&'static str> {
    OWNERS
        .iter()
        .find(|(name, _)| *name == entity)
        .map(|(_, owner)| *owner)
}

fn by_name<'a>(subgraphs: &'a [Subgraph], name: &str) -> &'a Subgraph {
    subgraphs
        .iter()
        .find(|subgraph| subgraph.name == name)
        .unwrap_or_else(|| panic!("{name} is in the table, but not in schema/subgraphs"))
}

#[test]
fn every_entity_has_an_owner() {
    let subgraphs = subgraphs();
    let mut violations = Vec::new();
    for subgraph in &subgraphs {
        for object in subgraph.objects() {
            if is_entity(&object.directives) && owner(&object.name).is_none() {
                violations.push(format!(
                    "{}: {} is new: say in schema/tests/it/entities.rs who owns it",
                    subgraph.name, object.name
                ));
            }
        }
    }
    for (entity, owner) in OWNERS {
        let owned = by_name(&subgraphs, owner).object(entity);
        let key = owned.map(|object| keys(&object.directives));
        // A key that only refers to others is not an owner's.
        let is_resolvable = owned.is_some_and(|object| {
            object
                .directives
                .iter()
                .filter(|directive| directive.name == "key")
                .all(|directive| directive.specified_argument_by_name("resolvable").is_none())
        });
        if !is_resolvable || !key.unwrap_or_default().contains(&"id".to_owned()) {
            violations.push(format!(
                "{owner}: {entity} has to be there with a resolvable @key(fields: \"id\")"
            ));
        }
    }
    assert_none(violations, "every entity has one owner:");
}

#[test]
fn others_know_an_entity_by_its_key_and_their_own_fields() {
    let subgraphs = subgraphs();
    let mut violations = Vec::new();
    // By field: the subgraphs that say they answer it.
    let mut answered_by = BTreeMap::<String, Vec<&str>>::new();
    for subgraph in &subgraphs {
        for object in subgraph.objects() {
            let Some(owner) = owner(&object.name).filter(|_| is_entity(&object.directives)) else {
                continue;
            };
            let owned = by_name(&subgraphs, owner)
                .object(&object.name)
                .expect("checked above");
            let own_keys = keys(&object.directives);
            let known_keys = keys(&owned.directives);
            for key in &own_keys {
                if !known_keys.contains(key) {
                    violations.push(format!(
                        "{}: {} @key(fields: \"{key}\") is not a key of {owner}",
                        subgraph.name, object.name
                    ));
                }
            }
            let is_owner = subgraph.name == owner;
            for field in &object.fields {
                let path = format!("{}.{}", object.name, field.name);
                let is_key = own_keys.contains(&field.name.to_string());
                let is_external = field.directives.has("external");
                let of_owner = owned.fields.iter().find(|other| other.name == field.name);
                if !is_key && !is_external {
                    answered_by
                        .entry(path)
                        .or_default()
                        .push(subgraph.name.as_str());
                    continue;
                }
                if is_owner {
                    continue;
                }
                // What is repeated reads and is typed as the owner has it.
                match of_owner {
                    None => violations.push(format!(
                        "{}: {path} is not a field of {owner}",
                        subgraph.name
                    )),
                    Some(of_owner) => {
                        if field.ty != of_owner.ty || field.description != of_owner.description {
                            violations.push(format!(
                                "{}: {path} is typed or described otherwise than by {owner}",
                                subgraph.name
                            ));
                        }
                    }
                }
            }
            // Composition takes any one of the descriptions; so they are all the owner's.
            if object.description != owned.description {
                violations.push(format!(
                    "{}: {} is described otherwise than by {owner}",
                    subgraph.name, object.name
                ));
            }
        }
    }
    for (path, places) in answered_by {
        if places.len() > 1 {
            violations.push(format!("{path} is answered by {}", places.join(" and ")));
        }
    }
    assert_none(
        violations,
        "an entity is extended by its key, @external fields and fields nobody else has:",
    );
}

#[test]
fn an_entity_has_a_key_everywhere() {
    let subgraphs = subgraphs();
    let mut violations = Vec::new();
    for (entity, owner) in OWNERS {
        for subgraph in &subgraphs {
            let Some(object) = subgraph.object(entity) else {
                continue;
            };
            if !is_entity(&object.directives) {
                violations.push(format!(
                    "{}: {entity}, which {owner} owns, has no @key here",
                    subgraph.name
                ));
            }
        }
    }
    assert_none(violations, "an entity is an entity everywhere:");
}
