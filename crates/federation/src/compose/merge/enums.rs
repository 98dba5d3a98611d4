//! Enums: what goes out may be any subgraph's value, what comes in must be known to all.

use std::collections::BTreeSet;

use apollo_compiler::ast::{
    Definition, DirectiveList, EnumTypeDefinition, EnumValueDefinition, FieldDefinition,
    InputValueDefinition, Value,
};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::{Name, Node, name};

use super::scalars::described;
use super::{Merger, Source, argument, directive};
use crate::compose::codes::{EMPTY_MERGED_ENUM_TYPE, ENUM_VALUE_MISMATCH};
use crate::compose::subgraph::{Described, TypeDef};

/// Which types are used for values, and which for arguments and input fields.
#[derive(Default)]
pub(super) struct Positions {
    output: BTreeSet<Name>,
    input: BTreeSet<Name>,
}

impl Positions {
    /// As they are used after merging.
    pub(super) fn of<'d>(definitions: impl IntoIterator<Item = &'d Definition>) -> Self {
        let mut positions = Self::default();
        for definition in definitions {
            match definition {
                Definition::ObjectTypeDefinition(it) => positions.add_fields(&it.fields),
                Definition::InterfaceTypeDefinition(it) => positions.add_fields(&it.fields),
                Definition::InputObjectTypeDefinition(it) => positions.add_inputs(&it.fields),
                Definition::DirectiveDefinition(it) => positions.add_inputs(&it.arguments),
                _ => {}
            }
        }
        positions
    }

    fn add_fields(&mut self, fields: &[Node<FieldDefinition>]) {
        for field in fields {
            self.output.insert(field.ty.inner_named_type().clone());
            self.add_inputs(&field.arguments);
        }
    }

    fn add_inputs(&mut self, inputs: &[Node<InputValueDefinition>]) {
        for input in inputs {
            self.input.insert(input.ty.inner_named_type().clone());
        }
    }
}

impl Merger<'_> {
    pub(super) fn enum_(
        &mut self,
        name: &Name,
        sources: &[Source<'_, TypeDef>],
        positions: &Positions,
    ) -> Definition {
        let is_output = positions.output.contains(name);
        let is_input = positions.input.contains(name);
        if !is_input && !is_output {
            let places = self.places(sources, |ty| &ty.described);
            self.findings.hint(
                "UNUSED_ENUM_TYPE",
                format!("`{name}` is not used; all its values are kept"),
                places,
            );
        }
        let mut by_value: IndexMap<&Name, Vec<Source<'_, Described>>> = IndexMap::default();
        for (index, ty) in sources {
            for (value, described) in &ty.values {
                by_value.entry(value).or_default().push((*index, described));
            }
        }

        let mut values = Vec::new();
        for (value, having) in by_value {
            let coordinate = format!("{name}.{value}");
            let is_hidden = having.iter().any(|(_, value)| value.has("inaccessible"));
            if having.len() < sources.len() && !is_hidden {
                let others = self.others(sources, &having);
                let places = self.places(sources, |ty| &ty.described);
                if is_input && is_output {
                    self.findings.error(
                        ENUM_VALUE_MISMATCH,
                        format!(
                            "`{name}` is used for input and output, but its value `{value}` is \
                             not known to {others}"
                        ),
                        places,
                    );
                } else if is_input {
                    self.findings.hint(
                        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
                        format!("`{coordinate}` is left out: {others} would not accept it"),
                        places,
                    );
                    continue;
                } else {
                    self.findings.hint(
                        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
                        format!("`{coordinate}` is not known to {others}"),
                        places,
                    );
                }
            }
            let mut directives = DirectiveList::new();
            for (index, _) in &having {
                directives.push(directive(
                    name!("join__enumValue"),
                    vec![argument(name!("graph"), Value::Enum(self.graph(*index)))],
                ));
            }
            self.apply(&coordinate, &having, &mut directives);
            values.push(Node::new(EnumValueDefinition {
                description: self.description(&coordinate, &having),
                value: value.clone(),
                directives,
            }));
        }
        if values.is_empty() {
            let places = self.places(sources, |ty| &ty.described);
            self.findings.error(
                EMPTY_MERGED_ENUM_TYPE,
                format!("no value of `{name}` is known to all its subgraphs"),
                places,
            );
        }

        let described = described(sources);
        let mut directives = DirectiveList::new();
        self.join_types(sources, &mut directives);
        self.apply(name, &described, &mut directives);
        Definition::EnumTypeDefinition(Node::new(EnumTypeDefinition {
            description: self.description(name, &described),
            name: name.clone(),
            directives,
            values,
        }))
    }
}
