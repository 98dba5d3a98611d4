//! The selections of subgraph operations while they grow.

use std::collections::BTreeMap;
use std::rc::Rc;

use apollo_compiler::Name;
use apollo_compiler::ast::Type;
use apollo_compiler::collections::IndexMap;

use super::Condition;
use crate::supergraph::model::TypeId;

/// A selection set's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeId(u32);

/// A selection set on one type of one subgraph.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) ty: TypeId,
    pub(super) fields: IndexMap<(Name, Rc<[Condition]>), NodeField>,
    pub(super) fragments: BTreeMap<TypeId, NodeId>,
}

/// A selected field.
#[derive(Debug, Clone)]
pub(super) struct NodeField {
    pub(super) field: Name,
    pub(super) arguments: Rc<str>,
    pub(super) variables: Rc<[Name]>,
    /// Its type in the subgraph.
    pub(super) ty: Type,
    pub(super) child: Option<NodeId>,
}

/// All selection sets of a plan.
#[derive(Debug, Default)]
pub(super) struct Nodes(Vec<Node>);

impl Nodes {
    pub(super) fn get(&self, id: NodeId) -> &Node {
        &self.0[id.0 as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn add(&mut self, ty: TypeId) -> NodeId {
        let id = NodeId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(Node {
            ty,
            fields: IndexMap::default(),
            fragments: BTreeMap::new(),
        });
        id
    }

    /// The selections on a narrower type.
    pub(super) fn fragment(&mut self, id: NodeId, ty: TypeId) -> NodeId {
        let node = self.get(id);
        if node.ty == ty {
            return id;
        }
        if let Some(known) = node.fragments.get(&ty) {
            return *known;
        }
        let fragment = self.add(ty);
        self.0[id.0 as usize].fragments.insert(ty, fragment);
        fragment
    }

    /// Selects a field, and returns the selections below it.
    pub(super) fn select(
        &mut self,
        id: NodeId,
        key: Name,
        conditions: Rc<[Condition]>,
        field: NodeField,
        target: Option<TypeId>,
    ) -> Option<NodeId> {
        let known = (key, conditions);
        if let Some(known) = self.get(id).fields.get(&known) {
            return known.child;
        }
        let child = target.map(|target| self.add(target));
        self.0[id.0 as usize]
            .fields
            .insert(known, NodeField { child, ..field });
        child
    }

    /// Puts the fields of a selection set into this order.
    pub(super) fn arrange(&mut self, id: NodeId, order: &[(Name, Rc<[Condition]>)]) {
        let place = |field: &(Name, Rc<[Condition]>)| order.iter().position(|known| known == field);
        self.0[id.0 as usize]
            .fields
            .sort_by(|left, _, right, _| place(left).cmp(&place(right)));
    }

    pub(super) fn select_typename(&mut self, id: NodeId) {
        let field = NodeField {
            field: apollo_compiler::name!("__typename"),
            arguments: "".into(),
            variables: Rc::new([]),
            ty: apollo_compiler::ty!(String!),
            child: None,
        };
        let key = apollo_compiler::name!("__typename");
        self.select(id, key, Rc::new([]), field, None);
    }
}
