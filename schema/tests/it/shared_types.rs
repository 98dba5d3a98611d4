//! Types that several subgraphs define are the same in all of them.

use std::collections::BTreeMap;

use apollo_compiler::ast::Definition;

use crate::committed::{ROOTS, assert_none, is_entity, subgraphs};

/// A definition of a value type: everything that is neither root nor entity.
fn is_value(definition: &Definition) -> bool {
    match definition {
        Definition::ObjectTypeDefinition(object) => {
            !ROOTS.contains(&object.name.as_str()) && !is_entity(&object.directives)
        }
        Definition::ScalarTypeDefinition(_)
        | Definition::EnumTypeDefinition(_)
        | Definition::InputObjectTypeDefinition(_)
        | Definition::InterfaceTypeDefinition(_)
        | Definition::UnionTypeDefinition(_) => true,
        _ => false,
    }
}

#[test]
fn value_types_are_identical_in_all_subgraphs() {
    let subgraphs = subgraphs();
    // By type: the subgraphs that define it, with their text.
    let mut definitions = BTreeMap::<String, Vec<(&str, String)>>::new();
    let mut violations = Vec::new();
    for subgraph in &subgraphs {
        for definition in &subgraph.document.definitions {
            let Some(name) = definition.name().filter(|_| is_value(definition)) else {
                continue;
            };
            definitions
                .entry(name.to_string())
                .or_default()
                .push((&subgraph.name, definition.to_string()));
        }
    }
    definitions.retain(|_, places| places.len() > 1);
    for expected in [
        "AddressInput",
        "DateTime",
        "Money",
        "PageInfo",
        "PostalAddress",
    ] {
        assert!(
            definitions.contains_key(expected),
            "{expected} is shared no more"
        );
    }
    for (name, places) in &definitions {
        let (first, text) = &places[0];
        for (other, other_text) in &places[1..] {
            if let Some((line, other_line)) = first_difference(text, other_text) {
                violations.push(format!(
                    "{name} in {first}: `{line}`, in {other}: `{other_line}`"
                ));
            }
        }
        let is_object = text.contains(&format!("type {name} "));
        if is_object && !text.contains("@shareable") {
            violations.push(format!("{name} in {first} is not @shareable"));
        }
    }
    assert_none(
        violations,
        "value types come from service::graphql and are byte-identical:",
    );
}

fn first_difference<'a>(one: &'a str, other: &'a str) -> Option<(&'a str, &'a str)> {
    let (mut lines, mut other_lines) = (one.lines(), other.lines());
    loop {
        match (lines.next(), other_lines.next()) {
            (None, None) => return None,
            (line, other) if line == other => {}
            (line, other) => {
                let shown = |line: Option<&'a str>| line.unwrap_or("nothing").trim();
                return Some((shown(line), shown(other)));
            }
        }
    }
}
