//! Turns the borrowed planner's tree of sequences and parallels into a dependency graph.

use std::collections::BTreeSet;

use hive_router_query_planner::ast::selection_item::SelectionItem;
use hive_router_query_planner::ast::selection_set::SelectionSet;
use hive_router_query_planner::planner::plan_nodes::{
    BatchFetchNode, FetchNode, FetchNodePathSegment, FetchRewrite, FlattenNodePath,
    FlattenNodePathSegment, PlanNode, QueryPlan,
};
use hive_router_query_planner::state::supergraph_state::OperationKind as TreeOperationKind;

use super::{
    Condition, EntityGroup, Fetch, FetchId, FetchKind, OperationKind, PathSegment, PlanError,
    Requirement, Rewrite, RewriteSegment,
};
use crate::{SubgraphId, Supergraph};

/// Appends the fetches of one tree; they all start after the fetches already there.
pub(super) fn append(
    supergraph: &Supergraph,
    tree: QueryPlan,
    fetches: &mut Vec<Fetch>,
) -> Result<(), PlanError> {
    let Some(root) = tree.node else { return Ok(()) };
    let first = fetches.len();
    let barrier: Vec<FetchId> = fetches.iter().map(|fetch| fetch.id).collect();
    let mut conversion = Conversion {
        supergraph,
        fetches,
        first,
        barrier,
        written: Vec::new(),
    };
    conversion.node(root, &[], &mut Vec::new())?;
    remove_implied_dependencies(fetches, first);
    Ok(())
}

struct Conversion<'a> {
    supergraph: &'a Supergraph,
    fetches: &'a mut Vec<Fetch>,
    /// Where this tree's fetches begin.
    first: usize,
    /// Fetches of earlier root fields of a mutation.
    barrier: Vec<FetchId>,
    /// What each of this tree's fetches writes.
    written: Vec<Vec<FieldPath>>,
}

/// Response keys from the root, lists and type conditions left out.
type FieldPath = Vec<String>;

impl Conversion<'_> {
    /// Converts one node. `before` are the fetches that earlier elements of enclosing sequences
    /// produced; the ids of the node's own fetches are returned.
    fn node(
        &mut self,
        node: PlanNode,
        before: &[FetchId],
        conditions: &mut Vec<Condition>,
    ) -> Result<Vec<FetchId>, PlanError> {
        match node {
            PlanNode::Sequence(sequence) => {
                let mut before = before.to_vec();
                let mut own = Vec::new();
                for child in sequence.nodes {
                    let ids = self.node(child, &before, conditions)?;
                    before.extend(&ids);
                    own.extend(ids);
                }
                Ok(own)
            }
            PlanNode::Parallel(parallel) => {
                let mut own = Vec::new();
                for child in parallel.nodes {
                    own.extend(self.node(child, before, conditions)?);
                }
                Ok(own)
            }
            PlanNode::Condition(node) => {
                let mut own = Vec::new();
                for (clause, expected) in [(node.if_clause, true), (node.else_clause, false)] {
                    let Some(clause) = clause else { continue };
                    conditions.push(Condition {
                        variable: node.condition.clone(),
                        expected,
                    });
                    own.extend(self.node(*clause, before, conditions)?);
                    conditions.pop();
                }
                Ok(own)
            }
            PlanNode::Flatten(flatten) => match *flatten.node {
                PlanNode::Fetch(fetch) => {
                    let path = convert_path(&flatten.path);
                    self.fetch(fetch, path, before, conditions)
                        .map(|id| vec![id])
                }
                other => Err(unsupported(&other)),
            },
            PlanNode::Fetch(fetch) => self
                .fetch(fetch, Vec::new(), before, conditions)
                .map(|id| vec![id]),
            PlanNode::Subscription(subscription) => self
                .fetch(subscription.primary, Vec::new(), before, conditions)
                .map(|id| vec![id]),
            PlanNode::BatchFetch(batch) => self.batch(batch, before, conditions).map(|id| vec![id]),
            other @ PlanNode::Defer(_) => Err(unsupported(&other)),
        }
    }

    fn fetch(
        &mut self,
        node: FetchNode,
        path: Vec<PathSegment>,
        before: &[FetchId],
        conditions: &[Condition],
    ) -> Result<FetchId, PlanError> {
        let subgraph = self.subgraph(&node.service_name)?;
        let input_rewrites = convert_rewrites(node.input_rewrites.as_deref());
        let output_rewrites = convert_rewrites(node.output_rewrites.as_deref());
        let kind = match &node.requires {
            Some(requires) => FetchKind::Entities {
                groups: vec![EntityGroup {
                    response_key: "_entities".to_owned(),
                    representations: "representations".to_owned(),
                    paths: vec![path],
                    requires: convert_requires(requires),
                    input_rewrites,
                    output_rewrites,
                }],
            },
            None => FetchKind::Root {
                path,
                keys: root_keys(&node.operation.document.operation.selection_set),
                output_rewrites,
            },
        };
        let operation_kind = convert_operation_kind(node.operation_kind.as_ref());
        let variables = node.variable_usages.into_iter().flatten().collect();
        let written = written_paths(&kind, &node.operation.document.operation.selection_set);
        let depends_on = self.dependencies(before, &kind);
        Ok(self.push(written, |id| Fetch {
            id,
            subgraph,
            depends_on,
            conditions: conditions.to_vec(),
            operation_kind,
            operation: node.operation.document_str,
            variables,
            kind,
        }))
    }

    fn batch(
        &mut self,
        node: BatchFetchNode,
        before: &[FetchId],
        conditions: &[Condition],
    ) -> Result<FetchId, PlanError> {
        let subgraph = self.subgraph(&node.service_name)?;
        let groups = node
            .entity_batch
            .aliases
            .iter()
            .map(|alias| EntityGroup {
                response_key: alias.alias.clone(),
                representations: alias.representations_variable_name.clone(),
                paths: sorted(alias.merge_paths.iter().map(convert_path).collect()),
                requires: convert_requires(&alias.requires),
                input_rewrites: convert_rewrites(alias.input_rewrites.as_deref()),
                output_rewrites: convert_rewrites(alias.output_rewrites.as_deref()),
            })
            .collect();
        let operation_kind = convert_operation_kind(node.operation_kind.as_ref());
        let variables = node.variable_usages.into_iter().flatten().collect();
        let kind = FetchKind::Entities { groups };
        let written = written_paths(&kind, &node.operation.document.operation.selection_set);
        let depends_on = self.dependencies(before, &kind);
        Ok(self.push(written, |id| Fetch {
            id,
            subgraph,
            depends_on,
            conditions: conditions.to_vec(),
            operation_kind,
            operation: node.operation.document_str,
            variables,
            kind,
        }))
    }

    /// Of the fetches before, those whose output a fetch of this kind may need.
    fn dependencies(&self, before: &[FetchId], kind: &FetchKind) -> Vec<FetchId> {
        let read = read_paths(kind);
        let feeds = |earlier: &FetchId| {
            earlier
                .0
                .checked_sub(self.first)
                .and_then(|index| self.written.get(index))
                .is_some_and(|written| {
                    written
                        .iter()
                        .any(|written| read.iter().any(|read| related(written, read)))
                })
        };
        self.barrier
            .iter()
            .copied()
            .chain(before.iter().copied().filter(feeds))
            .collect()
    }

    fn push(&mut self, written: Vec<FieldPath>, fetch: impl FnOnce(FetchId) -> Fetch) -> FetchId {
        let id = FetchId(self.fetches.len());
        self.fetches.push(fetch(id));
        self.written.push(written);
        id
    }

    fn subgraph(&self, name: &str) -> Result<SubgraphId, PlanError> {
        self.supergraph
            .find_subgraph(name)
            .ok_or_else(|| PlanError::Failed {
                message: format!("the planner named an unknown subgraph `{name}`"),
            })
    }
}

