//! Entities → representations: each entity once, with all objects it completes.

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;

use super::store::{ObjectId, Store, Value};
use crate::json::unescape;
use crate::operation::program::{
    EntityPlace, GroupProgram, PathStep, Representation, Slot, Source, TypeSet, Types,
};

/// Which objects the entities of a request belong to.
#[derive(Debug, Default)]
pub(super) struct Targets {
    targets: Vec<Target>,
    /// By representation: its first and its last target.
    ends: Vec<(usize, usize)>,
}

/// An object that an entity completes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// Which of the group's positions it is at.
    pub(super) place: usize,
    pub(super) object: ObjectId,
    next: Option<usize>,
}

impl Targets {
    /// How many representations there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The objects of a representation, in the order they were found.
    pub(super) fn of(&self, representation: usize) -> impl Iterator<Item = Target> + '_ {
        let first = self.ends.get(representation).map(|(first, _)| *first);
        let mut next = first;
        std::iter::from_fn(move || {
            let target = *self.targets.get(next?)?;
            next = target.next;
            Some(target)
        })
    }

    /// The positions a representation occurs at, each once.
    pub(super) fn places(&self, representation: usize) -> impl Iterator<Item = usize> + '_ {
        // Positions are walked one after another.
        let mut last = None;
        self.of(representation).filter_map(move |target| {
            let is_new = last != Some(target.place);
            last = Some(target.place);
            is_new.then_some(target.place)
        })
    }

    /// All targets of all representations.
    pub(super) fn all(&self) -> impl Iterator<Item = Target> + '_ {
        self.targets.iter().copied()
    }

    fn add(&mut self, representation: Option<usize>, place: usize, object: ObjectId) {
        let index = self.targets.len();
        self.targets.push(Target {
            place,
            object,
            next: None,
        });
        match representation {
            None => self.ends.push((index, index)),
            Some(representation) => {
                if let Some((_, last)) = self.ends.get_mut(representation) {
                    let before = std::mem::replace(last, index);
                    if let Some(target) = self.targets.get_mut(before) {
                        target.next = Some(index);
                    }
                }
            }
        }
    }
}

/// Collects representations, appending them to a request.
pub(super) struct Collector<'a> {
    pub(super) store: &'a mut Store,
    pub(super) types: &'a Types,
    /// A number that no other walk has.
    pub(super) walk: &'a mut u32,
}

