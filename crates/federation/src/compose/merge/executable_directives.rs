//! Directives for operations: kept where all subgraphs understand them.

use std::collections::BTreeMap;

use apollo_compiler::ast::{Definition, DirectiveDefinition, DirectiveLocation};
use apollo_compiler::{Name, Node};

use super::inputs::ARGUMENT;
use super::{Merger, Source};
use crate::compose::codes::REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH;
use crate::compose::subgraph::{Described, InputDef};

impl Merger<'_> {
    pub(super) fn executable_directives(&mut self) -> Vec<Definition> {
        let subgraphs = self.subgraphs;
        let mut by_name: BTreeMap<&Name, Vec<Source<'_, Node<DirectiveDefinition>>>> =
            BTreeMap::new();
        for (index, subgraph) in subgraphs.iter().enumerate() {
            for (name, definition) in &subgraph.directive_definitions {
                let is_executable = definition.locations.iter().any(is_executable);
                let is_taken = matches!(name.as_str(), "skip" | "include" | "defer")
                    || self.composed.has(name);
                if is_executable && !is_taken {
                    by_name.entry(name).or_default().push((index, definition));
                }
            }
        }
        let mut definitions = Vec::new();
        for (name, sources) in by_name {
            definitions.extend(
                self.executable_directive(name, &sources)
                    .map(|definition| Definition::DirectiveDefinition(Node::new(definition))),
            );
        }
        definitions
    }

    fn executable_directive(
        &mut self,
        name: &Name,
        sources: &[Source<'_, Node<DirectiveDefinition>>],
    ) -> Option<DirectiveDefinition> {
        let places: Vec<_> = sources
            .iter()
            .map(|(index, definition)| self.subgraphs[*index].place(definition.location()))
            .collect();
        let first = sources.first()?.1;
        if sources.len() < self.subgraphs.len() {
            self.findings.hint(
                "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
                format!("`@{name}` is left out: not all subgraphs define it"),
                places,
            );
            return None;
        }
        let locations: Vec<DirectiveLocation> = first
            .locations
            .iter()
            .filter(|location| is_executable(location))
            .filter(|location| {
                sources
                    .iter()
                    .all(|(_, definition)| definition.locations.contains(location))
            })
            .copied()
            .collect();
        if locations.is_empty() {
            self.findings.hint(
                "NO_EXECUTABLE_DIRECTIVE_LOCATIONS_INTERSECTION",
                format!("`@{name}` is left out: there is no place where all allow it"),
                places,
            );
            return None;
        }

        let is_everywhere_the_same = sources.iter().all(|(_, definition)| {
            definition
                .locations
                .iter()
                .filter(|location| is_executable(location))
                .all(|location| locations.contains(location))
        });
        if !is_everywhere_the_same {
            self.findings.hint(
                "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
                format!("`@{name}` is kept only where all subgraphs allow it"),
                places.clone(),
            );
        }

        // Arguments that all accept.
        let mut arguments = Vec::new();
        let inputs: Vec<(usize, BTreeMap<Name, InputDef>)> = sources
            .iter()
            .map(|(index, definition)| (*index, inputs_of(definition)))
            .collect();
        let mut names: Vec<&Name> = Vec::new();
        for (_, inputs) in &inputs {
            for argument in inputs.keys() {
                if !names.contains(&argument) {
                    names.push(argument);
                }
            }
        }
        for argument in names {
            let coordinate = format!("@{name}({argument}:)");
            let having: Vec<Source<'_, InputDef>> = inputs
                .iter()
                .filter_map(|(index, inputs)| Some((*index, inputs.get(argument)?)))
                .collect();
            if having.len() == sources.len() {
                let merged = self.input_value(&coordinate, argument, &having, &ARGUMENT);
                arguments.extend(merged.map(|(definition, _)| Node::new(definition)));
            } else if having.iter().any(|(_, argument)| argument.is_required()) {
                self.findings.error(
                    REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH,
                    format!("`{coordinate}` is required, but not everywhere defined"),
                    places.clone(),
                );
            } else {
                self.findings.hint(
                    "INCONSISTENT_ARGUMENT_PRESENCE",
                    format!("`{coordinate}` is left out: not all subgraphs would accept it"),
                    places.clone(),
                );
            }
        }
        Some(DirectiveDefinition {
            description: sources
                .iter()
                .find_map(|(_, definition)| definition.description.clone()),
            name: name.clone(),
            arguments,
            repeatable: sources.iter().all(|(_, definition)| definition.repeatable),
            locations,
        })
    }
}

fn inputs_of(definition: &DirectiveDefinition) -> BTreeMap<Name, InputDef> {
    definition
        .arguments
        .iter()
        .map(|argument| {
            let input = InputDef {
                described: Described {
                    description: argument.description.clone(),
                    directives: Vec::new(),
                    at: argument.location(),
                },
                ty: (*argument.ty).clone(),
                default: argument.default_value.clone(),
            };
            (argument.name.clone(), input)
        })
        .collect()
}

fn is_executable(location: &DirectiveLocation) -> bool {
    use DirectiveLocation as At;
    matches!(
        location,
        At::Query
            | At::Mutation
            | At::Subscription
            | At::Field
            | At::FragmentDefinition
            | At::FragmentSpread
            | At::InlineFragment
            | At::VariableDefinition
    )
}