fn unsupported(node: &PlanNode) -> PlanError {
    PlanError::Failed {
        message: format!("unexpected plan node: {node}"),
    }
}

/// One of the two is on the way to the other.
fn related(written: &[String], read: &[String]) -> bool {
    written.iter().zip(read).all(|(left, right)| left == right)
}

/// The members a fetch fills.
fn written_paths(kind: &FetchKind, selection_set: &SelectionSet) -> Vec<FieldPath> {
    match kind {
        FetchKind::Root { path, keys, .. } => keys
            .iter()
            .map(|key| extended(field_names(path), key))
            .collect(),
        FetchKind::Entities { groups } => groups
            .iter()
            .flat_map(|group| {
                let keys = entity_keys(selection_set, &group.response_key);
                group.paths.iter().flat_map(move |path| match &keys {
                    Some(keys) => keys
                        .iter()
                        .map(|key| extended(field_names(path), key))
                        .collect(),
                    None => vec![field_names(path)],
                })
            })
            .collect(),
    }
}

/// The members a fetch needs before it can be sent.
fn read_paths(kind: &FetchKind) -> Vec<FieldPath> {
    match kind {
        FetchKind::Root { path, .. } if path.is_empty() => Vec::new(),
        FetchKind::Root { path, .. } => vec![field_names(path)],
        FetchKind::Entities { groups } => groups
            .iter()
            .flat_map(|group| {
                let mut keys = Vec::new();
                required_keys(&group.requires, &mut keys);
                group
                    .paths
                    .iter()
                    .flat_map(|path| {
                        keys.iter()
                            .map(|key| extended(field_names(path), key))
                            .chain([field_names(path)].into_iter().filter(|_| keys.is_empty()))
                            .collect::<Vec<_>>()
                    })
                    .collect::<Vec<_>>()
            })
            .collect(),
    }
}

