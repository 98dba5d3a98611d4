//! Type names as small numbers, sets of them as bits.

use std::collections::HashMap;

use federation::Supergraph;

/// A type that some selection, path or representation of the operation tells from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub(crate) u32);

/// The types an operation tells apart.
#[derive(Debug, Default)]
pub(crate) struct Types {
    ids: HashMap<Box<str>, TypeId>,
}

impl Types {
    /// The id of a type; none for types that are a member of no set.
    pub(crate) fn find(&self, name: &str) -> Option<TypeId> {
        self.ids.get(name).copied()
    }

    pub(super) fn id(&mut self, name: &str) -> TypeId {
        if let Some(id) = self.find(name) {
            return id;
        }
        let id = TypeId(u32::try_from(self.ids.len()).expect("a schema has fewer types"));
        self.ids.insert(name.into(), id);
        id
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// These types, and those that implement or belong to one of them.
    pub(super) fn closure(&mut self, supergraph: &Supergraph, names: &[String]) -> TypeSet {
        let schema = supergraph.api_schema();
        let mut set = TypeSet::default();
        for name in names {
            set.insert(self.id(name));
            for candidate in schema.types.keys() {
                if schema.is_subtype(name, candidate) {
                    set.insert(self.id(candidate));
                }
            }
        }
        set
    }
}

/// A set of types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TypeSet(Vec<u64>);

impl TypeSet {
    fn insert(&mut self, id: TypeId) {
        let (word, bit) = (id.0 as usize / 64, id.0 % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    pub(crate) fn contains(&self, id: TypeId) -> bool {
        self.0
            .get(id.0 as usize / 64)
            .is_some_and(|word| word & (1 << (id.0 % 64)) != 0)
    }
}
