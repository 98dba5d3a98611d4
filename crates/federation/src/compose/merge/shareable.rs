//! Sharing: a field has one subgraph that resolves it, unless all agree to share.

use std::collections::BTreeMap;

use super::super::codes::INVALID_FIELD_SHARING;
use super::super::error::enumerated;
use super::super::rules::field_sets::{Purpose, used_fields};
use super::super::subgraph::{FieldDef, Kind};
use super::fields::Parent;
use super::overrides::Overridden;
use super::{Merger, Source};

impl Merger<'_> {
    pub(super) fn check_sharing(
        &mut self,
        parent: &Parent<'_>,
        field: &apollo_compiler::Name,
        sources: &[Source<'_, FieldDef>],
        overridden: &BTreeMap<usize, Overridden>,
    ) {
        let resolving: Vec<Source<'_, FieldDef>> = sources
            .iter()
            .filter(|(index, source)| {
                !source.described.has("external")
                    && !overridden.contains_key(index)
                    && self.subgraphs[*index]
                        .find(parent.name, Kind::Object)
                        .is_some()
            })
            .copied()
            .collect();
        if resolving.len() < 2 {
            return;
        }
        let unshared: Vec<&str> = resolving
            .iter()
            .filter(|(index, source)| {
                !source.described.has("shareable") && !self.is_key_field(*index, parent, field)
            })
            .map(|(index, _)| self.subgraphs[*index].name.as_str())
            .collect();
        if unshared.is_empty() {
            return;
        }
        let message = format!(
            "`{}.{field}` is resolved by {}, but {}",
            parent.name,
            self.names(&resolving),
            match unshared.len() == resolving.len() {
                true => "none of them shares it".to_owned(),
                false => format!("not shareable in {}", enumerated(unshared)),
            }
        );
        let places = self.places(&resolving, |field| &field.described);
        self.findings.error(INVALID_FIELD_SHARING, message, places);
    }

    /// Key fields are shared by nature.
    fn is_key_field(
        &self,
        index: usize,
        parent: &Parent<'_>,
        field: &apollo_compiler::Name,
    ) -> bool {
        let pair = (parent.name.clone(), field.clone());
        self.selected[index].contains(&pair)
            && used_fields(&self.subgraphs[index], |found| found.purpose == Purpose::Key)
                .contains(&pair)
    }
}
