//! The client's variables → values of the declared types, with defaults filled in.
//!
//! Values are checked and copied as they were written, so that numbers stay exact.

use std::collections::HashMap;
use std::ops::Range;

use apollo_compiler::ast::{Type, Value as Literal};
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema};
use serde_json::{Map, Value};

use crate::error::ClientError;
use crate::gateway::Gateway;
use crate::json::{JsonError, Scanner, is_finite, unescape, write_string};
use crate::operation::CompiledOperation;

/// The values of an operation's variables, by number.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    text: String,
    values: Vec<Option<Range<usize>>>,
}

impl Variables {
    /// The value of a variable in JSON, if there is one.
    pub(crate) fn get(&self, number: usize) -> Option<&str> {
        let range = self.values.get(number)?.clone()?;
        self.text.get(range)
    }

    /// The bytes of all values.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }
}

/// Nesting of input values that is followed.
const MAX_DEPTH: usize = 100;

/// Coerces variables; those the operation does not declare are dropped.
pub(crate) fn run(
    gateway: &Gateway,
    operation: &CompiledOperation,
    variables: Option<&str>,
) -> Result<Variables, ClientError> {
    let given = match variables {
        None | Some("{}" | "null") => Vec::new(),
        Some(text) => read(text)?,
    };
    let declared = &operation.operation.variables;
    if declared.is_empty() {
        return Ok(Variables::default());
    }

    let coercion = Coercion {
        schema: gateway.supergraph.api_schema(),
    };
    let given: HashMap<&str, &Given<'_>> = given
        .iter()
        .map(|(key, _, value)| (&**key, value))
        .collect();
    let mut out = Vec::new();
    let mut values = Vec::with_capacity(declared.len());
    for variable in declared {
        let name = variable.name.as_str();
        let start = out.len();
        if let Some(value) = given.get(name) {
            coercion.value(
                &format_args!("variable {name}"),
                &variable.ty,
                value,
                &mut out,
            )?;
        } else if let Some(default) = &variable.default_value {
            write_literal(default, &mut out);
        } else if variable.ty.is_non_null() {
            return Err(bad(format!("missing value for non-null variable '{name}'")));
        } else {
            // Not given is not the same as null.
            values.push(None);
            continue;
        }
        values.push(Some(start..out.len()));
    }
    let text = String::from_utf8(out).map_err(|error| bad(error.to_string()))?;
    Ok(Variables { text, values })
}

/// The variables as introspection wants them.
pub(crate) fn decode(operation: &CompiledOperation, variables: &Variables) -> JsonMap {
    let mut map = Map::new();
    for (number, declared) in operation.operation.variables.iter().enumerate() {
        let value = variables.get(number).map(serde_json::from_str::<Value>);
        if let Some(Ok(value)) = value {
            map.insert(declared.name.to_string(), value);
        }
    }
    match JsonValue::from(Value::Object(map)) {
        JsonValue::Object(map) => map,
        _ => JsonMap::new(),
    }
}

fn bad(message: String) -> ClientError {
    ClientError::BadVariables { message }
}

// ---- reading -------------------------------------------------------------------------------------

/// A value as the client wrote it.
struct Given<'a> {
    text: &'a str,
    kind: Kind<'a>,
}

enum Kind<'a> {
    Null,
    Boolean,
    Number,
    String,
    List(Vec<Given<'a>>),
    Object(Members<'a>),
}

/// Key, key token and value.
type Members<'a> = Vec<(std::borrow::Cow<'a, str>, &'a str, Given<'a>)>;

/// Reads all variables. An object with a key twice is refused: readers differ in which they take.
fn read(text: &str) -> Result<Members<'_>, ClientError> {
    let mut scanner = Scanner::new(text);
    let malformed = |message: String| ClientError::MalformedRequest { message };
    let given = read_value(&mut scanner, 0)
        .and_then(|given| scanner.end().map(|()| given))
        .map_err(|error| malformed(format!("`variables` cannot be read: {error}.")))?;
    match given.kind {
        Kind::Object(members) => Ok(members),
        Kind::Null => Ok(Vec::new()),
        _ => Err(malformed("`variables` must be an object.".to_owned())),
    }
}

fn read_value<'a>(scanner: &mut Scanner<'a>, depth: usize) -> Result<Given<'a>, JsonError> {
    if depth > MAX_DEPTH {
        return Err(scanner.error("too deeply nested"));
    }
    let first = scanner.peek();
    let start = scanner.at;
    let kind = match first {
        Some(b'{') => {
            scanner.at += 1;
            let mut members: Members<'a> = Vec::new();
            let mut keys = std::collections::HashSet::new();
            if !scanner.take(b'}') {
                loop {
                    let token = scanner.key()?;
                    let key = unescape(token);
                    if !keys.insert(key.clone()) {
                        return Err(scanner.error("a key comes twice"));
                    }
                    members.push((key, token, read_value(scanner, depth + 1)?));
                    if !scanner.next_element(b'}')? {
                        break;
                    }
                }
            }
            Kind::Object(members)
        }
        Some(b'[') => {
            scanner.at += 1;
            let mut items = Vec::new();
            if !scanner.take(b']') {
                loop {
                    items.push(read_value(scanner, depth + 1)?);
                    if !scanner.next_element(b']')? {
                        break;
                    }
                }
            }
            Kind::List(items)
        }
        _ => {
            scanner.leaf()?;
            match first {
                Some(b'"') => Kind::String,
                Some(b't' | b'f') => Kind::Boolean,
                Some(b'n') => Kind::Null,
                _ => Kind::Number,
            }
        }
    };
    Ok(Given {
        text: scanner.since(start),
        kind,
    })
}

