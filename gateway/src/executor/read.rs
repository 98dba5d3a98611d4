//! Reads a subgraph's answer, guided by what it was asked for.
//!
//! Members usually come in the order they were asked for; any other order works too. What was not
//! asked for is checked and left out. Nothing is merged before the whole answer has been read.

use bytes::Bytes;

use super::representations::Targets;
use super::store::{Leaf, ObjectId, Store, Value};
use crate::json::{JsonError, Scanner, unescape};
use crate::operation::program::{GroupProgram, ReadMember, ReadObject, Shapes};
use crate::transport::TransportError;

/// What an answer has beside its data.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Envelope<D> {
    /// `None` for null, or if it is not there.
    pub(super) data: Option<D>,
    /// The text of `errors`, if there are any.
    pub(super) errors: Option<(usize, usize)>,
}

/// The entities of a group, as they came.
#[derive(Debug)]
pub(super) struct Entities {
    /// How many there are.
    pub(super) count: usize,
    /// Which representation, which of the group's positions, and what was read.
    pub(super) objects: Vec<(usize, usize, ObjectId)>,
}

/// What a group's key held.
#[derive(Debug)]
pub(super) enum GroupAnswer {
    Missing,
    Null,
    List(Entities),
    Other,
}

/// Reads answers into a store.
pub(super) struct Reader<'a, 's> {
    scanner: Scanner<'a>,
    buffer: u32,
    store: &'s mut Store,
    shapes: &'s Shapes,
    /// Items of lists that are being read.
    open_items: Vec<Value>,
}

/// Answers are UTF-8, and small enough for leaves to point into.
pub(super) fn check_text(bytes: &Bytes) -> Result<&str, TransportError> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(invalid("more than 4 GiB"));
    }
    simdutf8::basic::from_utf8(bytes).map_err(|error| invalid(&format!("not UTF-8: {error}")))
}

pub(super) fn invalid(message: &str) -> TransportError {
    TransportError::InvalidAnswer {
        message: message.to_owned(),
    }
}

fn not_json(error: JsonError) -> TransportError {
    invalid(&format!("not JSON: {error}"))
}

impl<'a, 's> Reader<'a, 's> {
    pub(super) fn new(
        text: &'a str,
        buffer: u32,
        store: &'s mut Store,
        shapes: &'s Shapes,
    ) -> Self {
        Self {
            scanner: Scanner::new(text),
            buffer,
            store,
            shapes,
            open_items: Vec::new(),
        }
    }

    /// Reads the answer of a fetch on a root type.
    pub(super) fn root(
        mut self,
        expected: &ReadObject,
    ) -> Result<Envelope<ObjectId>, TransportError> {
        self.envelope(|reader| reader.object(expected, 1))
    }

    /// Reads the answer of a fetch of entities.
    pub(super) fn entities(
        mut self,
        groups: &[GroupProgram],
        targets: &[Targets],
    ) -> Result<Envelope<Vec<GroupAnswer>>, TransportError> {
        self.envelope(|reader| reader.groups(groups, targets))
    }

