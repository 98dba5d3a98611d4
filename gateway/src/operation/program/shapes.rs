//! The places of an answer, and the slots that objects have there.
//!
//! A shape belongs to one position: the response keys from the root, lists left out. Whatever is
//! fetched for a position or read at it has a slot in its shape, so that objects are rows of
//! slots and need no keys at run time.

use std::collections::HashMap;

/// A position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ShapeId(pub(crate) u32);

/// A member of the objects at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Slot(pub(crate) u32);

/// All positions of an operation.
#[derive(Debug)]
pub(crate) struct Shapes(Vec<Shape>);

#[derive(Debug, Default)]
struct Shape {
    slots: HashMap<Box<str>, Slot>,
    /// By slot: the position of the objects in it.
    children: Vec<Option<ShapeId>>,
}

impl Shapes {
    /// The position of the response itself.
    pub(crate) const ROOT: ShapeId = ShapeId(0);

    pub(super) fn new() -> Self {
        Self(vec![Shape::default()])
    }

    /// How many slots objects have here.
    pub(crate) fn width(&self, shape: ShapeId) -> usize {
        self.shape(shape).children.len()
    }

    /// The slot of a response key, if anything is ever put there.
    pub(crate) fn find(&self, shape: ShapeId, key: &str) -> Option<Slot> {
        self.shape(shape).slots.get(key).copied()
    }

    /// The position of the objects in a slot.
    pub(crate) fn child(&self, shape: ShapeId, slot: Slot) -> Option<ShapeId> {
        self.shape(shape)
            .children
            .get(slot.0 as usize)
            .copied()
            .flatten()
    }

    /// Pairs of slots with the same key at two positions.
    pub(crate) fn common(
        &self,
        from: ShapeId,
        to: ShapeId,
    ) -> impl Iterator<Item = (Slot, Slot)> + '_ {
        self.shape(from)
            .slots
            .iter()
            .filter_map(move |(key, slot)| Some((*slot, self.find(to, key)?)))
    }

    pub(super) fn slot(&mut self, shape: ShapeId, key: &str) -> Slot {
        if let Some(slot) = self.find(shape, key) {
            return slot;
        }
        let shape = self.shape_mut(shape);
        let slot = Slot(u32::try_from(shape.children.len()).expect("operations are limited"));
        shape.slots.insert(key.into(), slot);
        shape.children.push(None);
        slot
    }

    /// The slot of a key, and the position of the objects in it.
    pub(super) fn nested(&mut self, shape: ShapeId, key: &str) -> (Slot, ShapeId) {
        let slot = self.slot(shape, key);
        if let Some(child) = self.child(shape, slot) {
            return (slot, child);
        }
        let child = ShapeId(u32::try_from(self.0.len()).expect("operations are limited"));
        self.0.push(Shape::default());
        if let Some(entry) = self.shape_mut(shape).children.get_mut(slot.0 as usize) {
            *entry = Some(child);
        }
        (slot, child)
    }

    /// How many slots there are in all.
    pub(super) fn size(&self) -> usize {
        self.0.iter().map(|shape| shape.children.len() + 1).sum()
    }

    fn shape(&self, id: ShapeId) -> &Shape {
        self.0
            .get(id.0 as usize)
            .expect("ids come from this collection")
    }

    fn shape_mut(&mut self, id: ShapeId) -> &mut Shape {
        self.0
            .get_mut(id.0 as usize)
            .expect("ids come from this collection")
    }
}
