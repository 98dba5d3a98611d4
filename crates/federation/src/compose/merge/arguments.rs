//! Arguments: those that every subgraph accepts which resolves the field.

use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::collections::IndexMap;

use super::inputs::ARGUMENT;
use super::{Merger, Source};
use crate::compose::codes::REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH;
use crate::compose::error::enumerated;
use crate::compose::subgraph::{FieldDef, InputDef};

impl Merger<'_> {
    pub(super) fn arguments(
        &mut self,
        coordinate: &str,
        sources: &[Source<'_, FieldDef>],
    ) -> Vec<Node<InputValueDefinition>> {
        let mut by_name: IndexMap<&Name, Vec<Source<'_, InputDef>>> = IndexMap::default();
        for (index, field) in sources {
            for (name, argument) in &field.arguments {
                by_name.entry(name).or_default().push((*index, argument));
            }
        }
        let mut arguments = Vec::new();
        for (name, having) in by_name {
            let coordinate = format!("{coordinate}({name}:)");
            if having.len() == sources.len() {
                let merged = self.input_value(&coordinate, name, &having, &ARGUMENT);
                arguments.extend(merged.map(|(definition, _)| Node::new(definition)));
                continue;
            }
            let others = enumerated(
                sources
                    .iter()
                    .filter(|(index, _)| having.iter().all(|(other, _)| other != index))
                    .map(|(index, _)| self.subgraphs[*index].name.as_str()),
            );
            let places = self.places(&having, |argument| &argument.described);
            let required: Vec<Source<'_, InputDef>> = having
                .iter()
                .filter(|(_, argument)| argument.is_required())
                .copied()
                .collect();
            if required.is_empty() {
                self.findings.hint(
                    "INCONSISTENT_ARGUMENT_PRESENCE",
                    format!("`{coordinate}` is left out: {others} would not accept it"),
                    places,
                );
            } else {
                let message = format!(
                    "`{coordinate}` is required in {}, but missing in {others}",
                    self.names(&required)
                );
                self.findings
                    .error(REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH, message, places);
            }
        }
        arguments
    }
}
