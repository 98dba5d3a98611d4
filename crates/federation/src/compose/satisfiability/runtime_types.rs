//! A field that several subgraphs resolve must mean the same objects in all of them.

use std::collections::BTreeSet;

use apollo_compiler::Name;

use super::{Search, Source};
use crate::compose::codes::SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES;
use crate::supergraph::model::TypeId;

pub(super) fn check(
    search: &mut Search<'_>,
    ty: TypeId,
    field: &Name,
    target: TypeId,
    values: &[Source],
) {
    let model = search.explorer.model();
    if values.len() < 2 || !model.is_abstract(target) {
        return;
    }
    let mut told: Vec<(usize, BTreeSet<TypeId>)> = Vec::new();
    for value in values {
        if model.is_interface_object(value.ty, value.graph) {
            continue;
        }
        let possible: BTreeSet<TypeId> = match model.is_abstract(value.ty) {
            true => model
                .possible_in(value.ty, value.graph)
                .iter()
                .copied()
                .collect(),
            false => BTreeSet::from([value.ty]),
        };
        told.push((usize::from(value.graph), possible));
    }
    let Some((_, first)) = told.first() else {
        return;
    };
    let common = told
        .iter()
        .fold(first.clone(), |common, (_, possible)| &common & possible);
    let is_same = told.iter().all(|(_, possible)| possible == first);
    if is_same {
        return;
    }
    // The same field may do well on one path, fairly on another, and badly on a third.
    let known = match common.is_empty() {
        true => &mut search.reported,
        false => &mut search.hinted,
    };
    if !known.insert((ty, field.clone())) {
        return;
    }
    let coordinate = format!("{}.{field}", model.ty(ty).name);
    let listed: Vec<String> = told
        .iter()
        .map(|(graph, possible)| {
            let names = possible.iter().map(|ty| model.ty(*ty).name.as_str());
            format!(
                "{} in `{}`",
                crate::compose::error::enumerated(names),
                search.subgraphs[*graph].name
            )
        })
        .collect();
    let places = told
        .iter()
        .filter_map(|(graph, _)| {
            let subgraph = &search.subgraphs[*graph];
            let definition = subgraph.field(&model.ty(ty).name, field)?;
            Some(subgraph.place(definition.described.at))
        })
        .collect();
    if common.is_empty() {
        search.findings.error(
            SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES,
            format!(
                "`{coordinate}` is shared, but its values have no type in common: {}",
                listed.join("; ")
            ),
            places,
        );
    } else {
        search.findings.hint(
            "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
            format!(
                "`{coordinate}` is shared with different types: {}",
                listed.join("; ")
            ),
            places,
        );
    }
}
