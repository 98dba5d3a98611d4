//! Steps → fetches: what becomes ready together for one subgraph is one request.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::executable::Operation;

use super::conditions;
use super::conflicts::{Aliases, aliases};
use super::fetches::{Step, StepEntry, StepId};
use super::print::{Printer, Text};
use super::schedule::levels;
use super::selection::{NodeId, Nodes};
use super::{
    Condition, EntityGroup, Fetch, FetchId, FetchKind, OperationKind, PathSegment, Requirement,
    Rewrite, RewriteSegment,
};
use crate::SubgraphId;
use crate::supergraph::model::{Graph, Model};

/// Turns steps into fetches.
pub(super) fn merge(
    model: &Model,
    operation: &Operation,
    nodes: &Nodes,
    steps: &[Step],
) -> Vec<Fetch> {
    let conditions: Vec<Vec<Condition>> =
        steps.iter().map(|step| hoisted(nodes, step.node)).collect();
    let requests = requests(steps, &conditions);
    let mut fetch_of: BTreeMap<StepId, FetchId> = BTreeMap::new();
    for (index, request) in requests.iter().enumerate() {
        fetch_of.extend(request.members.iter().map(|step| (*step, FetchId(index))));
    }

    let printer = Printer {
        model,
        operation,
        nodes,
    };
    let mut fetches: Vec<Fetch> = Vec::with_capacity(requests.len());
    for (index, request) in requests.into_iter().enumerate() {
        let members: Vec<&Step> = request
            .members
            .iter()
            .filter_map(|id| steps.get(id.0))
            .collect();
        let depends_on: BTreeSet<FetchId> = members
            .iter()
            .flat_map(|step| &step.needs)
            .filter_map(|step| fetch_of.get(step).copied())
            .collect();
        let mut purposes: Vec<String> = Vec::new();
        for purpose in members.iter().flat_map(|step| &step.purposes) {
            if !purposes.contains(purpose) {
                purposes.push(purpose.clone());
            }
        }
        let mut text = Text::default();
        let (operation_kind, kind, representations) = match members.as_slice() {
            [
                Step {
                    entry: StepEntry::Root(operation_kind),
                    node,
                    path,
                    ..
                },
            ] => {
                let kind = root(&printer, *node, path, &request.conditions, &mut text);
                (*operation_kind, kind, Vec::new())
            }
            _ => {
                let groups = groups(&printer, steps, &request, &mut text);
                let names = groups
                    .iter()
                    .map(|group| group.representations.clone())
                    .collect();
                (OperationKind::Query, FetchKind::Entities { groups }, names)
            }
        };
        fetches.push(Fetch {
            id: FetchId(index),
            subgraph: SubgraphId(usize::from(request.graph)),
            depends_on: depends_on.into_iter().collect(),
            conditions: request.conditions,
            operation_kind,
            operation: printer.operation(operation_kind, &representations, &text),
            variables: text.variables,
            kind,
            purposes,
        });
    }
    remove_implied(&mut fetches);
    fetches
}

/// Steps that are sent as one.
struct Request {
    level: usize,
    graph: Graph,
    conditions: Vec<Condition>,
    members: Vec<StepId>,
    is_root: bool,
}

/// Brings steps together: one request per subgraph and level.
///
/// A request is sent if the conditions of any of its steps hold; what they have in common is its
/// own, the rest stays with the groups.
fn requests(steps: &[Step], conditions: &[Vec<Condition>]) -> Vec<Request> {
    let levels = levels(steps);
    let mut requests: Vec<Request> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let is_root = matches!(step.entry, StepEntry::Root(_));
        let known = requests.iter_mut().find(|request| {
            !is_root
                && !request.is_root
                && (request.level, request.graph) == (levels[index], step.graph)
        });
        match known {
            Some(request) => {
                request.members.push(StepId(index));
                request
                    .conditions
                    .retain(|condition| conditions[index].contains(condition));
            }
            None => requests.push(Request {
                level: levels[index],
                graph: step.graph,
                conditions: conditions[index].clone(),
                members: vec![StepId(index)],
                is_root,
            }),
        }
    }
    // Level by level, in the order in which the operation first asks for them.
    requests.sort_by_key(|request| (request.level, request.members.first().copied()));
    requests
}

