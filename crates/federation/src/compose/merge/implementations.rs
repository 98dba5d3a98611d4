//! Interfaces after merging: their fields are on all their types, those of interface objects too.

use std::collections::BTreeMap;

use apollo_compiler::ast::{Definition, Directive, FieldDefinition};
use apollo_compiler::{Name, Node, name};

use crate::compose::codes::INTERFACE_FIELD_NO_IMPLEM;
use crate::compose::error::{Findings, Place, enumerated};
use crate::compose::subgraph::{Kind, Subgraph};

/// Completes objects with the fields of interface objects, then looks for what is missing.
pub(super) fn complete(
    subgraphs: &[Subgraph],
    definitions: &mut BTreeMap<Name, Definition>,
    findings: &mut Findings,
) {
    let interfaces: BTreeMap<Name, Vec<Node<FieldDefinition>>> = definitions
        .iter()
        .filter_map(|(name, definition)| match definition {
            Definition::InterfaceTypeDefinition(it) => Some((name.clone(), it.fields.clone())),
            _ => None,
        })
        .collect();
    for (name, definition) in definitions {
        let (implemented, fields) = match definition {
            Definition::ObjectTypeDefinition(it) => {
                let it = it.make_mut();
                (&it.implements_interfaces, &mut it.fields)
            }
            Definition::InterfaceTypeDefinition(it) => {
                let it = it.make_mut();
                (&it.implements_interfaces, &mut it.fields)
            }
            _ => continue,
        };
        for interface in implemented {
            let Some(expected) = interfaces.get(interface) else {
                continue;
            };
            for field in expected {
                if fields.iter().any(|known| known.name == field.name) {
                    continue;
                }
                let is_of_object = subgraphs.iter().any(|subgraph| {
                    subgraph.types.get(interface).is_some_and(|ty| {
                        ty.is_interface_object() && ty.fields.contains_key(&field.name)
                    })
                });
                if is_of_object {
                    fields.push(from_interface_object(field));
                } else {
                    missing(subgraphs, name, interface, &field.name, findings);
                }
            }
        }
    }
}

/// The field as types get it that implement the interface: resolved wherever the interface is.
fn from_interface_object(field: &FieldDefinition) -> Node<FieldDefinition> {
    let mut field = field.clone();
    field
        .directives
        .0
        .retain(|directive| directive.name != "join__field");
    field.directives.0.insert(
        0,
        Node::new(Directive {
            name: name!("join__field"),
            arguments: Vec::new(),
        }),
    );
    Node::new(field)
}

fn missing(
    subgraphs: &[Subgraph],
    name: &Name,
    interface: &Name,
    field: &Name,
    findings: &mut Findings,
) {
    let having: Vec<&Subgraph> = subgraphs
        .iter()
        .filter(|subgraph| {
            subgraph
                .find(interface, Kind::Interface)
                .is_some_and(|ty| ty.fields.contains_key(field))
        })
        .collect();
    let implementing: Vec<&Subgraph> = subgraphs
        .iter()
        .filter(|subgraph| {
            subgraph
                .types
                .get(name)
                .is_some_and(|ty| ty.interfaces.contains(interface))
        })
        .collect();
    let names = |subgraphs: &[&Subgraph]| {
        enumerated(subgraphs.iter().map(|subgraph| subgraph.name.as_str()))
    };
    let mut places: Vec<Place> = having
        .iter()
        .filter_map(|subgraph| {
            let field = subgraph.field(interface, field)?;
            Some(subgraph.place(field.described.at))
        })
        .collect();
    places.extend(
        implementing
            .iter()
            .map(|subgraph| subgraph.place(subgraph.types[name].described.at)),
    );
    findings.error(
        INTERFACE_FIELD_NO_IMPLEM,
        format!(
            "`{interface}.{field}` is declared in {}, but no subgraph has `{name}.{field}`, and \
             `{name}` implements `{interface}` in {}",
            names(&having),
            names(&implementing)
        ),
        places,
    );
}
