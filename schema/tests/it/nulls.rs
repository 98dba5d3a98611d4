//! One service that does not answer must not take the answers of others with it.

use crate::committed::{ROOTS, assert_none, is_entity, subgraphs};
use crate::entities::owner;

#[test]
fn what_another_subgraph_answers_is_nullable() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        let is_foreign = |name: &str| {
            subgraph
                .object(name)
                .is_some_and(|object| is_entity(&object.directives))
                && owner(name) != Some(subgraph.name.as_str())
        };
        for object in subgraph.objects() {
            for field in &object.fields {
                // A list of references is made here, as is what a root field begins with.
                let is_root = ROOTS.contains(&object.name.as_str());
                let refers = is_foreign(field.ty.inner_named_type()) && !is_root;
                if refers && field.ty.is_non_null() && !field.ty.is_list() {
                    violations.push(format!(
                        "{}: {}.{}: {}",
                        subgraph.name, object.name, field.name, field.ty
                    ));
                }
            }
        }
    }
    assert_none(violations, "a reference into another subgraph is nullable:");
}

#[test]
fn what_a_subgraph_adds_to_a_foreign_type_is_nullable() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        for object in subgraph.objects() {
            if !is_entity(&object.directives) || owner(&object.name) == Some(&subgraph.name) {
                continue;
            }
            let keys = crate::committed::keys(&object.directives);
            for field in &object.fields {
                let is_own =
                    !keys.contains(&field.name.to_string()) && !field.directives.has("external");
                if is_own && field.ty.is_non_null() {
                    violations.push(format!(
                        "{}: {}.{}: {}",
                        subgraph.name, object.name, field.name, field.ty
                    ));
                }
            }
        }
    }
    assert_none(
        violations,
        "a field added to a type of another subgraph is nullable:",
    );
}