    fn envelope<D>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<D, JsonError>,
    ) -> Result<Envelope<D>, TransportError> {
        let mut read = Some(read);
        let mut envelope = Envelope {
            data: None,
            errors: None,
        };
        let mut has_errors = false;
        if self.scanner.peek() != Some(b'{') {
            self.scanner.value(0).map_err(not_json)?;
            return Err(invalid("not a JSON object"));
        }
        self.scanner.at += 1;
        if !self.scanner.take(b'}') {
            loop {
                let key = self.scanner.key().map_err(not_json)?;
                let next = self.scanner.peek();
                match &*unescape(key) {
                    "data" => match (next, read.take()) {
                        (_, None) => return Err(invalid("`data` comes twice")),
                        (Some(b'{'), Some(read)) => {
                            envelope.data = Some(read(self).map_err(not_json)?);
                        }
                        (Some(b'n'), _) => self.scanner.leaf().map_err(not_json)?,
                        _ => {
                            self.scanner.value(1).map_err(not_json)?;
                            return Err(invalid("`data` is not an object"));
                        }
                    },
                    "errors" => {
                        if std::mem::replace(&mut has_errors, true) {
                            return Err(invalid("`errors` comes twice"));
                        }
                        let start = self.scanner.at;
                        self.scanner.value(1).map_err(not_json)?;
                        match (next, self.scanner.since(start)) {
                            (Some(b'['), "[]") | (Some(b'n'), _) => {}
                            (Some(b'['), _) => envelope.errors = Some((start, self.scanner.at)),
                            _ => return Err(invalid("`errors` is not a list")),
                        }
                    }
                    _ => self.scanner.value(1).map_err(not_json)?,
                }
                if !self.scanner.next_element(b'}').map_err(not_json)? {
                    break;
                }
            }
        }
        self.scanner.end().map_err(not_json)?;
        Ok(envelope)
    }

    /// An object, at its opening brace.
    fn object(&mut self, expected: &ReadObject, depth: usize) -> Result<ObjectId, JsonError> {
        self.scanner.nested(depth)?;
        self.scanner.expect(b'{', "an object is missing")?;
        if !self.store.has_room(expected.shape, self.shapes) {
            return Err(self.scanner.error("too many objects"));
        }
        let object = self.store.add_object(expected.shape, self.shapes);
        if self.scanner.take(b'}') {
            return Ok(object);
        }
        let mut next = 0;
        loop {
            let member = self.member(expected, next)?;
            match member {
                Some(index) => {
                    next = index + 1;
                    let member = &expected.members[index];
                    if self.store.get(object, member.slot) != Value::Missing {
                        return Err(self.scanner.error("a member comes twice"));
                    }
                    let value = self.value(member, depth + 1)?;
                    self.store.set(object, member.slot, value);
                }
                None => self.scanner.value(depth + 1)?,
            }
            if !self.scanner.next_element(b'}')? {
                return Ok(object);
            }
        }
    }

    /// Which member comes; its key and colon are taken.
    #[inline]
    fn member(&mut self, expected: &ReadObject, next: usize) -> Result<Option<usize>, JsonError> {
        // The usual case: the member that was asked for next, written as usual.
        self.scanner.peek();
        if let Some(member) = expected.members.get(next)
            && self.scanner.take_exactly(member.token.as_bytes())
        {
            return Ok(Some(next));
        }
        let key = self.scanner.key()?;
        if key.contains('\\') {
            return Ok(expected.find(&crate::json::quoted(&unescape(key))));
        }
        Ok(expected.find(key))
    }

    /// A value; most are leaves.
    #[inline]
    fn value(&mut self, member: &ReadMember, depth: usize) -> Result<Value, JsonError> {
        match self.scanner.peek() {
            Some(b'[' | b'{') => return self.nested_value(member, depth),
            Some(b'n') => {
                self.scanner.leaf()?;
                return Ok(Value::Null);
            }
            _ => {}
        }
        let start = self.scanner.at;
        self.scanner.leaf()?;
        Ok(self.leaf_from(start))
    }

    #[inline(never)]
    fn nested_value(&mut self, member: &ReadMember, depth: usize) -> Result<Value, JsonError> {
        match (self.scanner.peek(), &member.object) {
            (Some(b'['), _) => self.list(member, depth),
            (_, Some(expected)) => Ok(Value::Object(self.object(expected, depth)?)),
            (_, None) => {
                let start = self.scanner.at;
                self.scanner.value(depth)?;
                Ok(self.leaf_from(start))
            }
        }
    }

    fn leaf_from(&self, start: usize) -> Value {
        Value::Leaf(Leaf::new(self.buffer, start, self.scanner.at))
    }

    fn list(&mut self, member: &ReadMember, depth: usize) -> Result<Value, JsonError> {
        self.scanner.nested(depth)?;
        self.scanner.at += 1;
        let first = self.open_items.len();
        if !self.scanner.take(b']') {
            loop {
                let item = self.value(member, depth + 1)?;
                self.open_items.push(item);
                if !self.scanner.next_element(b']')? {
                    break;
                }
            }
        }
        if !self.store.has_room_for_items(self.open_items.len() - first) {
            return Err(self.scanner.error("too many items"));
        }
        Ok(Value::List(
            self.store.add_list(self.open_items.drain(first..)),
        ))
    }

    fn groups(
        &mut self,
        groups: &[GroupProgram],
        targets: &[Targets],
    ) -> Result<Vec<GroupAnswer>, JsonError> {
        let mut answers: Vec<GroupAnswer> = groups.iter().map(|_| GroupAnswer::Missing).collect();
        self.scanner.at += 1;
        if self.scanner.take(b'}') {
            return Ok(answers);
        }
        loop {
            let key = unescape(self.scanner.key()?);
            let found = groups.iter().position(|group| group.response_key == key);
            match found {
                Some(index) => {
                    if !matches!(answers[index], GroupAnswer::Missing) {
                        return Err(self.scanner.error("a member comes twice"));
                    }
                    answers[index] = match self.scanner.peek() {
                        Some(b'[') => {
                            GroupAnswer::List(self.group(&groups[index], &targets[index])?)
                        }
                        Some(b'n') => {
                            self.scanner.leaf()?;
                            GroupAnswer::Null
                        }
                        _ => {
                            self.scanner.value(2)?;
                            GroupAnswer::Other
                        }
                    };
                }
                None => self.scanner.value(2)?,
            }
            if !self.scanner.next_element(b'}')? {
                return Ok(answers);
            }
        }
    }

    /// The list of a group's entities.
    fn group(&mut self, group: &GroupProgram, targets: &Targets) -> Result<Entities, JsonError> {
        let mut entities = Entities {
            count: 0,
            objects: Vec::with_capacity(targets.len()),
        };
        self.scanner.at += 1;
        if self.scanner.take(b']') {
            return Ok(entities);
        }
        loop {
            let is_object = self.scanner.peek() == Some(b'{');
            if is_object && entities.count < targets.len() {
                // Entities at several positions are read once for each of them.
                let start = self.scanner.at;
                for place in targets.places(entities.count) {
                    self.scanner.at = start;
                    let object = self.object(&group.places[place].read, 3)?;
                    entities.objects.push((entities.count, place, object));
                }
            } else {
                self.scanner.value(3)?;
            }
            entities.count += 1;
            if !self.scanner.next_element(b']')? {
                return Ok(entities);
            }
        }
    }
}
