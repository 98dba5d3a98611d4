//! Sources: objects as a subgraph sees them, and which of their fields it resolves.

use std::collections::HashMap;
use std::rc::Rc;

use apollo_compiler::ast::Type;

use super::Planner;
use super::cost::Level;
use super::demand::SetId;
use crate::supergraph::model::{FieldSetId, Graph, TypeId, TypeKind};

/// An object (or one of several types) in the hands of a subgraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Source {
    pub(crate) graph: Graph,
    /// The type the subgraph declares here.
    pub(crate) ty: TypeId,
    /// External fields that are provided here.
    pub(super) provided: Provided,
    /// When it is there.
    pub(super) level: Level,
    /// An interface object whose runtime type another source found out: it serves its own
    /// fields, but no key that needs the type.
    pub(super) is_blind: bool,
}

/// A list of `@provides` selections that apply; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct Provided(u32);

/// How a source resolves one field.
#[derive(Debug, Clone)]
pub(super) struct Access {
    /// The value's type in the subgraph; `None` for leaves.
    pub(super) target: Option<TypeId>,
    pub(super) ty: Type,
    pub(super) provided: Provided,
    /// What must be brought along.
    pub(super) requires: Option<FieldSetId>,
}

/// The lists of `@provides` selections in use.
#[derive(Debug, Default)]
pub(super) struct ProvidedLists {
    lists: Vec<Rc<[SetId]>>,
    known: HashMap<Rc<[SetId]>, Provided>,
}

impl ProvidedLists {
    fn get(&self, provided: Provided) -> Rc<[SetId]> {
        match (provided.0 as usize).checked_sub(1) {
            Some(index) => self.lists[index].clone(),
            None => Rc::new([]),
        }
    }

    fn intern(&mut self, mut sets: Vec<SetId>) -> Provided {
        if sets.is_empty() {
            return Provided::default();
        }
        sets.sort();
        sets.dedup();
        let sets: Rc<[SetId]> = sets.into();
        if let Some(known) = self.known.get(&sets) {
            return *known;
        }
        self.lists.push(sets.clone());
        let provided = Provided(u32::try_from(self.lists.len()).unwrap_or(u32::MAX));
        self.known.insert(sets, provided);
        provided
    }
}

impl Planner<'_> {
    /// How a source resolves a field; `None` if it does not.
    pub(super) fn access(&mut self, source: Source, field: &str) -> Option<Access> {
        let model = self.model;
        if field == "__typename" {
            let is_known = model.ty(source.ty).graphs.contains_key(&source.graph)
                && !model.is_interface_object(source.ty, source.graph);
            return is_known.then(|| Access {
                target: None,
                ty: apollo_compiler::ty!(String!),
                provided: Provided::default(),
                requires: None,
            });
        }
        let here = model.field_in(source.ty, field, source.graph)?;
        let children = self.provided_children(source.provided, source.ty, field);
        if model.ty(source.ty).kind == TypeKind::Interface
            && !model.is_interface_object(source.ty, source.graph)
        {
            // All types behind the interface must do the same, or each is asked by itself.
            if here.requires.is_some() || !self.all_resolve(source, field) {
                return None;
            }
        } else if !self.is_resolvable(source.graph, source.ty, field) && children.is_none() {
            return None;
        }
        let mut provided = children.unwrap_or_default();
        if let Some(set) = here.provides {
            provided.push(self.demands.of_field_set(model, set));
        }
        Some(Access {
            target: here.target,
            ty: here.ty.clone(),
            provided: self.provided.intern(provided),
            requires: here.requires,
        })
    }

    /// The subgraph has the field, and does not only refer to another one's.
    pub(super) fn is_resolvable(&self, graph: Graph, ty: TypeId, field: &str) -> bool {
        self.model.field_in(ty, field, graph).is_some_and(|here| {
            !here.is_external
                && here
                    .override_label
                    .as_ref()
                    .is_none_or(|(label, when)| self.labels.is_active(label) == *when)
        })
    }

    /// Every runtime type of an interface resolves the field without further ado.
    fn all_resolve(&mut self, source: Source, field: &str) -> bool {
        let model = self.model;
        model.possible_in(source.ty, source.graph).iter().all(|ty| {
            (self.is_resolvable(source.graph, *ty, field)
                && model
                    .field_in(*ty, field, source.graph)
                    .is_some_and(|here| here.requires.is_none()))
                || self
                    .provided_children(source.provided, *ty, field)
                    .is_some()
        })
    }

    /// The selections below a provided field; `None` if it is not provided.
    fn provided_children(&self, provided: Provided, ty: TypeId, field: &str) -> Option<Vec<SetId>> {
        let mut found: Option<Vec<SetId>> = None;
        for set in self.provided.get(provided).iter() {
            for id in self.demands.set(*set).iter() {
                let entry = self.demands.entry(*id);
                let applies = entry.scope.as_ref().is_none_or(|scope| {
                    self.model
                        .ty(ty)
                        .possible
                        .iter()
                        .all(|ty| scope.includes(*ty))
                });
                if entry.field == field && applies {
                    found.get_or_insert_default().extend(entry.children);
                }
            }
        }
        found
    }

    /// The source as an object of this type; `None` if it cannot be one.
    pub(super) fn narrowed(&self, source: Source, ty: TypeId) -> Option<Source> {
        let model = self.model;
        if source.ty == ty {
            return Some(source);
        }
        if model.is_interface_object(source.ty, source.graph) {
            return Some(Source {
                is_blind: true,
                ..source
            });
        }
        model
            .possible_in(source.ty, source.graph)
            .binary_search(&ty)
            .is_ok()
            .then_some(Source { ty, ..source })
    }

    /// The source as a value of another abstract type.
    pub(super) fn narrowed_to_abstract(&self, source: Source, ty: TypeId) -> Option<Source> {
        let model = self.model;
        if source.ty == ty || model.is_interface_object(source.ty, source.graph) {
            return Some(source);
        }
        if !model.is_abstract(source.ty) {
            return model
                .ty(ty)
                .possible
                .binary_search(&source.ty)
                .is_ok()
                .then_some(source);
        }
        (!model.possible_in(ty, source.graph).is_empty()).then_some(Source { ty, ..source })
    }
}
