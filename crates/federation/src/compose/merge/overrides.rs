//! `@override`: a field moves from one subgraph to another, at once or by and by.

use std::collections::BTreeMap;

use super::fields::Parent;
use super::{Merger, Source};
use crate::compose::codes::{OVERRIDE_FROM_SELF_ERROR, OVERRIDE_SOURCE_HAS_OVERRIDE};
use crate::compose::rules::is_external_used;
use crate::compose::subgraph::{FieldDef, Kind};

/// What becomes of a subgraph's field that another one takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Overridden {
    /// It is gone.
    Gone,
    /// Only the subgraph's own field sets and interfaces still refer to it.
    Used,
    /// It stays until the label is in effect.
    Until(String),
}

impl Merger<'_> {
    /// Subgraph index → what becomes of its field.
    pub(super) fn overridden(
        &mut self,
        parent: &Parent<'_>,
        coordinate: &str,
        field: &apollo_compiler::Name,
        sources: &[Source<'_, FieldDef>],
    ) -> BTreeMap<usize, Overridden> {
        let mut overridden = BTreeMap::new();
        for (index, source) in sources {
            let Some(applied) = source.described.get("override") else {
                continue;
            };
            let here = &self.subgraphs[*index];
            if here.find(parent.name, Kind::Interface).is_some() {
                continue;
            }
            let place = here.place(applied.at());
            let from = applied.text("from").unwrap_or_default();
            let label = applied.text("label");
            if from == here.name {
                self.findings.error(
                    OVERRIDE_FROM_SELF_ERROR,
                    format!("`{from}` overrides `{coordinate}` from itself"),
                    vec![place],
                );
                continue;
            }
            let Some(from_index) = self.subgraphs.iter().position(|other| other.name == from)
            else {
                self.findings.hint(
                    "FROM_SUBGRAPH_DOES_NOT_EXIST",
                    format!("`{coordinate}` is overridden from `{from}`, which does not exist"),
                    vec![place],
                );
                continue;
            };
            let target = sources.iter().find(|(other, _)| *other == from_index);
            let Some((_, target)) = target else {
                self.findings.hint(
                    "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
                    format!("`{from}` does not have `{coordinate}` any more"),
                    vec![place],
                );
                continue;
            };
            let there = self.subgraphs[from_index].place(target.described.at);
            if target.described.has("override") {
                self.findings.error(
                    OVERRIDE_SOURCE_HAS_OVERRIDE,
                    format!("`{coordinate}` is overridden from `{from}`, which overrides it too"),
                    vec![place, there],
                );
                continue;
            }
            if target.described.has("external") {
                self.findings.hint(
                    "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
                    format!("`{from}` does not resolve `{coordinate}` any more"),
                    vec![place],
                );
                continue;
            }
            let owner = &self.subgraphs[from_index].types[parent.name];
            let is_used = is_external_used(
                &self.subgraphs[from_index],
                &self.selected[from_index],
                parent.name,
                owner,
                field,
            );
            let (hint, fate) = match label {
                Some(label) => (
                    "OVERRIDE_MIGRATION_IN_PROGRESS",
                    Overridden::Until(label.to_owned()),
                ),
                None if is_used => ("OVERRIDDEN_FIELD_CAN_BE_REMOVED", Overridden::Used),
                None => ("OVERRIDDEN_FIELD_CAN_BE_REMOVED", Overridden::Gone),
            };
            let message = match (&fate, label) {
                (_, Some(_)) => format!("`{coordinate}` is on its way from `{from}`"),
                (Overridden::Used, _) => format!(
                    "`{coordinate}` of `{from}` is overridden; it can be marked `@external`"
                ),
                _ => format!("`{coordinate}` of `{from}` is overridden and can be removed"),
            };
            self.findings.hint(hint, message, vec![there]);
            overridden.insert(from_index, fate);
        }
        overridden
    }
}