/// Conditions that everything a step selects has in common.
fn hoisted(nodes: &Nodes, node: NodeId) -> Vec<Condition> {
    fn collect<'a>(nodes: &'a Nodes, node: NodeId, found: &mut Vec<&'a [Condition]>) {
        let node = nodes.get(node);
        found.extend(node.fields.keys().map(|(_, conditions)| &**conditions));
        for fragment in node.fragments.values() {
            collect(nodes, *fragment, found);
        }
    }
    let mut found = Vec::new();
    collect(nodes, node, &mut found);
    conditions::common(found.into_iter())
}

fn root(
    printer: &Printer<'_>,
    node: NodeId,
    path: &[PathSegment],
    conditions: &[Condition],
    text: &mut Text,
) -> FetchKind {
    let aliases = aliases(printer.nodes, node);
    printer.selections(node, &aliases, conditions, text);
    FetchKind::Root {
        path: path.to_vec(),
        keys: printer.root_keys(node),
        output_rewrites: aliases.rewrites,
    }
}

/// A group before it has a name.
struct Draft {
    conditions: Vec<Condition>,
    paths: Vec<Vec<PathSegment>>,
    requires: Vec<Requirement>,
    typename: Option<String>,
    selection: String,
    output_rewrites: Vec<Rewrite>,
}

fn groups(
    printer: &Printer<'_>,
    steps: &[Step],
    request: &Request,
    text: &mut Text,
) -> Vec<EntityGroup> {
    // Equal questions about entities at several places are one group.
    let mut drafts: Vec<Draft> = Vec::new();
    for together in folded(steps, &request.members, printer.nodes) {
        let Some(draft) = draft(printer, &together, request, text) else {
            continue;
        };
        let mut equal = drafts.iter_mut().filter(|known| {
            known.requires == draft.requires
                && known.typename == draft.typename
                && known.selection == draft.selection
        });
        let known = equal.find(|known| {
            known.conditions == draft.conditions
                || (known.paths == draft.paths
                    && (implies(&known.conditions, &draft.conditions)
                        || implies(&draft.conditions, &known.conditions)))
        });
        match known {
            Some(known) => {
                known.paths.extend(draft.paths);
                known.paths.sort();
                known.paths.dedup();
                known
                    .conditions
                    .retain(|condition| draft.conditions.contains(condition));
            }
            None => drafts.push(draft),
        }
    }

    text.body.push('{');
    let is_single = drafts.len() == 1;
    let mut groups = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        let (response_key, wanted) = match is_single {
            true => ("_entities".to_owned(), "representations".to_owned()),
            false => (format!("_e{index}"), format!("representations_{index}")),
        };
        let representations = printer.free_variable(wanted);
        if index > 0 {
            text.body.push(' ');
        }
        if !is_single {
            text.body.push_str(&response_key);
            text.body.push_str(": ");
        }
        text.body.push_str("_entities(representations: $");
        text.body.push_str(&representations);
        text.body.push_str("){");
        text.body.push_str(&draft.selection);
        text.body.push('}');
        groups.push(EntityGroup {
            response_key,
            representations,
            conditions: draft.conditions,
            paths: draft.paths,
            requires: draft.requires,
            input_rewrites: draft
                .typename
                .into_iter()
                .map(|value| Rewrite::SetValue {
                    path: vec![RewriteSegment::Key("__typename".to_owned())],
                    value,
                })
                .collect(),
            output_rewrites: draft.output_rewrites,
        });
    }
    text.body.push('}');
    groups
}

/// Whether all conditions of the second hold whenever those of the first do.
fn implies(first: &[Condition], second: &[Condition]) -> bool {
    second.iter().all(|condition| first.contains(condition))
}

