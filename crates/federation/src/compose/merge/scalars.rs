//! Scalars: the same name is the same scalar.

use apollo_compiler::ast::{Definition, DirectiveList, ScalarTypeDefinition};
use apollo_compiler::{Name, Node};

use super::{Merger, Source};
use crate::compose::subgraph::{Described, TypeDef};

impl Merger<'_> {
    pub(super) fn scalar(&mut self, name: &Name, sources: &[Source<'_, TypeDef>]) -> Definition {
        let described = described(sources);
        let mut directives = DirectiveList::new();
        self.join_types(sources, &mut directives);
        self.apply(name, &described, &mut directives);
        Definition::ScalarTypeDefinition(Node::new(ScalarTypeDefinition {
            description: self.description(name, &described),
            name: name.clone(),
            directives,
        }))
    }
}

/// What all sources of a type say about it as a whole.
pub(super) fn described<'a>(sources: &[Source<'a, TypeDef>]) -> Vec<Source<'a, Described>> {
    sources
        .iter()
        .map(|(index, ty)| (*index, &ty.described))
        .collect()
}
