//! Why a field cannot be reached, in the words of whoever has to mend it.

use std::collections::BTreeSet;

use apollo_compiler::Name;
use apollo_compiler::ast::{OperationType, Selection};

use super::{Search, Source, State, Step};
use crate::plan::explore::{Followed, Reach};
use crate::supergraph::model::{Graph, TypeId};

/// The query that cannot be answered.
pub(super) fn query(operation: OperationType, path: Option<&Step>, field: &Name) -> String {
    let mut steps: Vec<&str> = Vec::new();
    let mut step = path;
    let mut operation = operation;
    while let Some(here) = step {
        steps.push(&here.text);
        operation = here.operation;
        step = here.before.as_deref();
    }
    steps.reverse();
    let mut text = match operation {
        OperationType::Query => "{\n".to_owned(),
        other => format!("{} {{\n", other.name()),
    };
    let mut depth = 1;
    for step in &steps {
        text.push_str(&"  ".repeat(depth));
        text.push_str(step);
        text.push_str(" {\n");
        depth += 1;
    }
    text.push_str(&"  ".repeat(depth));
    text.push_str(field);
    text.push('\n');
    while depth > 0 {
        depth -= 1;
        text.push_str(&"  ".repeat(depth));
        text.push_str("}\n");
    }
    text.trim_end().to_owned()
}

/// One line for each subgraph at hand and each that could help.
pub(super) fn reasons(search: &mut Search<'_>, reach: &Reach, ty: TypeId, field: &Name) -> String {
    let model = search.explorer.model();
    let name = &model.ty(ty).name;
    let helping = helping(search, ty, field);
    let reached: BTreeSet<Graph> = reach.sources().map(|source| source.graph).collect();
    let mut lines: Vec<String> = Vec::new();
    let mut told: BTreeSet<Graph> = BTreeSet::new();
    for source in reach.sources() {
        if !told.insert(source.graph) {
            continue;
        }
        let from = subgraph(search, source.graph);
        lines.push(format!(
            "- from subgraph `{from}`: {}",
            own(search, reach, &source, ty, field)
        ));
        for (graph, owner) in &helping {
            if reached.contains(graph) {
                continue;
            }
            let to = subgraph(search, *graph);
            for reason in hops(search, reach, *owner, *graph) {
                lines.push(format!(
                    "- from subgraph `{from}`: cannot move to `{to}`, which has `{name}.{field}`, \
                     {reason}"
                ));
            }
        }
    }
    if lines.is_empty() {
        lines.push(format!("- no subgraph resolves `{name}.{field}`"));
    }
    lines.dedup();
    lines.join("\n")
}

/// Why a subgraph that knows the object does not help.
fn own(
    search: &mut Search<'_>,
    reach: &Reach,
    source: &Source,
    ty: TypeId,
    field: &Name,
) -> String {
    let model = search.explorer.model();
    let name = &model.ty(ty).name;
    let Some(here) = model.field_in(source.ty, field, source.graph) else {
        return format!("cannot find `{name}.{field}`");
    };
    if let Some(required) = here.requires
        && !search.explorer.is_required_met(reach, required)
    {
        let text = printed(&model.field_set(required).selections);
        return format!("cannot satisfy @requires(fields: \"{text}\") on `{name}.{field}`");
    }
    if here.requires.is_some() {
        return format!("cannot come back to `{name}.{field}` by a @key with what it requires");
    }
    if here.is_external {
        return format!("`{name}.{field}` is only known, not resolved: it is @external");
    }
    format!("cannot resolve `{name}.{field}`")
}

/// Subgraphs that resolve the field, and the type they have it on.
fn helping(search: &Search<'_>, ty: TypeId, field: &Name) -> Vec<(Graph, TypeId)> {
    let model = search.explorer.model();
    let mut owners = vec![ty];
    owners.extend(&model.ty(ty).interfaces);
    let mut helping = Vec::new();
    for owner in owners {
        for graph in 0..model.graphs {
            let counts = owner == ty || model.is_interface_object(owner, graph);
            if counts && search.explorer.is_resolvable(graph, owner, field) {
                helping.push((graph, owner));
            }
        }
    }
    helping
}

/// Why no key of a type leads into a subgraph.
fn hops(search: &mut Search<'_>, reach: &Reach, ty: TypeId, graph: Graph) -> Vec<String> {
    let model = search.explorer.model();
    let name = &model.ty(ty).name;
    let keys = model
        .ty(ty)
        .graphs
        .get(&graph)
        .map(|here| here.keys.clone())
        .unwrap_or_default();
    let resolvable: Vec<_> = keys.into_iter().filter(|key| key.is_resolvable).collect();
    if resolvable.is_empty() {
        return vec![format!("because `{name}` has no resolvable @key there")];
    }
    resolvable
        .into_iter()
        .map(|key| {
            let selections = &model.field_set(key.fields).selections;
            let missing = missing(search, reach, selections);
            let text = printed(selections);
            match missing.is_empty() {
                true => format!("using @key(fields: \"{text}\"): it does not lead to the field"),
                false => format!(
                    "using @key(fields: \"{text}\"): cannot satisfy {}",
                    crate::compose::error::enumerated(missing)
                ),
            }
        })
        .collect()
}

/// The key fields that cannot be had.
fn missing(search: &mut Search<'_>, reach: &Reach, selections: &[Selection]) -> Vec<String> {
    let mut missing = Vec::new();
    for selection in selections {
        if let Selection::Field(field) = selection {
            match search.explorer.follow(reach, &field.name) {
                Followed::Nowhere => missing.push(field.name.to_string()),
                Followed::Values(_) if !field.selection_set.is_empty() => {
                    let text = printed(&field.selection_set);
                    missing.push(format!("{} {{ {text} }}", field.name));
                }
                _ => {}
            }
        }
    }
    missing
}

/// For an interface object that nobody can look up as the interface it is.
pub(super) fn untold(search: &mut Search<'_>, state: &State) -> String {
    let model = search.explorer.model();
    let ty = model.ty(state.ty);
    let names: BTreeSet<&str> = state
        .sources
        .iter()
        .map(|source| subgraph(search, source.graph))
        .collect();
    let mut lines: Vec<String> = Vec::new();
    for from in names {
        for graph in ty.graphs.keys() {
            if model.is_interface_object(state.ty, *graph) {
                continue;
            }
            let to = subgraph(search, *graph);
            lines.push(format!(
                "- from subgraph `{from}`: cannot move to `{to}`, which knows the types of the \
                 interface `{}`, because it has no resolvable @key there",
                ty.name
            ));
        }
    }
    lines.join("\n")
}

fn subgraph<'a>(search: &Search<'a>, graph: Graph) -> &'a str {
    &search.subgraphs[usize::from(graph)].name
}

fn printed(selections: &[Selection]) -> String {
    let printed: Vec<String> = selections
        .iter()
        .map(|selection| {
            let text = selection.serialize().no_indent().to_string();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect();
    printed.join(" ")
}
