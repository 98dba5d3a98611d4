//! The planner's view of a supergraph: which subgraph knows what of every type.

mod field_set;
mod policy;
mod read;

use std::collections::{BTreeMap, HashMap};

use apollo_compiler::Name;
use apollo_compiler::ast::Type;

pub(crate) use field_set::{FieldSet, FieldSetId};
pub use policy::{Authorization, CostDirectives, ListSize};
pub(crate) use read::read;

/// A type's dense index within its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub(crate) u32);

/// A subgraph's dense index, as in [`crate::SubgraphId`].
pub(crate) type Graph = u16;

/// All composite types of a supergraph.
#[derive(Debug, Default)]
pub(crate) struct Model {
    types: Vec<TypeDef>,
    by_name: HashMap<Name, TypeId>,
    field_sets: Vec<FieldSet>,
    /// The number of subgraphs.
    pub(crate) graphs: Graph,
    /// Some union has other members in one subgraph than in another.
    pub(crate) has_partial_unions: bool,
}

/// What a type is, as far as planning cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeKind {
    Object,
    Interface,
    Union,
}

/// An object, interface or union.
#[derive(Debug)]
pub(crate) struct TypeDef {
    pub(crate) name: Name,
    pub(crate) kind: TypeKind,
    pub(crate) fields: HashMap<Name, FieldDef>,
    /// Subgraph → what it knows of the type.
    pub(crate) graphs: BTreeMap<Graph, TypeInGraph>,
    /// The object types a value may have in any subgraph, sorted.
    pub(crate) possible: Vec<TypeId>,
    /// For objects and interfaces: the interfaces they implement in any subgraph.
    pub(crate) interfaces: Vec<TypeId>,
    /// A root operation type.
    pub(crate) is_root: bool,
    /// Clients do not see it.
    pub(crate) is_hidden: bool,
    /// Who may read it.
    pub(crate) authorization: Authorization,
}

/// A type as one subgraph knows it.
#[derive(Debug, Default)]
pub(crate) struct TypeInGraph {
    pub(crate) keys: Vec<Key>,
    /// The subgraph declares an interface as an object (`@interfaceObject`).
    pub(crate) is_interface_object: bool,
    /// The object types a value may have here, sorted.
    pub(crate) possible: Vec<TypeId>,
}

/// One `@key`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) fields: FieldSetId,
    /// `_entities` accepts it.
    pub(crate) is_resolvable: bool,
}

/// A field of an object or interface.
#[derive(Debug)]
pub(crate) struct FieldDef {
    /// The innermost type clients see; `None` for scalars and enums.
    pub(crate) target: Option<TypeId>,
    /// Subgraph → how it resolves the field.
    pub(crate) graphs: BTreeMap<Graph, FieldInGraph>,
    /// Who may read it.
    pub(crate) authorization: Authorization,
    /// What it is said to cost.
    pub(crate) cost: CostDirectives,
}

/// A field as one subgraph knows it.
#[derive(Debug)]
pub(crate) struct FieldInGraph {
    /// The subgraph's own type, which may be narrower or less nullable.
    pub(crate) ty: Type,
    pub(crate) target: Option<TypeId>,
    /// Known, but resolved elsewhere unless something provides it.
    pub(crate) is_external: bool,
    pub(crate) requires: Option<FieldSetId>,
    pub(crate) provides: Option<FieldSetId>,
    /// A progressive `@override`: the label, and whether the field is here while it is active.
    pub(crate) override_label: Option<(String, bool)>,
}

impl Model {
    pub(crate) fn ty(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0 as usize]
    }

    pub(crate) fn find(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn field_set(&self, id: FieldSetId) -> &FieldSet {
        &self.field_sets[id.0 as usize]
    }

    pub(crate) fn field(&self, ty: TypeId, name: &str) -> Option<&FieldDef> {
        self.ty(ty).fields.get(name)
    }

    pub(crate) fn field_in(&self, ty: TypeId, name: &str, graph: Graph) -> Option<&FieldInGraph> {
        self.field(ty, name)?.graphs.get(&graph)
    }

    pub(crate) fn is_abstract(&self, ty: TypeId) -> bool {
        self.ty(ty).kind != TypeKind::Object
    }

    /// Some subgraph declares this interface as an object, and does not know runtime types.
    pub(crate) fn is_somewhere_blind(&self, ty: TypeId) -> bool {
        let mut graphs = self.ty(ty).graphs.values();
        graphs.any(|here| here.is_interface_object)
    }

    /// The subgraph declares this interface as an object.
    pub(crate) fn is_interface_object(&self, ty: TypeId, graph: Graph) -> bool {
        self.ty(ty)
            .graphs
            .get(&graph)
            .is_some_and(|here| here.is_interface_object)
    }

    /// The object types a value of this type may have in a subgraph.
    pub(crate) fn possible_in(&self, ty: TypeId, graph: Graph) -> &[TypeId] {
        self.ty(ty)
            .graphs
            .get(&graph)
            .map_or(&[], |here| here.possible.as_slice())
    }
}