impl Collector<'_> {
    /// Appends the representations of a group, separated by commas.
    pub(super) fn collect(&mut self, group: &GroupProgram, body: &mut Vec<u8>) -> Targets {
        let mut targets = Targets::default();
        let mut known = Known::default();
        let mut objects = Vec::new();
        for (place_index, place) in group.places.iter().enumerate() {
            objects.clear();
            self.find(&place.path, &mut objects);
            for object in &objects {
                let start = body.len();
                if targets.len() > 0 {
                    body.push(b',');
                }
                let from = body.len();
                if !self.represent(place, *object, body) {
                    body.truncate(start);
                    continue;
                }
                let representation = known.find_or_add(body, from);
                if representation.is_some() {
                    body.truncate(start);
                }
                targets.add(representation, place_index, *object);
            }
        }
        targets
    }

    /// All objects a path leads to, each once.
    pub(super) fn find(&mut self, path: &[PathStep], found: &mut Vec<ObjectId>) {
        *self.walk += 1;
        self.visit(Value::Object(Store::ROOT), path, found);
    }

    fn visit(&mut self, value: Value, path: &[PathStep], found: &mut Vec<ObjectId>) {
        match value {
            Value::Object(object) => {
                let is_new = matches!(path.first(), Some(PathStep::Types { .. }))
                    || self.store.mark(object, *self.walk);
                if !is_new {
                    return;
                }
                match path.split_first() {
                    None => found.push(object),
                    Some((PathStep::Member { slot, .. }, rest)) => {
                        self.visit(self.store.get(object, *slot), rest, found);
                    }
                    Some((PathStep::Types { typename, types }, rest)) => {
                        if has_type(self.store, self.types, object, *typename, types) {
                            self.visit(value, rest, found);
                        }
                    }
                }
            }
            Value::List(list) => {
                for index in 0..self.store.len(list) {
                    self.visit(self.store.item(list, index), path, found);
                }
            }
            Value::Missing | Value::Null | Value::Leaf(_) => {}
        }
    }

    /// Appends the representation of an object; `false` if there is none, whatever was appended.
    fn represent(&self, place: &EntityPlace, object: ObjectId, body: &mut Vec<u8>) -> bool {
        let variant = self.variant(&place.representation, object);
        // An entity of a type the subgraph does not complete has no representation.
        variant.represents && self.write(&place.representation, object, body)
    }

    fn variant<'r>(
        &self,
        representation: &'r Representation,
        object: ObjectId,
    ) -> &'r crate::operation::program::Variant {
        let type_id = representation
            .typename
            .and_then(|slot| type_name(self.store, object, slot))
            .map(|name| self.types.find(&name));
        representation.variant(type_id)
    }

    fn write(&self, representation: &Representation, object: ObjectId, body: &mut Vec<u8>) -> bool {
        let variant = self.variant(representation, object);
        let is_missing = |slot: &Slot| self.store.get(object, *slot) == Value::Missing;
        if variant.required.iter().any(is_missing) {
            return false;
        }
        body.push(b'{');
        for (index, member) in variant.members.iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            body.extend_from_slice(member.token.as_bytes());
            let is_there = match &member.source {
                Source::Constant(token) => {
                    body.extend_from_slice(token.as_bytes());
                    true
                }
                Source::Leaf(slot) => self.write_value(self.store.get(object, *slot), None, body),
                Source::Object(slot, nested) => {
                    self.write_value(self.store.get(object, *slot), Some(nested), body)
                }
            };
            if !is_there {
                return false;
            }
        }
        body.push(b'}');
        true
    }

    fn write_value(
        &self,
        value: Value,
        nested: Option<&Representation>,
        body: &mut Vec<u8>,
    ) -> bool {
        match (value, nested) {
            (Value::Missing, _) | (Value::Object(_), None) => false,
            (Value::Null, _) => {
                body.extend_from_slice(b"null");
                true
            }
            (Value::Leaf(leaf), _) => {
                body.extend_from_slice(self.store.text(leaf));
                true
            }
            (Value::Object(object), Some(nested)) => self.write(nested, object, body),
            (Value::List(list), nested) => {
                body.push(b'[');
                for index in 0..self.store.len(list) {
                    if index > 0 {
                        body.push(b',');
                    }
                    if !self.write_value(self.store.item(list, index), nested, body) {
                        return false;
                    }
                }
                body.push(b']');
                true
            }
        }
    }
}

/// Representations already in a request, by what they look like.
#[derive(Default)]
struct Known {
    hasher: RandomState,
    /// Hash → the last representation of that hash.
    by_hash: HashMap<u64, usize, RandomState>,
    /// Where each is, and the one before of the same hash.
    entries: Vec<(usize, usize, Option<usize>)>,
}

impl Known {
    /// The representation that looks like the one at the end of the body; if there is none, it is new.
    fn find_or_add(&mut self, body: &[u8], from: usize) -> Option<usize> {
        let text = body.get(from..)?;
        let hash = self.hasher.hash_one(text);
        let head = self.by_hash.get(&hash).copied();
        let mut next = head;
        while let Some(index) = next {
            let (start, end, before) = *self.entries.get(index)?;
            if body.get(start..end) == Some(text) {
                return Some(index);
            }
            next = before;
        }
        self.by_hash.insert(hash, self.entries.len());
        self.entries.push((from, body.len(), head));
        None
    }
}

/// The object's type name, if it was fetched.
pub(crate) fn type_name(
    store: &Store,
    object: ObjectId,
    slot: Slot,
) -> Option<std::borrow::Cow<'_, str>> {
    let Value::Leaf(leaf) = store.get(object, slot) else {
        return None;
    };
    let text = std::str::from_utf8(store.text(leaf)).ok()?;
    text.starts_with('"').then(|| unescape(text))
}

/// Whether an object has one of these types; without a type name there was only one possible type.
pub(super) fn has_type(
    store: &Store,
    types: &Types,
    object: ObjectId,
    typename: Slot,
    expected: &TypeSet,
) -> bool {
    match type_name(store, object, typename) {
        None => true,
        Some(name) => types.find(&name).is_some_and(|id| expected.contains(id)),
    }
}
