//! Where errors belong, in the client's terms. Looked up only when there is an error.

use std::collections::{HashMap, HashSet};

use super::MAX_ERRORS;
use super::representations::has_type;
use super::store::{ObjectId, Store, Value};
use crate::operation::program::{PathStep, Program};
use crate::response::PathElement;

/// A place in the response.
pub(super) type Place = Vec<PathElement>;

/// More places of one error than anybody reads.
pub(super) const MAX_PLACES: usize = 20;

/// More values than a search may look at: entities are stored once, but may be at very many places.
const MAX_LOOKED_AT: usize = 200_000;

/// The longest path all places share; `None` if they share nothing.
pub(super) fn common_prefix(mut places: impl Iterator<Item = Place>) -> Option<Place> {
    let mut prefix = places.next()?;
    for place in places {
        let shared = prefix
            .iter()
            .zip(&place)
            .take_while(|(left, right)| left == right)
            .count();
        prefix.truncate(shared);
    }
    (!prefix.is_empty()).then_some(prefix)
}

/// The path with the keys that clients know.
pub(super) fn renamed(path: &[PathElement], renames: &[(String, String)]) -> Place {
    path.iter()
        .map(|element| match element {
            PathElement::Key(key) => {
                let renamed = renames.iter().find(|(from, _)| from == key);
                PathElement::Key(renamed.map_or_else(|| key.clone(), |(_, to)| to.clone()))
            }
            PathElement::Index(index) => PathElement::Index(*index),
        })
        .collect()
}

/// Finds the places of objects.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) store: &'a Store,
    pub(super) program: &'a Program,
}

impl Places<'_> {
    /// All places on a path whose object is one of these, but not more than `limit`.
    pub(super) fn find(
        &self,
        path: &[PathStep],
        objects: &HashSet<ObjectId>,
        limit: usize,
    ) -> Vec<Place> {
        let mut search = Search {
            places: self,
            objects,
            limit,
            per_object: usize::MAX,
            counts: HashMap::new(),
            looked_at: 0,
            place: Vec::new(),
            found: Vec::new(),
        };
        search.visit(Value::Object(Store::ROOT), path);
        search.found.into_iter().map(|(_, place)| place).collect()
    }

    /// The places of each of these objects on a path, found in one search.
    pub(super) fn find_each(
        &self,
        path: &[PathStep],
        objects: &HashSet<ObjectId>,
    ) -> HashMap<ObjectId, Vec<Place>> {
        let mut search = Search {
            places: self,
            objects,
            limit: MAX_PLACES * MAX_ERRORS,
            per_object: MAX_PLACES,
            counts: HashMap::new(),
            looked_at: 0,
            place: Vec::new(),
            found: Vec::new(),
        };
        search.visit(Value::Object(Store::ROOT), path);
        let mut by_object: HashMap<ObjectId, Vec<Place>> = HashMap::new();
        for (object, place) in search.found {
            by_object.entry(object).or_default().push(place);
        }
        by_object
    }
}

struct Search<'a> {
    places: &'a Places<'a>,
    objects: &'a HashSet<ObjectId>,
    limit: usize,
    per_object: usize,
    counts: HashMap<ObjectId, usize>,
    looked_at: usize,
    place: Place,
    found: Vec<(ObjectId, Place)>,
}

impl Search<'_> {
    fn visit(&mut self, value: Value, path: &[PathStep]) {
        self.looked_at += 1;
        if self.found.len() >= self.limit || self.looked_at > MAX_LOOKED_AT {
            return;
        }
        let Places { store, program } = *self.places;
        match value {
            Value::Object(object) => match path.split_first() {
                None => {
                    if self.objects.contains(&object) {
                        let count = self.counts.entry(object).or_default();
                        *count += 1;
                        if *count <= self.per_object {
                            self.found.push((object, self.place.clone()));
                        }
                    }
                }
                Some((PathStep::Member { key, slot }, rest)) => {
                    self.place.push(PathElement::Key(key.to_string()));
                    self.visit(store.get(object, *slot), rest);
                    self.place.pop();
                }
                Some((PathStep::Types { typename, types }, rest)) => {
                    if has_type(store, &program.types, object, *typename, types) {
                        self.visit(value, rest);
                    }
                }
            },
            Value::List(list) => {
                for index in 0..store.len(list) {
                    self.place.push(PathElement::Index(index));
                    self.visit(store.item(list, index), path);
                    self.place.pop();
                }
            }
            Value::Missing | Value::Null | Value::Leaf(_) => {}
        }
    }
}
