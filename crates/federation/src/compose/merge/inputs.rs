//! Input objects: the fields that every subgraph accepts.

use apollo_compiler::ast::{
    Definition, DirectiveList, InputObjectTypeDefinition, InputValueDefinition, Type, Value,
};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::{Name, Node, name};

use super::scalars::described;
use super::{Merger, Source, argument, directive};
use crate::compose::codes::{
    Code, EMPTY_MERGED_INPUT_TYPE, FIELD_ARGUMENT_DEFAULT_MISMATCH, FIELD_ARGUMENT_TYPE_MISMATCH,
    INPUT_FIELD_DEFAULT_MISMATCH, INPUT_FIELD_TYPE_MISMATCH,
    REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH,
};
use crate::compose::subgraph::{Described, InputDef, TypeDef};

/// Which codes go with an input value.
pub(super) struct InputCodes {
    type_mismatch: Code,
    default_mismatch: Code,
    type_hint: &'static str,
}

pub(super) const ARGUMENT: InputCodes = InputCodes {
    type_mismatch: FIELD_ARGUMENT_TYPE_MISMATCH,
    default_mismatch: FIELD_ARGUMENT_DEFAULT_MISMATCH,
    type_hint: "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE",
};

const INPUT_FIELD: InputCodes = InputCodes {
    type_mismatch: INPUT_FIELD_TYPE_MISMATCH,
    default_mismatch: INPUT_FIELD_DEFAULT_MISMATCH,
    type_hint: "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
};

impl Merger<'_> {
    pub(super) fn input(&mut self, name: &Name, sources: &[Source<'_, TypeDef>]) -> Definition {
        let mut by_field: IndexMap<&Name, Vec<Source<'_, InputDef>>> = IndexMap::default();
        for (index, ty) in sources {
            for (field, definition) in &ty.inputs {
                by_field
                    .entry(field)
                    .or_default()
                    .push((*index, definition));
            }
        }
        let mut fields = Vec::new();
        let is_empty = by_field.values().all(|having| having.len() < sources.len());
        for (field, having) in by_field {
            let coordinate = format!("{name}.{field}");
            if having.len() < sources.len() {
                self.missing_input_field(&coordinate, sources, &having);
                continue;
            }
            if let Some((definition, types_differ)) =
                self.input_value(&coordinate, field, &having, &INPUT_FIELD)
            {
                let mut definition = definition;
                if types_differ {
                    let joins = having.iter().map(|(index, source)| {
                        directive(
                            name!("join__field"),
                            vec![
                                argument(name!("graph"), Value::Enum(self.graph(*index))),
                                argument(name!("type"), Value::String(source.ty.to_string())),
                            ],
                        )
                    });
                    definition.directives.0.splice(0..0, joins);
                }
                fields.push(Node::new(definition));
            }
        }
        if is_empty {
            let places = self.places(sources, |ty| &ty.described);
            self.findings.error(
                EMPTY_MERGED_INPUT_TYPE,
                format!("no field of `{name}` is accepted by all its subgraphs"),
                places,
            );
        }
        let described = described(sources);
        let mut directives = DirectiveList::new();
        self.join_types(sources, &mut directives);
        self.apply(name, &described, &mut directives);
        Definition::InputObjectTypeDefinition(Node::new(InputObjectTypeDefinition {
            description: self.description(name, &described),
            name: name.clone(),
            directives,
            fields,
        }))
    }

    fn missing_input_field(
        &mut self,
        coordinate: &str,
        all: &[Source<'_, TypeDef>],
        having: &[Source<'_, InputDef>],
    ) {
        let others = self.others(all, having);
        let places = self.places(having, |field| &field.described);
        let required: Vec<Source<'_, InputDef>> = having
            .iter()
            .filter(|(_, field)| field.is_required())
            .copied()
            .collect();
        if required.is_empty() {
            self.findings.hint(
                "INCONSISTENT_INPUT_OBJECT_FIELD",
                format!("`{coordinate}` is left out: {others} would not accept it"),
                places,
            );
        } else {
            let message = format!(
                "`{coordinate}` is required in {}, but missing in {others}",
                self.names(&required)
            );
            self.findings.error(
                REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH,
                message,
                places,
            );
        }
    }

    /// An argument or input field that all sources have; whether their types differ.
    pub(super) fn input_value(
        &mut self,
        coordinate: &str,
        name: &Name,
        sources: &[Source<'_, InputDef>],
        codes: &InputCodes,
    ) -> Option<(InputValueDefinition, bool)> {
        let types: Vec<&Type> = sources.iter().map(|(_, source)| &source.ty).collect();
        let types_differ = types.windows(2).any(|pair| pair[0] != pair[1]);
        let places = self.places(sources, |source| &source.described);
        let Some(ty) = self.relations.narrowest(&types) else {
            let told = self.told_types(sources, |source| &source.ty);
            self.findings.error(
                codes.type_mismatch,
                format!("`{coordinate}` is of different types: {told}"),
                places,
            );
            return None;
        };
        if types_differ {
            let told = self.told_types(sources, |source| &source.ty);
            self.findings.hint(
                codes.type_hint,
                format!("`{coordinate}` is of type `{ty}`: {told}"),
                places,
            );
        }
        let default_value = self.default(coordinate, sources, codes.default_mismatch);
        let described: Vec<Source<'_, Described>> = sources
            .iter()
            .map(|(index, source)| (*index, &source.described))
            .collect();
        let mut directives = DirectiveList::new();
        self.apply(coordinate, &described, &mut directives);
        let definition = InputValueDefinition {
            description: self.description(coordinate, &described),
            name: name.clone(),
            ty: Node::new(ty.clone()),
            default_value,
            directives,
        };
        Some((definition, types_differ))
    }

    /// "`Int` in `a`, `Int!` in `b`".
    pub(super) fn told_types<T>(
        &self,
        sources: &[Source<'_, T>],
        ty: impl Fn(&T) -> &Type,
    ) -> String {
        let told: Vec<String> = sources
            .iter()
            .map(|(index, source)| format!("`{}` in `{}`", ty(source), self.subgraphs[*index].name))
            .collect();
        told.join(", ")
    }
}

impl InputDef {
    /// It must be given.
    pub(super) fn is_required(&self) -> bool {
        self.ty.is_non_null() && self.default.is_none()
    }
}