/// What is selected on the entities of one group; `None` if fragments hide it.
fn entity_keys(selection_set: &SelectionSet, response_key: &str) -> Option<Vec<String>> {
    let entities = selection_set.items.iter().find_map(|item| match item {
        SelectionItem::Field(field) if field.selection_identifier() == response_key => Some(field),
        _ => None,
    })?;
    fn collect(selection_set: &SelectionSet, keys: &mut Vec<String>) -> Option<()> {
        for item in &selection_set.items {
            match item {
                SelectionItem::Field(field) => keys.push(field.selection_identifier().to_owned()),
                SelectionItem::InlineFragment(fragment) => collect(&fragment.selections, keys)?,
                SelectionItem::FragmentSpread(_) => return None,
            }
        }
        Some(())
    }
    let mut keys = Vec::new();
    collect(&entities.selections, &mut keys)?;
    Some(keys)
}

fn required_keys(requires: &[Requirement], keys: &mut Vec<String>) {
    for requirement in requires {
        match requirement {
            Requirement::Field { from, .. } => keys.push(from.clone()),
            Requirement::Fragment { requires, .. } => required_keys(requires, keys),
        }
    }
}

fn extended(mut path: FieldPath, key: &str) -> FieldPath {
    path.push(key.to_owned());
    path
}

fn field_names(path: &[PathSegment]) -> FieldPath {
    path.iter()
        .filter_map(|segment| match segment {
            PathSegment::Field(name) => Some(name.clone()),
            PathSegment::List | PathSegment::TypeCondition(_) => None,
        })
        .collect()
}

/// Drops dependencies that other dependencies already imply.
fn remove_implied_dependencies(fetches: &mut [Fetch], first: usize) {
    let mut reachable: Vec<BTreeSet<FetchId>> = Vec::with_capacity(fetches.len());
    for (index, fetch) in fetches.iter_mut().enumerate() {
        let mut implied = BTreeSet::new();
        for dependency in &fetch.depends_on {
            implied.extend(reachable.get(dependency.0).into_iter().flatten().copied());
        }
        let mut all = implied.clone();
        all.extend(fetch.depends_on.iter().copied());
        if index >= first {
            fetch
                .depends_on
                .retain(|dependency| !implied.contains(dependency));
        }
        reachable.push(all);
    }
}

fn root_keys(selection_set: &SelectionSet) -> Vec<String> {
    let mut keys = Vec::new();
    for item in &selection_set.items {
        let nested = match item {
            SelectionItem::Field(field) => vec![field.selection_identifier().to_owned()],
            SelectionItem::InlineFragment(fragment) => root_keys(&fragment.selections),
            SelectionItem::FragmentSpread(_) => Vec::new(),
        };
        for key in nested {
            if !keys.contains(&key) && key != "__typename" {
                keys.push(key);
            }
        }
    }
    keys
}

fn convert_operation_kind(kind: Option<&TreeOperationKind>) -> OperationKind {
    match kind {
        None | Some(TreeOperationKind::Query) => OperationKind::Query,
        Some(TreeOperationKind::Mutation) => OperationKind::Mutation,
        Some(TreeOperationKind::Subscription) => OperationKind::Subscription,
    }
}

/// The planner lists paths in no particular order.
fn sorted(mut paths: Vec<Vec<PathSegment>>) -> Vec<Vec<PathSegment>> {
    paths.sort();
    paths
}

fn convert_path(path: &FlattenNodePath) -> Vec<PathSegment> {
    path.as_slice()
        .iter()
        .map(|segment| match segment {
            FlattenNodePathSegment::Field(name) => PathSegment::Field(name.clone()),
            FlattenNodePathSegment::List => PathSegment::List,
            FlattenNodePathSegment::TypeCondition(types) => {
                PathSegment::TypeCondition(types.iter().cloned().collect())
            }
        })
        .collect()
}

fn convert_requires(selection_set: &SelectionSet) -> Vec<Requirement> {
    selection_set
        .items
        .iter()
        .filter_map(|item| match item {
            SelectionItem::Field(field) => Some(Requirement::Field {
                from: field.name.clone(),
                to: field.selection_identifier().to_owned(),
                requires: convert_requires(&field.selections),
            }),
            SelectionItem::InlineFragment(fragment) => Some(Requirement::Fragment {
                type_condition: fragment.type_condition.clone(),
                requires: convert_requires(&fragment.selections),
            }),
            SelectionItem::FragmentSpread(_) => None,
        })
        .collect()
}

fn convert_rewrites(rewrites: Option<&[FetchRewrite]>) -> Vec<Rewrite> {
    let path = |path: &[FetchNodePathSegment]| {
        path.iter()
            .map(|segment| match segment {
                FetchNodePathSegment::Key(key) => RewriteSegment::Key(key.clone()),
                FetchNodePathSegment::TypenameEquals(types) => {
                    RewriteSegment::TypenameIs(types.iter().cloned().collect())
                }
            })
            .collect()
    };
    rewrites
        .unwrap_or_default()
        .iter()
        .map(|rewrite| match rewrite {
            FetchRewrite::ValueSetter(setter) => Rewrite::SetValue {
                path: path(&setter.path),
                value: setter.set_value_to.clone(),
            },
            FetchRewrite::KeyRenamer(renamer) => Rewrite::RenameKey {
                path: path(&renamer.path),
                to: renamer.rename_key_to.clone(),
            },
        })
        .collect()
}
