//! Directives that subgraphs apply and the supergraph keeps.

use apollo_compiler::ast::{Argument, Directive, DirectiveList, Value};
use apollo_compiler::{Name, Node};

use super::defaults::is_same;
use super::requirements;
use super::{Merger, Source};
use crate::compose::subgraph::{Applied, Described, is_repeatable};

/// Directives of federation and GraphQL that outlive composition, in the order they are printed.
const KEPT: &[&str] = &[
    "tag",
    "inaccessible",
    "authenticated",
    "requiresScopes",
    "policy",
    "cost",
    "listSize",
    "deprecated",
    "specifiedBy",
    "oneOf",
];

impl Merger<'_> {
    /// Adds what is kept of the sources' directives.
    pub(super) fn apply(
        &mut self,
        element: &str,
        sources: &[Source<'_, Described>],
        directives: &mut DirectiveList,
    ) {
        if sources
            .iter()
            .all(|(_, described)| described.directives.is_empty())
        {
            return;
        }
        for known in KEPT {
            let applied: Vec<&Applied> = sources
                .iter()
                .flat_map(|(_, described)| described.all(known))
                .collect();
            if applied.is_empty() {
                continue;
            }
            self.used.insert(known);
            let Ok(name) = Name::new(known) else { continue };
            if matches!(*known, "requiresScopes" | "policy" | "cost" | "listSize")
                && distinct(&applied).len() > 1
            {
                let places = self.places(sources, |described| described);
                self.findings.hint(
                    "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
                    format!(
                        "the arguments of `@{known}` on `{element}` are those of all subgraphs"
                    ),
                    places,
                );
            }
            let merged = match *known {
                "requiresScopes" => requirements::merge_sets(&applied, "scopes"),
                "policy" => requirements::merge_sets(&applied, "policies"),
                "cost" => requirements::highest_cost(&applied),
                "listSize" => requirements::joint_list_size(&applied),
                _ if is_repeatable(known) => {
                    for arguments in distinct(&applied) {
                        directives.push(Node::new(Directive {
                            name: name.clone(),
                            arguments,
                        }));
                    }
                    continue;
                }
                _ => self.most_used(element, &applied, sources),
            };
            directives.push(Node::new(Directive {
                name,
                arguments: merged,
            }));
        }

        // The subgraphs' own, as far as they asked for it.
        for (name, is_repeatable) in self.composed.names() {
            let applied: Vec<&Applied> = sources
                .iter()
                .flat_map(|(_, described)| &described.directives)
                .filter(|applied| applied.known.is_none() && applied.directive.name == name)
                .collect();
            if applied.is_empty() {
                continue;
            }
            let all = match is_repeatable {
                true => distinct(&applied),
                false => vec![self.most_used(element, &applied, sources)],
            };
            for arguments in all {
                directives.push(Node::new(Directive {
                    name: name.clone(),
                    arguments,
                }));
            }
        }
    }

    /// The arguments most subgraphs give, of equals the first.
    fn most_used(
        &mut self,
        element: &str,
        applied: &[&Applied],
        sources: &[Source<'_, Described>],
    ) -> Vec<Node<Argument>> {
        let mut counted: Vec<(&[Node<Argument>], usize)> = Vec::new();
        for applied in applied {
            let arguments = applied.directive.arguments.as_slice();
            match counted
                .iter_mut()
                .find(|(known, _)| same_arguments(known, arguments))
            {
                Some((_, count)) => *count += 1,
                None => counted.push((arguments, 1)),
            }
        }
        if counted.len() > 1
            && let Some(first) = applied.first()
        {
            let places = self.places(sources, |described| described);
            self.findings.hint(
                "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
                format!(
                    "`@{}` on `{element}` has different arguments",
                    first.directive.name
                ),
                places,
            );
        }
        let most = counted.iter().map(|(_, count)| *count).max().unwrap_or(0);
        counted
            .into_iter()
            .find(|(_, count)| *count == most)
            .map(|(arguments, _)| arguments.to_vec())
            .unwrap_or_default()
    }
}

fn distinct(applied: &[&Applied]) -> Vec<Vec<Node<Argument>>> {
    let mut known: Vec<Vec<Node<Argument>>> = Vec::new();
    for applied in applied {
        let arguments = &applied.directive.arguments;
        if !known.iter().any(|known| same_arguments(known, arguments)) {
            known.push(arguments.clone());
        }
    }
    known
}

fn same_arguments(a: &[Node<Argument>], b: &[Node<Argument>]) -> bool {
    let value = |arguments: &[Node<Argument>], name: &Name| -> Option<Node<Value>> {
        arguments
            .iter()
            .find(|argument| argument.name == *name)
            .map(|argument| argument.value.clone())
    };
    a.len() == b.len()
        && a.iter().all(|argument| {
            value(b, &argument.name).is_some_and(|other| is_same(&argument.value, &other))
        })
}
