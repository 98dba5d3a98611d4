//! Sharing: a field has one subgraph that resolves it, unless all agree to share.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;

use super::fields::Parent;
use super::overrides::Overridden;
use super::{Merger, Source};
use crate::compose::codes::INVALID_FIELD_SHARING;
use crate::compose::error::{Place, enumerated};
use crate::compose::subgraph::{FieldDef, Kind};

/// A subgraph that resolves a field.
struct Resolver {
    subgraph: String,
    is_shared: bool,
    place: Place,
}

impl Merger<'_> {
    pub(super) fn check_sharing(
        &mut self,
        parent: &Parent<'_>,
        field: &Name,
        sources: &[Source<'_, FieldDef>],
        overridden: &BTreeMap<usize, Overridden>,
    ) {
        let pair = (parent.name.clone(), field.clone());
        let mut resolvers: Vec<Resolver> = Vec::new();
        for (index, source) in sources {
            let subgraph = &self.subgraphs[*index];
            let is_external = source.described.has("external");
            // What is provided is resolved, if only at some places.
            let is_provided = is_external && self.provided[*index].contains(&pair);
            if (is_external && !is_provided)
                || overridden.contains_key(index)
                || subgraph.find(parent.name, Kind::Object).is_none()
            {
                continue;
            }
            resolvers.push(Resolver {
                subgraph: format!("`{}`", subgraph.name),
                is_shared: is_provided
                    || source.described.has("shareable")
                    || self.keys[*index].contains(&pair),
                place: subgraph.place(source.described.at),
            });
        }
        resolvers.extend(self.through_interfaces(parent, field));
        if resolvers.len() < 2 || resolvers.iter().all(|resolver| resolver.is_shared) {
            return;
        }
        let unshared: Vec<&str> = resolvers
            .iter()
            .filter(|resolver| !resolver.is_shared)
            .map(|resolver| resolver.subgraph.as_str())
            .collect();
        let message = format!(
            "`{}.{field}` is resolved by {}, but {}",
            parent.name,
            listed(resolvers.iter().map(|resolver| resolver.subgraph.as_str())),
            match unshared.len() == resolvers.len() {
                true => "none of them shares it".to_owned(),
                false => format!("not shareable in {}", listed(unshared)),
            }
        );
        let places = resolvers
            .into_iter()
            .map(|resolver| resolver.place)
            .collect();
        self.findings.error(INVALID_FIELD_SHARING, message, places);
    }

    /// Interface objects resolve their fields for all types that implement the interface.
    fn through_interfaces(&self, parent: &Parent<'_>, field: &Name) -> Vec<Resolver> {
        let interfaces: BTreeSet<&Name> = self
            .subgraphs
            .iter()
            .filter_map(|subgraph| subgraph.find(parent.name, Kind::Object))
            .flat_map(|ty| &ty.interfaces)
            .collect();
        let mut resolvers = Vec::new();
        for interface in interfaces {
            for (index, subgraph) in self.subgraphs.iter().enumerate() {
                let Some(source) = subgraph
                    .types
                    .get(interface)
                    .filter(|ty| ty.is_interface_object())
                    .and_then(|ty| ty.fields.get(field))
                else {
                    continue;
                };
                if source.described.has("external") {
                    continue;
                }
                let pair = (interface.clone(), field.clone());
                resolvers.push(Resolver {
                    subgraph: format!(
                        "{} (as `{interface}.{field}`)",
                        enumerated([&subgraph.name])
                    ),
                    is_shared: source.described.has("shareable")
                        || self.keys[index].contains(&pair),
                    place: subgraph.place(source.described.at),
                });
            }
        }
        resolvers
    }
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
