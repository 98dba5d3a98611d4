//! Fetched data → what the client selected, in its order; nothing else gets through.
//!
//! Values that do not have the type of their field become null with an error, and a null where
//! none may be takes away its parent.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};
use std::sync::Arc;

use apollo_compiler::introspection;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use foldhash::fast::RandomState;
use serde_json::{Map, json};

use super::coerce_variables::{Variables, decode};
use crate::executor::{Fetched, MAX_ERRORS, ObjectId, Passed, Store, Value, type_name};
use crate::gateway::Gateway;
use crate::json::{is_finite, unescape, write_string};
use crate::operation::CompiledOperation;
use crate::operation::program::{
    Holds, Output, OutputId, OutputKind, OutputMember, OutputObjects, OutputType, Types,
};
use crate::operation::projection::LeafKind;
use crate::response::{Data, GraphqlError, GraphqlResponse, PathElement};

/// The code of values that do not fit the schema.
const INVALID_VALUE: &str = "SUBGRAPH_INVALID_RESPONSE";

/// Writes the client's selection of the fetched data.
pub(crate) fn run(
    gateway: &Arc<Gateway>,
    operation: &CompiledOperation,
    variables: &Variables,
    mut fetched: Fetched,
) -> GraphqlResponse {
    let extensions = extensions(gateway, &fetched);
    match fetched.passed.take() {
        Some(Passed::Whole(answer)) => {
            return GraphqlResponse {
                data: Data::Whole(answer),
                errors: fetched.errors,
                extensions,
            };
        }
        Some(Passed::Data(data)) => {
            return GraphqlResponse {
                data: Data::Passed(data),
                errors: fetched.errors,
                extensions,
            };
        }
        None => {}
    }

    let introspected = if operation.introspects {
        introspect(gateway, operation, variables, &mut fetched.errors)
    } else {
        JsonMap::new()
    };
    let program = &operation.program;
    let mut writer = Writer {
        store: &fetched.store,
        output: &program.output,
        types: &program.types,
        holds: &fetched.holds,
        introspected: &introspected,
        out: Vec::with_capacity(program.output_room.get().max(512)),
        limit: gateway.config.limits.response_bytes,
        steps: 0,
        too_large: false,
        errors: Errors::new(fetched.errors),
        path: Vec::new(),
    };
    writer.out.extend_from_slice(Data::BEGINNING);
    let start = writer.out.len();
    let root_type = program.output.root_type.as_str();
    if writer
        .object(program.output.root, Store::ROOT, root_type)
        .is_err()
    {
        writer.null_from(start);
    }
    if writer.is_too_large() {
        writer.out.truncate(start);
        writer.out.extend_from_slice(b"null");
        let message = format!("The response is larger than {} bytes.", writer.limit);
        writer.errors.all = vec![GraphqlError::new("RESPONSE_TOO_LARGE", message)];
    }
    program.output_room.took(writer.out.len());
    GraphqlResponse {
        data: Data::Written(writer.out),
        errors: writer.errors.all,
        extensions,
    }
}

fn extensions(gateway: &Gateway, fetched: &Fetched) -> Map<String, serde_json::Value> {
    let mut extensions = Map::new();
    if gateway.config.expose_fetch_counts {
        let (mut counts, mut times) = (Map::new(), Map::new());
        for (subgraph, (count, time)) in &fetched.requests {
            counts.insert(subgraph.clone(), serde_json::Value::from(*count));
            times.insert(subgraph.clone(), json!(time.as_secs_f64() * 1000.0));
        }
        extensions.insert(
            "bazaar".to_owned(),
            json!({ "fetches": counts, "fetchMs": times }),
        );
    }
    extensions
}

/// Answers `__schema` and `__type` from the API schema.
fn introspect(
    gateway: &Gateway,
    operation: &CompiledOperation,
    variables: &Variables,
    errors: &mut Vec<GraphqlError>,
) -> JsonMap {
    let variables: Valid<JsonMap> = Valid::assume_valid(decode(operation, variables));
    let answer = introspection::partial_execute(
        gateway.supergraph.api_schema(),
        gateway.supergraph.implementers(),
        &operation.document,
        &operation.operation,
        &variables,
    );
    match answer {
        Ok(answer) => {
            errors.extend(
                answer
                    .errors
                    .into_iter()
                    .map(|error| GraphqlError::new("BAD_USER_INPUT", error.message)),
            );
            answer.data.unwrap_or_default()
        }
        Err(error) => {
            errors.push(GraphqlError::new(
                "BAD_USER_INPUT",
                error.message().to_string(),
            ));
            JsonMap::new()
        }
    }
}

