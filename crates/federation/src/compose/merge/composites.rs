//! Objects and interfaces: all fields of all subgraphs.

use std::collections::BTreeSet;

use apollo_compiler::ast::{
    Definition, DirectiveList, FieldDefinition, InterfaceTypeDefinition, ObjectTypeDefinition,
    Value,
};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::{Name, Node, name};

use super::fields::Parent;
use super::scalars::described;
use super::{Merger, Source, argument, directive};
use crate::compose::subgraph::{FieldDef, TypeDef};

/// What objects and interfaces have in common.
struct Composite {
    directives: DirectiveList,
    interfaces: Vec<Name>,
    fields: Vec<Node<FieldDefinition>>,
}

impl Merger<'_> {
    /// `None` for a root type without fields.
    pub(super) fn object(
        &mut self,
        name: &Name,
        sources: &[Source<'_, TypeDef>],
    ) -> Option<Definition> {
        let composite = self.composite(name, sources);
        if composite.fields.is_empty() && crate::compose::subgraph::ROOTS.contains(&name.as_str()) {
            return None;
        }
        self.hint_mixed(name, sources);
        self.hint_partial(
            "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
            name,
            sources,
            &composite.fields,
        );
        Some(Definition::ObjectTypeDefinition(Node::new(
            ObjectTypeDefinition {
                description: self.description(name, &described(sources)),
                name: name.clone(),
                implements_interfaces: composite.interfaces,
                directives: composite.directives,
                fields: composite.fields,
            },
        )))
    }

    pub(super) fn interface(&mut self, name: &Name, sources: &[Source<'_, TypeDef>]) -> Definition {
        let composite = self.composite(name, sources);
        self.hint_partial(
            "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD",
            name,
            sources,
            &composite.fields,
        );
        Definition::InterfaceTypeDefinition(Node::new(InterfaceTypeDefinition {
            description: self.description(name, &described(sources)),
            name: name.clone(),
            implements_interfaces: composite.interfaces,
            directives: composite.directives,
            fields: composite.fields,
        }))
    }

    fn composite(&mut self, name: &Name, sources: &[Source<'_, TypeDef>]) -> Composite {
        let mut directives = DirectiveList::new();
        let mut interfaces: Vec<Name> = Vec::new();
        for (index, ty) in sources {
            for interface in &ty.interfaces {
                if !interfaces.contains(interface) {
                    interfaces.push(interface.clone());
                }
                directives.push(directive(
                    name!("join__implements"),
                    vec![
                        argument(name!("graph"), Value::Enum(self.graph(*index))),
                        argument(name!("interface"), Value::String(interface.to_string())),
                    ],
                ));
            }
        }
        // Every subgraph can be queried, whether or not it has queries of its own.
        let is_query = name == "Query";
        if is_query {
            for subgraph in self.subgraphs {
                directives.push(directive(
                    name!("join__type"),
                    vec![argument(
                        name!("graph"),
                        Value::Enum(subgraph.graph.clone()),
                    )],
                ));
            }
        } else {
            self.join_types(sources, &mut directives);
        }
        self.apply(name, &described(sources), &mut directives);

        let parent = Parent {
            name,
            subgraphs: match is_query {
                true => (0..self.subgraphs.len()).collect(),
                false => sources.iter().map(|(index, _)| *index).collect(),
            },
        };
        let mut by_field: IndexMap<&Name, Vec<Source<'_, FieldDef>>> = IndexMap::default();
        for (index, ty) in sources {
            for (field, definition) in &ty.fields {
                by_field
                    .entry(field)
                    .or_default()
                    .push((*index, definition));
            }
        }
        let mut fields = Vec::new();
        for (field, sources) in by_field {
            fields.extend(self.field(&parent, field, &sources).map(Node::new));
        }
        Composite {
            directives,
            interfaces,
            fields,
        }
    }

    /// An entity that some subgraphs take for a value type.
    fn hint_mixed(&mut self, name: &Name, sources: &[Source<'_, TypeDef>]) {
        let (entities, values): (Vec<_>, Vec<_>) =
            sources.iter().copied().partition(|(_, ty)| ty.is_entity());
        if entities.is_empty() || values.is_empty() {
            return;
        }
        let message = format!(
            "`{name}` is an entity in {}, but has no key in {}",
            self.names(&entities),
            self.names(&values)
        );
        let places = self.places(sources, |ty| &ty.described);
        self.findings.hint("INCONSISTENT_ENTITY", message, places);
    }

    /// A value type that is not the same everywhere may be a slip.
    fn hint_partial(
        &mut self,
        code: &'static str,
        name: &Name,
        sources: &[Source<'_, TypeDef>],
        fields: &[Node<FieldDefinition>],
    ) {
        let is_value_type = sources.len() > 1
            && sources.iter().all(|(_, ty)| !ty.is_entity())
            && !crate::compose::subgraph::ROOTS.contains(&name.as_str());
        if !is_value_type {
            return;
        }
        for field in fields {
            let missing: BTreeSet<&str> = sources
                .iter()
                .filter(|(_, ty)| !ty.fields.contains_key(&field.name))
                .map(|(index, _)| self.subgraphs[*index].name.as_str())
                .collect();
            if !missing.is_empty() {
                let places = self.places(sources, |ty| &ty.described);
                self.findings.hint(
                    code,
                    format!(
                        "`{name}.{}` is not known to {}",
                        field.name,
                        crate::compose::error::enumerated(missing)
                    ),
                    places,
                );
            }
        }
    }
}