// ---- coercing ------------------------------------------------------------------------------------

struct Coercion<'a> {
    schema: &'a Schema,
}

impl Coercion<'_> {
    /// Appends a value of the type.
    fn value(
        &self,
        what: &std::fmt::Arguments<'_>,
        ty: &Type,
        given: &Given<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ClientError> {
        if matches!(given.kind, Kind::Null) {
            if ty.is_non_null() {
                return Err(bad(format!("null value for {what} of non-null type {ty}")));
            }
            out.extend_from_slice(b"null");
            return Ok(());
        }
        let type_name = match ty {
            Type::List(item) | Type::NonNullList(item) => {
                // A value that is no list stands for a list of one.
                let items = match &given.kind {
                    Kind::List(items) => items.as_slice(),
                    _ => std::slice::from_ref(given),
                };
                out.push(b'[');
                for (index, given) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    self.value(what, item, given, out)?;
                }
                out.push(b']');
                return Ok(());
            }
            Type::Named(name) | Type::NonNullNamed(name) => name,
        };

        let text = given.text;
        let fits = match (self.schema.types.get(type_name), &given.kind) {
            (Some(ExtendedType::InputObject(input)), Kind::Object(members)) => {
                return self.input_object(input, members, out);
            }
            (Some(ExtendedType::Enum(enum_)), Kind::String) => {
                enum_.values.contains_key(&*unescape(text))
            }
            (Some(ExtendedType::Scalar(_)), kind) => match (type_name.as_str(), kind) {
                ("Int", Kind::Number) => text.parse::<i32>().is_ok(),
                ("Float", Kind::Number) => is_finite(text),
                ("String" | "ID", Kind::String) | ("Boolean", Kind::Boolean) => true,
                ("ID", Kind::Number) => is_integer(text),
                ("Int" | "Float" | "String" | "Boolean" | "ID", _) => false,
                _ => true,
            },
            _ => false,
        };
        if !fits {
            return Err(bad(format!(
                "could not coerce {what}: {} to type {type_name}",
                shortened(text)
            )));
        }
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn input_object(
        &self,
        input: &apollo_compiler::schema::InputObjectType,
        members: &[(std::borrow::Cow<'_, str>, &str, Given<'_>)],
        out: &mut Vec<u8>,
    ) -> Result<(), ClientError> {
        let type_name = &input.name;
        if input.directives.has("oneOf") {
            let has_one = matches!(members, [(_, _, value)] if !matches!(value.kind, Kind::Null));
            if !has_one {
                return Err(bad(format!(
                    "Exactly one member of input object {type_name} must be given, and not be null"
                )));
            }
        }
        out.push(b'{');
        let first = out.len();
        for (key, token, value) in members {
            let Some(field) = input.fields.get(&**key) else {
                return Err(bad(format!(
                    "Input object has key {} not in type {type_name}",
                    shortened(key)
                )));
            };
            if out.len() > first {
                out.push(b',');
            }
            out.extend_from_slice(token.as_bytes());
            out.push(b':');
            let what = format_args!("input field {type_name}.{}", field.name);
            self.value(&what, &field.ty, value, out)?;
        }
        for (name, field) in &input.fields {
            if members.iter().any(|(key, ..)| key == name.as_str()) {
                continue;
            }
            if let Some(default) = &field.default_value {
                if out.len() > first {
                    out.push(b',');
                }
                write_string(out, name);
                out.push(b':');
                write_literal(default, out);
            } else if field.ty.is_non_null() {
                return Err(bad(format!(
                    "Missing value for non-null input object field {type_name}.{name}"
                )));
            }
        }
        out.push(b'}');
        Ok(())
    }
}

fn is_integer(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}

/// As much of a value as a message shows.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 100;
    if text.chars().nth(SHOWN).is_none() {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain("…".chars()).collect()
}

/// Appends a constant of the document or the schema as JSON.
fn write_literal(literal: &Node<Literal>, out: &mut Vec<u8>) {
    match literal.as_ref() {
        // Validation has refused variables in constants.
        Literal::Null | Literal::Variable(_) => out.extend_from_slice(b"null"),
        Literal::Enum(name) => write_string(out, name),
        Literal::String(text) => write_string(out, text),
        Literal::Boolean(true) => out.extend_from_slice(b"true"),
        Literal::Boolean(false) => out.extend_from_slice(b"false"),
        Literal::Int(number) => out.extend_from_slice(number.as_str().as_bytes()),
        Literal::Float(number) => out.extend_from_slice(number.as_str().as_bytes()),
        Literal::List(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_literal(item, out);
            }
            out.push(b']');
        }
        Literal::Object(members) => {
            out.push(b'{');
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_string(out, name);
                out.push(b':');
                write_literal(value, out);
            }
            out.push(b'}');
        }
    }
}
