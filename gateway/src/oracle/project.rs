//! Fetched data → what the client selected, in its order; nothing else gets through.
//!
//! Values that do not have the type of their field become null with an error, and a null where
//! none may be takes away its parent.

use apollo_compiler::ast::Type;
use apollo_compiler::collections::IndexMap;
use serde_json::{Map, Value};

use super::Fetched;
use crate::operation::CompiledOperation;
use crate::operation::projection::{LeafKind, ProjectionField, Shape, TypeSet};
use crate::response::{GraphqlError, PathElement};

/// The code of values that do not fit the schema.
const INVALID_VALUE: &str = "SUBGRAPH_INVALID_RESPONSE";

/// Cuts the fetched data to the client's selection.
pub(crate) fn run(
    operation: &CompiledOperation,
    variables: &Map<String, Value>,
    fetched: Fetched,
) -> (Value, Vec<GraphqlError>) {
    let mut projector = Projector {
        variables,
        errors: fetched.errors,
        path: Vec::new(),
    };
    let fields: Vec<&ProjectionField> = operation.projection.fields.iter().collect();
    let root_type = &operation.projection.root_type;
    let data = projector
        .object(&fields, &fetched.data, root_type)
        .unwrap_or(Value::Null);

    (data, projector.errors)
}

struct Projector<'a> {
    variables: &'a Map<String, Value>,
    errors: Vec<GraphqlError>,
    path: Vec<PathElement>,
}

/// The parent has to become null.
struct NullParent;

/// A type, where it does not matter which.
fn any(possible: &TypeSet) -> &str {
    possible.iter().next().map_or("", String::as_str)
}

/// Whether some type's selection differs from another's, or names the type.
fn depend_on_type(selected: &[&ProjectionField], possible: &TypeSet) -> bool {
    let mut by_type = possible.iter().map(|name| {
        let fields = selected.iter().filter(|field| {
            let on_types = &field.on_types;
            on_types.iter().all(|types| types.contains(name))
        });
        fields
            .map(|field| std::ptr::from_ref(*field))
            .collect::<Vec<_>>()
    });
    let first = by_type.next().unwrap_or_default();
    by_type.any(|other| other != first)
        || selected.iter().any(|field| {
            first.contains(&std::ptr::from_ref(*field)) && matches!(field.shape, Shape::Typename)
        })
}

