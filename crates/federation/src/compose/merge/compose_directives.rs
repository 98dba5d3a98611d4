//! `@composeDirective`: directives of one's own that reach the supergraph.

use std::collections::BTreeMap;

use apollo_compiler::ast::{Definition, DirectiveDefinition};
use apollo_compiler::{Name, Node};

use crate::compose::codes::DIRECTIVE_COMPOSITION_ERROR;
use crate::compose::error::Findings;
use crate::compose::subgraph::{Feature, Subgraph};

/// The directives to keep.
#[derive(Default)]
pub(super) struct Composed {
    directives: BTreeMap<Name, Kept>,
}

struct Kept {
    feature: Feature,
    /// Its name in the specification.
    original: String,
    definition: Node<DirectiveDefinition>,
}

pub(super) fn collect(subgraphs: &[Subgraph], findings: &mut Findings) -> Composed {
    let mut composed = Composed::default();
    for subgraph in subgraphs {
        let asked: Vec<_> = subgraph.schema.all("composeDirective").collect();
        for applied in asked {
            let place = vec![subgraph.place(applied.at())];
            let mut complain = |message: String| {
                findings.error(DIRECTIVE_COMPOSITION_ERROR, message, place.clone());
            };
            let Some(text) = applied.text("name") else {
                complain("`@composeDirective` names no directive".to_owned());
                continue;
            };
            let Some(name) = text.strip_prefix('@') else {
                complain(format!(
                    "`{text}` is no directive: its name begins with `@`"
                ));
                continue;
            };
            if subgraph.links.known(name).is_some() {
                complain(format!("`@{name}` is composed anyway, or never"));
                continue;
            }
            let Some((name, definition)) = subgraph.directive_definitions.get_key_value(name)
            else {
                complain(format!("`@{name}` is not defined"));
                continue;
            };
            let Some((feature, original)) = subgraph.links.origin(name) else {
                complain(format!(
                    "`@{name}` belongs to no specification that is linked"
                ));
                continue;
            };
            let new = Kept {
                feature: feature.clone(),
                original,
                definition: definition.clone(),
            };
            match composed.directives.get(name) {
                Some(known) if known.feature.identity != new.feature.identity => {
                    complain(format!(
                        "`@{name}` comes from `{}` and from `{}`",
                        known.feature.identity, new.feature.identity
                    ));
                }
                Some(known) if known.feature.version.0 != new.feature.version.0 => {
                    complain(format!(
                        "`@{name}` is of incompatible versions: `{}` and `{}`",
                        known.feature.url, new.feature.url
                    ));
                }
                Some(known) if known.feature.version >= new.feature.version => {}
                _ => {
                    composed.directives.insert(name.clone(), new);
                }
            }
        }
    }
    composed.check_names(subgraphs, findings);
    composed
}

impl Composed {
    /// One name everywhere, or readers of the supergraph would not find them all.
    fn check_names(&self, subgraphs: &[Subgraph], findings: &mut Findings) {
        for (name, kept) in &self.directives {
            for subgraph in subgraphs {
                for other in subgraph.directive_definitions.keys() {
                    let is_same =
                        subgraph
                            .links
                            .origin(other)
                            .is_some_and(|(feature, original)| {
                                feature.identity == kept.feature.identity
                                    && original == kept.original
                            });
                    if is_same && other != name {
                        findings.error(
                            DIRECTIVE_COMPOSITION_ERROR,
                            format!("`@{name}` is named `@{other}` in `{}`", subgraph.name),
                            vec![subgraph.place(subgraph.directive_definitions[other].location())],
                        );
                    }
                }
            }
        }
    }

    /// Their names, and whether they are repeatable.
    pub(super) fn names(&self) -> Vec<(Name, bool)> {
        self.directives
            .iter()
            .map(|(name, kept)| (name.clone(), kept.definition.repeatable))
            .collect()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.directives.contains_key(name)
    }

    pub(super) fn definitions(&self) -> Vec<Definition> {
        self.directives
            .values()
            .map(|kept| Definition::DirectiveDefinition(kept.definition.clone()))
            .collect()
    }

    /// URL → (name here, name there).
    pub(super) fn links(&self) -> BTreeMap<&str, Vec<(&Name, &str)>> {
        let mut newest: BTreeMap<&str, &Feature> = BTreeMap::new();
        for kept in self.directives.values() {
            let known = newest
                .entry(&kept.feature.identity)
                .or_insert(&kept.feature);
            if kept.feature.version > known.version {
                *known = &kept.feature;
            }
        }
        let mut links: BTreeMap<&str, Vec<(&Name, &str)>> = BTreeMap::new();
        for (name, kept) in &self.directives {
            if let Some(feature) = newest.get(kept.feature.identity.as_str()) {
                links
                    .entry(&feature.url)
                    .or_default()
                    .push((name, &kept.original));
            }
        }
        links
    }
}