/// Writes the data.
struct Writer<'a> {
    store: &'a Store,
    output: &'a Output,
    types: &'a Types,
    holds: &'a Holds,
    introspected: &'a JsonMap,
    out: Vec<u8>,
    /// Bytes that may be written.
    limit: usize,
    /// Members and items written so far, those that became null among them.
    steps: usize,
    too_large: bool,
    errors: Errors,
    path: Vec<Step<'a>>,
}

/// A step of the path to what is being written.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// The parent has to become null.
struct NullParent;

/// A value that is null, for whatever reason.
struct Null;

impl<'a> Writer<'a> {
    /// An object of a known type.
    fn object(
        &mut self,
        id: OutputId,
        object: ObjectId,
        type_name: &str,
    ) -> Result<(), NullParent> {
        let output = self.output.object(id);
        self.out.push(b'{');
        let start = self.out.len();
        let mut null_parent = false;
        // The other members are still looked at, so that all errors are reported.
        if output.reorders {
            let mut members: Vec<(usize, &OutputMember)> = output
                .members
                .iter()
                .filter_map(|member| Some((member.applies.position(self.holds)?, member)))
                .collect();
            members.sort_by_key(|(position, _)| *position);
            for (_, member) in members {
                let written = self.member(member, object, type_name, start);
                null_parent |= written.is_err();
            }
        } else {
            for member in &output.members {
                if member.applies.holds(self.holds) {
                    let written = self.member(member, object, type_name, start);
                    null_parent |= written.is_err();
                }
            }
        }
        if null_parent {
            return Err(NullParent);
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Entities are stored once, but may be at very many places; beyond the limit nothing more is written.
    fn is_too_large(&mut self) -> bool {
        self.too_large |= self.out.len() > self.limit || self.steps > self.limit;
        self.too_large
    }

    /// A member of an object that begins at `start`.
    fn member(
        &mut self,
        member: &'a OutputMember,
        object: ObjectId,
        type_name: &str,
        start: usize,
    ) -> Result<(), NullParent> {
        if self.out.len() > start {
            self.out.push(b',');
        }
        member.token.append_to(&mut self.out);
        let value = self.store.get(object, member.slot);
        match &member.kind {
            OutputKind::Typename => write_string(&mut self.out, type_name),
            OutputKind::Introspection => match self.introspected.get(&*member.key) {
                Some(value) => serde_json::to_writer(&mut self.out, value)
                    .expect("JSON can be written to memory"),
                None => self.out.extend_from_slice(b"null"),
            },
            // The usual case: a leaf as it should be.
            OutputKind::Leaf(kind)
                if let Value::Leaf(leaf) = value
                    && matches!(member.ty, OutputType::Named { .. })
                    && is_as_is(kind, self.store.text(leaf))
                    && !self.is_too_large() =>
            {
                self.steps += 1;
                self.store.append(leaf, &mut self.out);
            }
            OutputKind::Leaf(_) | OutputKind::Object(_) => {
                self.path.push(Step::Key(&member.key));
                let written = self.value(member, &member.ty, value);
                self.path.pop();
                written?;
            }
        }
        Ok(())
    }

    fn value(
        &mut self,
        member: &'a OutputMember,
        ty: &'a OutputType,
        value: Value,
    ) -> Result<(), NullParent> {
        self.steps += 1;
        if self.is_too_large() {
            return Err(NullParent);
        }
        let start = self.out.len();
        let written = match (ty, value) {
            (_, Value::Missing | Value::Null) => Err(Null),
            (OutputType::Named { .. }, value) => self.single(member, value),
            (OutputType::List { item, .. }, Value::List(list)) => {
                let mut null_parent = false;
                self.out.push(b'[');
                for index in 0..self.store.len(list) {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.path.push(Step::Index(index));
                    let value = self.store.item(list, index);
                    null_parent |= self.value(member, item, value).is_err();
                    self.path.pop();
                    if self.is_too_large() {
                        break;
                    }
                }
                self.out.push(b']');
                if null_parent { Err(Null) } else { Ok(()) }
            }
            (OutputType::List { .. }, other) => self.mismatch(member, "a list", other),
        };
        if written.is_err() {
            self.null_from(start);
            if ty.is_non_null() {
                self.null_where_none_may_be(member);
                return Err(NullParent);
            }
        }
        Ok(())
    }

    fn single(&mut self, member: &'a OutputMember, value: Value) -> Result<(), Null> {
        match &member.kind {
            OutputKind::Leaf(kind) => match value {
                Value::Leaf(found) => {
                    let text = self.store.text(found);
                    match leaf(kind, text) {
                        Ok(Leaf::AsIs) => self.out.extend_from_slice(text),
                        Ok(Leaf::As(text)) => self.out.extend_from_slice(text.as_bytes()),
                        Err(expected) => return self.mismatch(member, expected, value),
                    }
                    Ok(())
                }
                // A custom scalar may be a list.
                Value::List(_) if matches!(kind, LeafKind::Any) => {
                    self.any(value);
                    Ok(())
                }
                other => self.mismatch(member, expectation(kind), other),
            },
            OutputKind::Object(objects) => {
                let Value::Object(object) = value else {
                    return self.mismatch(member, "an object", value);
                };
                match objects {
                    OutputObjects::One {
                        type_name,
                        object: output,
                    } => self.object(*output, object, type_name).map_err(|_| Null),
                    OutputObjects::OneOf {
                        typename,
                        by_type,
                        declared,
                        untyped,
                    } => {
                        let told = type_name(self.store, object, *typename);
                        let is_told = match &told {
                            Some(name) => **name != **declared,
                            None => self.store.get(object, *typename) != Value::Missing,
                        };
                        let known = told
                            .and_then(|name| self.types.find(&name))
                            .and_then(|id| by_type.binary_search_by_key(&id, |(id, ..)| *id).ok())
                            .and_then(|index| by_type.get(index));
                        match (known, untyped) {
                            (Some((_, type_name, output)), _) => {
                                self.object(*output, object, type_name).map_err(|_| Null)
                            }
                            (None, Some(output)) if !is_told => {
                                self.object(*output, object, "").map_err(|_| Null)
                            }
                            _ => self.mismatch(member, "an object of a known type", value),
                        }
                    }
                }
            }
            OutputKind::Typename | OutputKind::Introspection => Err(Null),
        }
    }

    /// A part of a custom scalar.
    fn any(&mut self, value: Value) {
        match value {
            Value::Leaf(leaf) => self.out.extend_from_slice(self.store.text(leaf)),
            Value::List(list) => {
                self.out.push(b'[');
                for index in 0..self.store.len(list) {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.any(self.store.item(list, index));
                }
                self.out.push(b']');
            }
            Value::Missing | Value::Null | Value::Object(_) => {
                self.out.extend_from_slice(b"null");
            }
        }
    }

    fn null_from(&mut self, start: usize) {
        self.out.truncate(start);
        self.out.extend_from_slice(b"null");
    }

    // ---- errors --------------------------------------------------------------------------------

    fn mismatch(
        &mut self,
        member: &OutputMember,
        expected: &str,
        value: Value,
    ) -> Result<(), Null> {
        let found = match value {
            Value::Missing | Value::Null => "null",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
            Value::Leaf(leaf) => match self.store.text(leaf).first() {
                Some(b'"') => "a string",
                Some(b't' | b'f') => "a Boolean",
                Some(b'{') => "an object",
                Some(b'[') => "a list",
                _ => "a number",
            },
        };
        let message = format!(
            "`{}` must be {expected}, but {found} was received.",
            member.coordinate
        );
        self.report(&message);
        Err(Null)
    }

    /// Reports a null, unless an error at, above or below this place already explains it.
    fn null_where_none_may_be(&mut self, member: &OutputMember) {
        if !self.errors.explain(&self.path) {
            let message = format!(
                "Cannot return null for non-nullable field {}.",
                member.coordinate
            );
            self.report(&message);
        }
    }

    fn report(&mut self, message: &str) {
        let path = self.path.iter().map(|step| match step {
            Step::Key(key) => PathElement::Key((*key).to_owned()),
            Step::Index(index) => PathElement::Index(*index),
        });
        self.errors
            .add(GraphqlError::new(INVALID_VALUE, message).at(path.collect()));
    }
}

// ---- which errors explain which nulls -----------------------------------------------------------

/// All errors, and where they are.
struct Errors {
    all: Vec<GraphqlError>,
    /// How many of them are in the sets below.
    indexed: usize,
    hasher: RandomState,
    /// An error without a path explains everything.
    anywhere: bool,
    at: HashSet<u64, RandomState>,
    above: HashSet<u64, RandomState>,
}

impl Errors {
    fn new(all: Vec<GraphqlError>) -> Self {
        Self {
            all,
            indexed: 0,
            hasher: RandomState::default(),
            anywhere: false,
            at: HashSet::default(),
            above: HashSet::default(),
        }
    }

    fn add(&mut self, error: GraphqlError) {
        if self.all.len() < MAX_ERRORS {
            self.all.push(error);
        }
    }

    /// Whether there is an error at this place, above it or below it.
    fn explain(&mut self, path: &[Step<'_>]) -> bool {
        // Errors that cannot be added need no reason to be left out.
        if self.all.len() >= MAX_ERRORS {
            return true;
        }
        let new = self.all.get(self.indexed..).unwrap_or_default();
        for error in new {
            let Some(path) = &error.path else {
                self.anywhere = true;
                continue;
            };
            let mut hash = 0;
            for element in path {
                self.above.insert(hash);
                hash = match element {
                    PathElement::Key(key) => below(&self.hasher, hash, Step::Key(key)),
                    PathElement::Index(index) => below(&self.hasher, hash, Step::Index(*index)),
                };
            }
            self.at.insert(hash);
        }
        self.indexed = self.all.len();

        if self.anywhere {
            return true;
        }
        let mut hash = 0;
        for step in path {
            if self.at.contains(&hash) {
                return true;
            }
            hash = below(&self.hasher, hash, *step);
        }
        self.at.contains(&hash) || self.above.contains(&hash)
    }
}

/// The hash of a path that is one step longer.
fn below(hasher: &RandomState, hash: u64, step: Step<'_>) -> u64 {
    let mut state = hasher.build_hasher();
    state.write_u64(hash);
    match step {
        Step::Key(key) => key.hash(&mut state),
        Step::Index(index) => index.hash(&mut state),
    }
    state.finish()
}

// ---- leaves --------------------------------------------------------------------------------------

/// How a leaf is written.
#[derive(Debug, PartialEq, Eq)]
enum Leaf {
    AsIs,
    /// In another form.
    As(String),
}

/// Whether a leaf is of the right type, and written as it should be.
#[inline]
pub(super) fn is_written_as_is(kind: &LeafKind, text: &[u8]) -> bool {
    is_as_is(kind, text) || leaf(kind, text) == Ok(Leaf::AsIs)
}

/// Whether a leaf is obviously of the right type, and written as it should be.
#[inline]
fn is_as_is(kind: &LeafKind, text: &[u8]) -> bool {
    let first = text.first().copied().unwrap_or_default();
    match kind {
        LeafKind::Any => true,
        LeafKind::String | LeafKind::Id => first == b'"',
        LeafKind::Boolean => matches!(first, b't' | b'f'),
        LeafKind::Int => is_short_integer(text),
        // A number may be too large for a float.
        LeafKind::Float | LeafKind::Enum(_) => false,
    }
}

/// Nine digits always fit into 32 bits.
#[inline]
fn is_short_integer(text: &[u8]) -> bool {
    text.len() <= 9 && text.iter().all(u8::is_ascii_digit)
}

/// A leaf of the right type, or what was expected instead. The text is valid JSON.
#[inline]
fn leaf(kind: &LeafKind, text: &[u8]) -> Result<Leaf, &'static str> {
    let first = text.first().copied().unwrap_or_default();
    let is_number = matches!(first, b'-' | b'0'..=b'9');
    match (kind, first) {
        (LeafKind::Any, _)
        | (LeafKind::String | LeafKind::Id, b'"')
        | (LeafKind::Boolean, b't' | b'f') => Ok(Leaf::AsIs),
        (LeafKind::Float, _) if is_number => {
            // `1e400` is infinite for whoever reads it.
            match is_finite(std::str::from_utf8(text).unwrap_or_default()) {
                true => Ok(Leaf::AsIs),
                false => Err("a finite number"),
            }
        }
        (LeafKind::Int, _) if is_number => integer(text),
        (LeafKind::Id, _) if is_number && text.iter().all(|byte| is_integer_byte(*byte)) => {
            Ok(Leaf::As(format!("\"{}\"", String::from_utf8_lossy(text))))
        }
        (LeafKind::Enum(values), b'"') => {
            let text = std::str::from_utf8(text).unwrap_or_default();
            if values.contains(&*unescape(text)) {
                Ok(Leaf::AsIs)
            } else {
                Err("a value of its enum")
            }
        }
        (kind, _) => Err(expectation(kind)),
    }
}

fn is_integer_byte(byte: u8) -> bool {
    matches!(byte, b'-' | b'0'..=b'9')
}

/// A number as an integer of 32 bits.
fn integer(text: &[u8]) -> Result<Leaf, &'static str> {
    if is_short_integer(text) {
        return Ok(Leaf::AsIs);
    }
    let text = std::str::from_utf8(text).unwrap_or_default();
    if text != "-0" && text.parse::<i32>().is_ok() {
        return Ok(Leaf::AsIs);
    }
    // `7.0` and `7e0` are integers too.
    let number: f64 = text.parse().map_err(|_| "an integer of 32 bits")?;
    if number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number) {
        // The range was just checked.
        Ok(Leaf::As((number as i32).to_string()))
    } else {
        Err("an integer of 32 bits")
    }
}

