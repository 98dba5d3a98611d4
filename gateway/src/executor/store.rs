//! What has been fetched: objects as rows of slots, leaves as places in the subgraphs' own bytes.

use bytes::Bytes;

use crate::json::append_start;
use crate::operation::program::{ShapeId, Shapes, Slot};

/// More than any response is worth: a quarter of a gigabyte.
const MAX_SLOTS: usize = 16 << 20;

/// Everything fetched for one response.
#[derive(Debug)]
pub(crate) struct Store {
    /// UTF-8, all of them; constants come first.
    buffers: Vec<Bytes>,
    slots: Vec<Value>,
    objects: Vec<Object>,
    items: Vec<Value>,
    lists: Vec<List>,
}

/// A value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Value {
    /// Not fetched, or not there.
    #[default]
    Missing,
    Null,
    Leaf(Leaf),
    Object(ObjectId),
    List(ListId),
}

/// A value that is taken over as it was written: a scalar, or whatever a custom scalar is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    buffer: u32,
    start: u32,
    end: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ObjectId(u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ListId(u32);

#[derive(Debug, Clone, Copy)]
struct Object {
    first_slot: u32,
    shape: ShapeId,
    /// The walk that came by last.
    mark: u32,
}

#[derive(Debug, Clone, Copy)]
struct List {
    first_item: u32,
    length: u32,
}

impl Store {
    /// An empty response.
    pub(crate) const ROOT: ObjectId = ObjectId(0);

    pub(crate) fn new(shapes: &Shapes, constants: Bytes) -> Self {
        let mut store = Self {
            buffers: vec![constants],
            slots: Vec::new(),
            objects: Vec::new(),
            items: Vec::new(),
            lists: Vec::new(),
        };
        store.add_object(Shapes::ROOT, shapes);
        store
    }

    /// Takes in bytes that leaves will refer to. They must be UTF-8 of less than 4 GiB.
    pub(super) fn add_buffer(&mut self, bytes: Bytes) -> u32 {
        self.buffers.push(bytes);
        number(self.buffers.len() - 1)
    }

    /// Whether another object fits; a small text can stand for many wide objects.
    pub(super) fn has_room(&self, shape: ShapeId, shapes: &Shapes) -> bool {
        self.slots.len() + shapes.width(shape) <= MAX_SLOTS && self.objects.len() < MAX_SLOTS
    }

    /// Whether so many more items fit; entities at several positions are read once for each.
    pub(super) fn has_room_for_items(&self, count: usize) -> bool {
        self.items.len() + count <= MAX_SLOTS && self.lists.len() < MAX_SLOTS
    }

    pub(super) fn add_object(&mut self, shape: ShapeId, shapes: &Shapes) -> ObjectId {
        let first_slot = number(self.slots.len());
        self.slots
            .resize(self.slots.len() + shapes.width(shape), Value::Missing);
        self.objects.push(Object {
            first_slot,
            shape,
            mark: 0,
        });
        ObjectId(number(self.objects.len() - 1))
    }

    pub(super) fn add_list(&mut self, items: impl Iterator<Item = Value>) -> ListId {
        let first_item = self.items.len();
        self.items.extend(items);
        self.lists.push(List {
            first_item: number(first_item),
            length: number(self.items.len() - first_item),
        });
        ListId(number(self.lists.len() - 1))
    }

    #[inline]
    pub(crate) fn get(&self, object: ObjectId, slot: Slot) -> Value {
        let first = self.object(object).first_slot;
        self.slots
            .get((first + slot.0) as usize)
            .copied()
            .unwrap_or_default()
    }

    #[inline]
    pub(super) fn set(&mut self, object: ObjectId, slot: Slot, value: Value) {
        let first = self.object(object).first_slot;
        if let Some(entry) = self.slots.get_mut((first + slot.0) as usize) {
            *entry = value;
        }
    }

    pub(super) fn shape(&self, object: ObjectId) -> ShapeId {
        self.object(object).shape
    }

    /// Marks an object; `false` if this walk has been here already.
    pub(super) fn mark(&mut self, object: ObjectId, walk: u32) -> bool {
        let object = &mut self.objects[object.0 as usize];
        let is_new = object.mark != walk;
        object.mark = walk;
        is_new
    }

    pub(crate) fn len(&self, list: ListId) -> usize {
        self.list(list).length as usize
    }

    #[inline]
    pub(crate) fn item(&self, list: ListId, index: usize) -> Value {
        let first = self.list(list).first_item as usize;
        self.items.get(first + index).copied().unwrap_or_default()
    }

    fn set_item(&mut self, list: ListId, index: usize, value: Value) {
        let first = self.list(list).first_item as usize;
        if let Some(item) = self.items.get_mut(first + index) {
            *item = value;
        }
    }

    /// A leaf's text.
    #[inline]
    pub(crate) fn text(&self, leaf: Leaf) -> &[u8] {
        self.buffers
            .get(leaf.buffer as usize)
            .and_then(|buffer| buffer.get(leaf.start as usize..leaf.end as usize))
            .unwrap_or_default()
    }

    /// Appends a leaf's text.
    #[inline]
    pub(crate) fn append(&self, leaf: Leaf, out: &mut Vec<u8>) {
        let buffer = self.buffers.get(leaf.buffer as usize);
        let text = buffer.and_then(|buffer| buffer.get(leaf.start as usize..));
        append_start(
            out,
            text.unwrap_or_default(),
            (leaf.end - leaf.start) as usize,
        );
    }

    fn object(&self, id: ObjectId) -> &Object {
        &self.objects[id.0 as usize]
    }

    fn list(&self, id: ListId) -> &List {
        &self.lists[id.0 as usize]
    }

    // ---- merging ----------------------------------------------------------------------------

    /// Merges an object into another one of the same position.
    pub(super) fn merge(&mut self, target: ObjectId, from: ObjectId, shapes: &Shapes) {
        if target == from {
            return;
        }
        let slots = 0..shapes.width(self.shape(target));
        self.merge_slots(target, from, slots.map(|slot| Slot(number(slot))), shapes);
    }

    /// Merges these slots of an object into another one of the same position.
    pub(super) fn merge_slots(
        &mut self,
        target: ObjectId,
        from: ObjectId,
        slots: impl Iterator<Item = Slot>,
        shapes: &Shapes,
    ) {
        for slot in slots {
            let value = self.get(from, slot);
            let merged = self.merged(self.get(target, slot), value, shapes);
            self.set(target, slot, merged);
        }
    }

    /// What one subgraph knows is not undone by another one that does not.
    fn merged(&mut self, known: Value, value: Value, shapes: &Shapes) -> Value {
        match (known, value) {
            (known, Value::Missing) => known,
            (Value::Missing, value) => value,
            (known, Value::Null) => known,
            (Value::Object(target), Value::Object(from)) => {
                self.merge(target, from, shapes);
                known
            }
            (Value::List(target), Value::List(from)) if self.len(target) == self.len(from) => {
                if target != from {
                    for index in 0..self.len(target) {
                        let merged = self.merged_item(target, from, index, shapes);
                        self.set_item(target, index, merged);
                    }
                }
                known
            }
            (_, value) => value,
        }
    }

    fn merged_item(
        &mut self,
        target: ListId,
        from: ListId,
        index: usize,
        shapes: &Shapes,
    ) -> Value {
        let (known, value) = (self.item(target, index), self.item(from, index));
        self.merged(known, value, shapes)
    }

    /// The same value for another position: members keep their keys.
    pub(super) fn moved(&mut self, value: Value, to: Option<ShapeId>, shapes: &Shapes) -> Value {
        match value {
            Value::Object(object) => {
                let Some(to) = to else { return value };
                let from = self.shape(object);
                if from == to {
                    return value;
                }
                let copy = self.add_object(to, shapes);
                for (old, new) in shapes.common(from, to) {
                    let member = self.get(object, old);
                    let member = self.moved(member, shapes.child(to, new), shapes);
                    self.set(copy, new, member);
                }
                Value::Object(copy)
            }
            Value::List(list) => {
                let mut items = Vec::with_capacity(self.len(list));
                for index in 0..self.len(list) {
                    items.push(self.moved(self.item(list, index), to, shapes));
                }
                Value::List(self.add_list(items.into_iter()))
            }
            other => other,
        }
    }
}

impl Leaf {
    pub(super) fn new(buffer: u32, start: usize, end: usize) -> Self {
        Self {
            buffer,
            start: number(start),
            end: number(end),
        }
    }

    /// A part of the constants.
    pub(super) fn constant((start, end): (usize, usize)) -> Self {
        Self::new(0, start, end)
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).expect("answers are smaller than 4 GiB")
}
