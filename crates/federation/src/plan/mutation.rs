//! Mutations: root fields strictly one after another.
//!
//! A field starts when the one before is done with all its follow-ups. Fields of one subgraph
//! that follow each other without any in between share a request: the subgraph runs them in
//! order by itself.

use std::collections::BTreeSet;

use apollo_compiler::Name;
use apollo_compiler::collections::IndexMap;

use super::PlanError;
use super::demand::EntryId;
use super::fetches::{Builder, StepEntry, StepId};
use crate::supergraph::model::TypeId;

/// Builds the steps of a mutation's root fields.
pub(super) fn build(
    builder: &mut Builder<'_, '_>,
    root_type: TypeId,
    entries: Vec<EntryId>,
) -> Result<(), PlanError> {
    let mut fields: IndexMap<Name, Vec<EntryId>> = IndexMap::default();
    let mut order = Vec::with_capacity(entries.len());
    for id in entries {
        let entry = builder.planner.demands.entry(id);
        order.push((entry.key.clone(), entry.conditions.clone()));
        fields.entry(entry.key.clone()).or_default().push(id);
    }

    // The root step of the fields before, if it has had no follow-ups.
    let mut open: Option<StepId> = None;
    for (_, entries) in fields {
        let set = builder.planner.demands.intern(entries);
        let first = builder.steps.len();
        builder.root(root_type, set, open)?;

        let new_roots: Vec<usize> = (first..builder.steps.len())
            .filter(|index| {
                matches!(builder.steps[*index].entry, StepEntry::Root(_))
                    && builder.steps[*index].path.is_empty()
            })
            .collect();
        for index in &new_roots {
            let before: BTreeSet<StepId> = (0..first).map(StepId).collect();
            builder.steps[*index].needs.extend(before);
        }
        open = match (new_roots.as_slice(), builder.steps.len() - first) {
            ([], 0) => open,
            ([index], 1) => Some(StepId(*index)),
            _ => None,
        };
    }

    // A key selected again under other conditions stays where it was written.
    for step in &builder.steps {
        if matches!(step.entry, StepEntry::Root(_)) && step.path.is_empty() {
            builder.nodes.arrange(step.node, &order);
        }
    }
    Ok(())
}