fn expectation(kind: &LeafKind) -> &'static str {
    match kind {
        LeafKind::Int => "an integer",
        LeafKind::Float => "a number",
        LeafKind::String => "a string",
        LeafKind::Boolean => "a Boolean",
        LeafKind::Id => "an ID",
        LeafKind::Enum(_) => "a value of its enum",
        LeafKind::Any => "a value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_have_the_type_of_their_field() {
        let check = |kind, text: &str| match leaf(&kind, text.as_bytes()) {
            Ok(Leaf::AsIs) => Some(text.to_owned()),
            Ok(Leaf::As(text)) => Some(text),
            Err(_) => None,
        };
        let ok = |kind, text: &str, expected: &str| {
            assert_eq!(check(kind, text).as_deref(), Some(expected), "{text}");
        };
        ok(LeafKind::Int, "7", "7");
        ok(LeafKind::Int, "-2147483648", "-2147483648");
        ok(LeafKind::Int, "7.0", "7");
        ok(LeafKind::Int, "-0", "0");
        ok(LeafKind::Float, "1.10", "1.10");
        ok(LeafKind::Float, "7", "7");
        ok(LeafKind::Float, "-0", "-0");
        ok(LeafKind::Float, "1E-400", "1E-400");
        ok(LeafKind::Float, "9007199254740993", "9007199254740993");
        ok(LeafKind::Id, "\"a\\u00e9\"", "\"a\\u00e9\"");
        ok(
            LeafKind::Id,
            "12345678901234567890",
            "\"12345678901234567890\"",
        );
        ok(LeafKind::Any, "{\"a\": [1.10]}", "{\"a\": [1.10]}");
        let values = || LeafKind::Enum(Arc::new(["A".to_owned()].into()));
        ok(values(), "\"A\"", "\"A\"");
        ok(values(), "\"\\u0041\"", "\"\\u0041\"");

        for (kind, text) in [
            (LeafKind::Int, "2147483648"),
            (LeafKind::Int, "7.5"),
            (LeafKind::Int, "\"7\""),
            (LeafKind::Int, "{}"),
            (LeafKind::String, "7"),
            (LeafKind::Id, "1.5"),
            (LeafKind::Boolean, "\"true\""),
            (LeafKind::Float, "true"),
            (LeafKind::Float, "1e400"),
            (LeafKind::Float, "-1E+999999999999999999999"),
            (LeafKind::Int, "1e400"),
            (LeafKind::Int, "9007199254740993"),
            (values(), "\"B\""),
            (values(), "7"),
        ] {
            assert_eq!(check(kind, text), None, "{text}");
        }
    }
}