impl Projector<'_> {
    /// An object of a known type.
    fn object(
        &mut self,
        selected: &[&ProjectionField],
        data: &Map<String, Value>,
        type_name: &str,
    ) -> Result<Value, NullParent> {
        // Fields that apply here, equal keys together, in the client's order.
        let mut grouped: IndexMap<&str, Vec<&ProjectionField>> = IndexMap::default();
        for field in selected {
            let applies = field.on_types.iter().all(|types| types.contains(type_name))
                && field.conditions.iter().all(|condition| {
                    self.variables
                        .get(&condition.variable)
                        .and_then(Value::as_bool)
                        == Some(condition.expected)
                });
            if applies {
                grouped.entry(field.key.as_str()).or_default().push(field);
            }
        }

        let mut object = Map::with_capacity(grouped.len());
        let mut null_parent = false;
        for (key, fields) in grouped {
            let Some(first) = fields.first() else {
                continue;
            };
            self.path.push(PathElement::Key(key.to_owned()));
            let value = match &first.shape {
                Shape::Typename => Ok(Value::from(type_name)),
                Shape::Introspection => Ok(data.get(key).cloned().unwrap_or(Value::Null)),
                Shape::Leaf(_) | Shape::Object { .. } => {
                    self.value(&fields, &first.ty, data.get(key))
                }
            };
            self.path.pop();
            match value {
                Ok(value) => {
                    object.insert(key.to_owned(), value);
                }
                // The other fields are still looked at, so that all errors are reported.
                Err(NullParent) => null_parent = true,
            }
        }
        if null_parent {
            Err(NullParent)
        } else {
            Ok(Value::Object(object))
        }
    }

    fn value(
        &mut self,
        fields: &[&ProjectionField],
        ty: &Type,
        value: Option<&Value>,
    ) -> Result<Value, NullParent> {
        let projected = match (ty, value) {
            (_, None | Some(Value::Null)) => Value::Null,
            (Type::List(item) | Type::NonNullList(item), Some(Value::Array(items))) => {
                self.list(fields, item, items)
            }
            (Type::List(_) | Type::NonNullList(_), Some(other)) => {
                self.mismatch(fields, "a list", other)
            }
            (Type::Named(_) | Type::NonNullNamed(_), Some(value)) => self.single(fields, value),
        };
        if projected.is_null() && ty.is_non_null() {
            self.null_where_none_may_be(fields);
            return Err(NullParent);
        }
        Ok(projected)
    }

    fn list(&mut self, fields: &[&ProjectionField], item: &Type, items: &[Value]) -> Value {
        let mut projected = Vec::with_capacity(items.len());
        let mut null_parent = false;
        for (index, value) in items.iter().enumerate() {
            self.path.push(PathElement::Index(index));
            match self.value(fields, item, Some(value)) {
                Ok(value) => projected.push(value),
                Err(NullParent) => null_parent = true,
            }
            self.path.pop();
        }
        if null_parent {
            Value::Null
        } else {
            Value::Array(projected)
        }
    }

    fn single(&mut self, fields: &[&ProjectionField], value: &Value) -> Value {
        let Some(first) = fields.first() else {
            return Value::Null;
        };
        match &first.shape {
            Shape::Typename | Shape::Introspection => value.clone(),
            Shape::Leaf(kind) => match leaf(kind, value) {
                Ok(value) => value,
                Err(expected) => self.mismatch(fields, expected, value),
            },
            Shape::Object {
                type_name,
                possible,
                ..
            } => {
                let Value::Object(data) = value else {
                    return self.mismatch(fields, "an object", value);
                };
                let selected: Vec<&ProjectionField> = fields
                    .iter()
                    .filter_map(|field| match &field.shape {
                        Shape::Object { fields, .. } => Some(fields),
                        _ => None,
                    })
                    .flatten()
                    .collect();
                let type_name = match (type_name, data.get("__typename")) {
                    (Some(type_name), _) => type_name.as_str(),
                    (None, Some(Value::String(type_name))) if possible.contains(type_name) => {
                        type_name.as_str()
                    }
                    // An interface object does not know its type, nor does everybody have to.
                    (None, None) if !depend_on_type(&selected, possible) => any(possible),
                    // Or takes itself to be of the interface's type.
                    (None, Some(Value::String(told)))
                        if !depend_on_type(&selected, possible)
                            && fields.first().is_some_and(|field| {
                                field.ty.inner_named_type() == told.as_str()
                            }) =>
                    {
                        any(possible)
                    }
                    _ => return self.mismatch(fields, "an object of a known type", value),
                };
                self.object(&selected, data, type_name)
                    .unwrap_or(Value::Null)
            }
        }
    }

    fn mismatch(&mut self, fields: &[&ProjectionField], expected: &str, value: &Value) -> Value {
        let found = match value {
            Value::Null => "null",
            Value::Bool(_) => "a Boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        let message = format!(
            "`{}` must be {expected}, but {found} was received.",
            coordinate(fields)
        );
        self.errors
            .push(GraphqlError::new(INVALID_VALUE, message).at(self.path.clone()));
        Value::Null
    }

    /// Reports a null, unless an error at, above or below this place already explains it.
    fn null_where_none_may_be(&mut self, fields: &[&ProjectionField]) {
        let explained = self.errors.iter().any(|error| match &error.path {
            Some(path) => path
                .iter()
                .zip(&self.path)
                .all(|(left, right)| left == right),
            None => true,
        });
        if !explained {
            let message = format!(
                "Cannot return null for non-nullable field {}.",
                coordinate(fields)
            );
            self.errors
                .push(GraphqlError::new(INVALID_VALUE, message).at(self.path.clone()));
        }
    }
}

fn coordinate<'a>(fields: &[&'a ProjectionField]) -> &'a str {
    fields.first().map_or("", |field| field.coordinate.as_str())
}

/// A leaf of the right type, or what was expected instead.
fn leaf(kind: &LeafKind, value: &Value) -> Result<Value, &'static str> {
    match (kind, value) {
        (LeafKind::Any, value) => Ok(value.clone()),
        (LeafKind::Boolean, Value::Bool(_))
        | (LeafKind::String, Value::String(_))
        | (LeafKind::Id, Value::String(_))
        | (LeafKind::Float, Value::Number(_)) => Ok(value.clone()),
        (LeafKind::Id, Value::Number(number)) if !number.is_f64() => {
            Ok(Value::String(number.to_string()))
        }
        (LeafKind::Int, Value::Number(number)) => {
            let integer = number.as_i64().or_else(|| {
                number
                    .as_f64()
                    .filter(|n| n.fract() == 0.0)
                    .map(|n| n as i64)
            });
            integer
                .and_then(|integer| i32::try_from(integer).ok())
                .map(Value::from)
                .ok_or("an integer of 32 bits")
        }
        (LeafKind::Enum(values), Value::String(name)) if values.contains(name) => Ok(value.clone()),
        (LeafKind::Int, _) => Err("an integer"),
        (LeafKind::Float, _) => Err("a number"),
        (LeafKind::String, _) => Err("a string"),
        (LeafKind::Boolean, _) => Err("a Boolean"),
        (LeafKind::Id, _) => Err("an ID"),
        (LeafKind::Enum(_), _) => Err("a value of its enum"),
    }
}
