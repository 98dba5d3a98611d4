//! Positions: objects of the response, and under which keys their members are stored.
//!
//! A member that only the plan needs takes its field's name as its key, unless the client uses
//! that key for something else.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use apollo_compiler::Name;

use super::Condition;
use super::demand::{Demands, Entry, SetId};

/// A position's index; 0 is the response itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct PositionId(u32);

/// All positions of one response.
#[derive(Debug)]
pub(super) struct Positions {
    positions: Vec<Position>,
    client_keys: HashSet<Name>,
}

#[derive(Debug, Default)]
struct Position {
    /// Response key → what is stored there; clients may use one key differently per type.
    keys: HashMap<Name, Vec<(Name, Rc<str>)>>,
    aliases: HashMap<(Name, Rc<str>), Name>,
    children: HashMap<Name, PositionId>,
    /// Response key → the conditions under which clients select it.
    conditions: HashMap<Name, Vec<Rc<[Condition]>>>,
}

impl Positions {
    /// The positions of an operation.
    pub(super) fn new(demands: &Demands, root: SetId) -> Self {
        let mut positions = Self {
            positions: vec![Position::default()],
            client_keys: HashSet::new(),
        };
        positions.register(demands, PositionId::default(), root);
        positions
    }

    fn register(&mut self, demands: &Demands, position: PositionId, set: SetId) {
        for id in demands.set(set).iter() {
            let entry = demands.entry(*id);
            self.client_keys.insert(entry.key.clone());
            let stored = self.positions[position.0 as usize]
                .keys
                .entry(entry.key.clone())
                .or_default();
            let what = (entry.field.clone(), entry.arguments.clone());
            if !stored.contains(&what) {
                stored.push(what);
            }
            let conditions = self.positions[position.0 as usize]
                .conditions
                .entry(entry.key.clone())
                .or_default();
            if !conditions.contains(&entry.conditions) {
                conditions.push(entry.conditions.clone());
            }
            if let Some(children) = entry.children {
                let child = self.child(position, &entry.key);
                self.register(demands, child, children);
            }
        }
    }

    /// The position below a key.
    pub(super) fn child(&mut self, position: PositionId, key: &Name) -> PositionId {
        if let Some(known) = self.positions[position.0 as usize].children.get(key) {
            return *known;
        }
        let child = PositionId(u32::try_from(self.positions.len()).unwrap_or(u32::MAX));
        self.positions.push(Position::default());
        self.positions[position.0 as usize]
            .children
            .insert(key.clone(), child);
        child
    }

    /// Clients select the key several times, under conditions that differ: that there is something
    /// does not tell which of the selections apply to it.
    pub(super) fn is_ambiguous(&self, position: PositionId, key: &Name) -> bool {
        self.positions[position.0 as usize]
            .conditions
            .get(key)
            .is_some_and(|conditions| conditions.len() > 1)
    }

    /// The key under which an entry's value is stored.
    pub(super) fn key(&mut self, position: PositionId, entry: &Entry) -> Name {
        if !entry.is_internal {
            return entry.key.clone();
        }
        let position = &mut self.positions[position.0 as usize];
        let what = (entry.field.clone(), entry.arguments.clone());
        if let Some(alias) = position.aliases.get(&what) {
            return alias.clone();
        }
        let stored = position.keys.entry(entry.field.clone()).or_default();
        if stored.is_empty() {
            stored.push(what);
            return entry.field.clone();
        }
        if stored.iter().all(|stored| *stored == what) {
            return entry.field.clone();
        }
        let taken = position.aliases.len();
        let alias = (taken..usize::MAX)
            .filter_map(|number| Name::new(&format!("_{number}_{}", entry.field)).ok())
            .find(|alias| !self.client_keys.contains(alias) && !position.keys.contains_key(alias))
            .unwrap_or_else(|| entry.field.clone());
        position.keys.insert(alias.clone(), vec![what.clone()]);
        position.aliases.insert(what, alias.clone());
        alias
    }
}
