//! Fields that must not share a response key within one subgraph operation.
//!
//! Two object types may have a field of one name with types that differ in the subgraph, though
//! they agree for clients. GraphQL forbids to select both under one key, even on types that
//! exclude each other; the later one gets an alias, and its answer is renamed back.

use std::collections::HashMap;
use std::rc::Rc;

use apollo_compiler::Name;
use apollo_compiler::ast::Type;
use apollo_compiler::collections::IndexMap;

use super::selection::{NodeField, NodeId, Nodes};
use super::{Condition, Rewrite, RewriteSegment};

/// A field of a selection set.
pub(super) type FieldAt = (NodeId, Name, Rc<[Condition]>);

/// Aliases for fields that would conflict, and how to undo them.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    pub(super) names: HashMap<FieldAt, Name>,
    pub(super) rewrites: Vec<Rewrite>,
}

/// Finds all conflicts below a selection set.
pub(super) fn aliases(nodes: &Nodes, root: NodeId) -> Aliases {
    let mut aliases = Aliases::default();
    visit(nodes, &[root], &mut Vec::new(), &mut aliases);
    aliases
}

fn visit(nodes: &Nodes, group: &[NodeId], path: &mut Vec<RewriteSegment>, aliases: &mut Aliases) {
    let mut by_key: IndexMap<Name, Vec<(FieldAt, &NodeField)>> = IndexMap::default();
    for node in group {
        collect(nodes, *node, &mut by_key);
    }
    for (key, fields) in &by_key {
        // Fields of the same shape stay together; each other shape gets its own key.
        let mut shapes: Vec<(&NodeField, Vec<NodeId>, Name)> = Vec::new();
        for (at, field) in fields {
            let known = shapes
                .iter_mut()
                .find(|(known, _, _)| same_shape(known, field));
            let (children, alias) = match known {
                Some((_, children, alias)) => (children, alias.clone()),
                None => {
                    let alias = match shapes.len() {
                        0 => key.clone(),
                        number => Name::new(&format!("_{number}_{key}"))
                            .ok()
                            .filter(|alias| !by_key.contains_key(alias))
                            .unwrap_or_else(|| key.clone()),
                    };
                    if alias != *key {
                        let mut path = path.clone();
                        path.push(RewriteSegment::Key(alias.to_string()));
                        aliases.rewrites.push(Rewrite::RenameKey {
                            path,
                            to: key.to_string(),
                        });
                    }
                    shapes.push((field, Vec::new(), alias.clone()));
                    let Some((_, children, _)) = shapes.last_mut() else {
                        continue;
                    };
                    (children, alias)
                }
            };
            children.extend(field.child);
            if alias != *key {
                aliases.names.insert(at.clone(), alias);
            }
        }
        for (_, children, _) in shapes {
            if !children.is_empty() {
                path.push(RewriteSegment::Key(key.to_string()));
                visit(nodes, &children, path, aliases);
                path.pop();
            }
        }
    }
}

fn collect<'a>(
    nodes: &'a Nodes,
    id: NodeId,
    by_key: &mut IndexMap<Name, Vec<(FieldAt, &'a NodeField)>>,
) {
    let node = nodes.get(id);
    for ((key, conditions), field) in &node.fields {
        by_key
            .entry(key.clone())
            .or_default()
            .push(((id, key.clone(), conditions.clone()), field));
    }
    for fragment in node.fragments.values() {
        collect(nodes, *fragment, by_key);
    }
}

/// What GraphQL calls the same response shape, the selections below left aside.
fn same_shape(left: &NodeField, right: &NodeField) -> bool {
    let mut types = (&left.ty, &right.ty);
    loop {
        types = match types {
            (Type::List(left), Type::List(right))
            | (Type::NonNullList(left), Type::NonNullList(right)) => (left, right),
            (Type::Named(a), Type::Named(b)) | (Type::NonNullNamed(a), Type::NonNullNamed(b)) => {
                return a == b || (left.child.is_some() && right.child.is_some());
            }
            _ => return false,
        };
    }
}
