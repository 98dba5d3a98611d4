//! Unions: all members of all subgraphs.

use apollo_compiler::ast::{Definition, DirectiveList, UnionTypeDefinition, Value};
use apollo_compiler::{Name, Node, name};

use super::scalars::described;
use super::{Merger, Source, argument, directive};
use crate::compose::subgraph::TypeDef;

impl Merger<'_> {
    pub(super) fn union_(&mut self, name: &Name, sources: &[Source<'_, TypeDef>]) -> Definition {
        let mut members: Vec<Name> = Vec::new();
        for (_, ty) in sources {
            for member in &ty.members {
                if !members.contains(member) {
                    members.push(member.clone());
                }
            }
        }
        let mut directives = DirectiveList::new();
        self.join_types(sources, &mut directives);
        for member in &members {
            let having: Vec<Source<'_, TypeDef>> = sources
                .iter()
                .filter(|(_, ty)| ty.members.contains(member))
                .copied()
                .collect();
            for (index, _) in &having {
                directives.push(directive(
                    name!("join__unionMember"),
                    vec![
                        argument(name!("graph"), Value::Enum(self.graph(*index))),
                        argument(name!("member"), Value::String(member.to_string())),
                    ],
                ));
            }
            if having.len() < sources.len() {
                let others = self.others(sources, &having);
                let places = self.places(sources, |ty| &ty.described);
                self.findings.hint(
                    "INCONSISTENT_UNION_MEMBER",
                    format!("`{member}` is a member of `{name}`, but not in {others}"),
                    places,
                );
            }
        }
        let described = described(sources);
        self.apply(name, &described, &mut directives);
        Definition::UnionTypeDefinition(Node::new(UnionTypeDefinition {
            description: self.description(name, &described),
            name: name.clone(),
            directives,
            members,
        }))
    }
}
