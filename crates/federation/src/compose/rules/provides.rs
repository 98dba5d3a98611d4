//! `@provides`: what comes along at one place is resolved elsewhere otherwise.

use apollo_compiler::Name;
use apollo_compiler::ast::Selection;

use super::field_sets::{Purpose, is_sound, report, uses};
use crate::compose::codes::{
    PROVIDES_FIELDS_MISSING_EXTERNAL, PROVIDES_ON_NON_OBJECT_FIELD,
    PROVIDES_UNSUPPORTED_ON_INTERFACE,
};
use crate::compose::error::Findings;
use crate::compose::subgraph::{Kind, Subgraph};

pub(super) fn check(subgraph: &Subgraph, findings: &mut Findings) {
    for found in uses(subgraph) {
        if found.purpose != Purpose::Provides {
            continue;
        }
        let bearer = found.bearer.split('.').next().unwrap_or_default();
        if subgraph.find(bearer, Kind::Interface).is_some() {
            let message = "interfaces resolve nothing themselves";
            report(
                subgraph,
                &found,
                PROVIDES_UNSUPPORTED_ON_INTERFACE,
                message,
                findings,
            );
            continue;
        }
        let is_composite = subgraph
            .types
            .get(&found.base)
            .is_some_and(|ty| ty.kind.is_composite());
        if !is_composite {
            let message = format!("a `{}` has no fields to provide", found.base);
            report(
                subgraph,
                &found,
                PROVIDES_ON_NON_OBJECT_FIELD,
                &message,
                findings,
            );
            continue;
        }
        if is_sound(subgraph, &found, findings)
            && subgraph.links.federation.is_some()
            && let Some(selections) = &found.selections
            && let Some(own) = first_own_field(subgraph, &found.base, selections)
        {
            let message = format!("`{own}` is not marked `@external`: it is resolved right here");
            report(
                subgraph,
                &found,
                PROVIDES_FIELDS_MISSING_EXTERNAL,
                &message,
                findings,
            );
        }
    }
}

/// The first leaf of a field set that the subgraph resolves itself, with nothing external above.
pub(super) fn first_own_field(
    subgraph: &Subgraph,
    base: &Name,
    selections: &[Selection],
) -> Option<String> {
    selections.iter().find_map(|selection| match selection {
        Selection::Field(field) => {
            if field.name == "__typename" || is_external(subgraph, base, &field.name) {
                return None;
            }
            if field.selection_set.is_empty() {
                return Some(format!("{base}.{}", field.name));
            }
            let target = subgraph.field(base, &field.name)?.ty.inner_named_type();
            first_own_field(subgraph, target, &field.selection_set)
        }
        Selection::InlineFragment(fragment) => {
            let base = fragment.type_condition.as_ref().unwrap_or(base);
            first_own_field(subgraph, base, &fragment.selection_set)
        }
        Selection::FragmentSpread(_) => None,
    })
}

/// The field, or for interfaces that of one of its types, is resolved elsewhere.
fn is_external(subgraph: &Subgraph, ty: &Name, field: &Name) -> bool {
    let is_marked = |ty: &Name| {
        subgraph
            .field(ty, field)
            .is_some_and(|field| field.described.has("external"))
    };
    is_marked(ty)
        || (subgraph.find(ty, Kind::Interface).is_some()
            && subgraph.possible_types(ty).into_iter().any(is_marked))
}