/// Steps about the same entities, of which the first requires all that the others do.
fn draft(
    printer: &Printer<'_>,
    together: &[&Step],
    request: &Request,
    text: &mut Text,
) -> Option<Draft> {
    let first = together.first()?;
    let StepEntry::Entity { requires, typename } = &first.entry else {
        return None;
    };
    let conditions = hoisted(printer.nodes, first.node);
    let mut output_rewrites = Vec::new();
    let mut selections: Vec<String> = Vec::new();
    for step in together {
        let mut own = Text {
            variables: std::mem::take(&mut text.variables),
            ..Text::default()
        };
        let aliases: Aliases = aliases(printer.nodes, step.node);
        printer.members(step.node, &aliases, &conditions, &mut own);
        text.variables = own.variables;
        if !selections.contains(&own.body) {
            selections.push(own.body);
            output_rewrites.extend(aliases.rewrites);
        }
    }
    let ty = &printer.model.ty(printer.nodes.get(first.node).ty).name;
    Some(Draft {
        conditions: conditions
            .into_iter()
            .filter(|condition| !request.conditions.contains(condition))
            .collect(),
        paths: vec![first.path.clone()],
        requires: requires.clone(),
        typename: typename.as_ref().map(ToString::to_string),
        selection: format!("...on {ty}{{{}}}", selections.join(" ")),
        output_rewrites,
    })
}

/// Puts a step with another one about the same entities, where nothing more can fail for it:
/// what the other one brings along comes from fetches that the step waits for anyway.
fn folded<'a>(steps: &'a [Step], members: &[StepId], nodes: &Nodes) -> Vec<Vec<&'a Step>> {
    let size = |step: &Step| match &step.entry {
        StepEntry::Root(_) => 0,
        StepEntry::Entity { requires, .. } => requires.len(),
    };
    let mut order: Vec<&StepId> = members.iter().collect();
    order.sort_by_key(|id| std::cmp::Reverse(steps.get(id.0).map_or(0, size)));

    let mut together: Vec<(StepId, Vec<&Step>)> = Vec::new();
    for id in order {
        let Some(step) = steps.get(id.0) else {
            continue;
        };
        let host = together.iter_mut().find(|(_, others)| {
            others
                .first()
                .is_some_and(|host| may_fold(steps, nodes, *id, step, host))
        });
        match host {
            Some((_, others)) => others.push(step),
            None => together.push((*id, vec![step])),
        }
    }
    together.sort_by_key(|(id, _)| *id);
    together.into_iter().map(|(_, steps)| steps).collect()
}

fn may_fold(steps: &[Step], nodes: &Nodes, id: StepId, step: &Step, host: &Step) -> bool {
    let (
        StepEntry::Entity { requires, typename },
        StepEntry::Entity {
            requires: more,
            typename: other,
        },
    ) = (&step.entry, &host.entry)
    else {
        return false;
    };
    step.path == host.path
        && typename == other
        && nodes.get(step.node).ty == nodes.get(host.node).ty
        && requires
            .iter()
            .all(|requirement| more.contains(requirement))
        && hoisted(nodes, step.node) == hoisted(nodes, host.node)
        && host.needs.is_subset(&before(steps, id))
}

/// Everything a step waits for.
fn before(steps: &[Step], id: StepId) -> BTreeSet<StepId> {
    let mut found = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        for need in steps.get(id.0).into_iter().flat_map(|step| &step.needs) {
            if found.insert(*need) {
                open.push(*need);
            }
        }
    }
    found
}

/// Drops dependencies that other dependencies already imply.
fn remove_implied(fetches: &mut [Fetch]) {
    let mut reachable: Vec<BTreeSet<FetchId>> = Vec::with_capacity(fetches.len());
    for fetch in fetches {
        let mut implied = BTreeSet::new();
        for id in &fetch.depends_on {
            implied.extend(reachable.get(id.0).into_iter().flatten().copied());
        }
        let mut all = implied.clone();
        all.extend(fetch.depends_on.iter().copied());
        fetch.depends_on.retain(|id| !implied.contains(id));
        reachable.push(all);
    }
}
