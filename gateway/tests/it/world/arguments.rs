//! Arguments as resolvers get them: defaults filled in, variables replaced, numbers of one form.

use apollo_compiler::Schema;
use apollo_compiler::ast;
use apollo_compiler::executable::{Field, Operation};
use apollo_compiler::schema::{ExtendedType, InputValueDefinition};
use apollo_compiler::{Name, Node};
use serde_json::{Map, Value, json};

/// The client's variables, completed by the defaults of the operation.
pub(crate) fn variables(operation: &Operation, given: &Map<String, Value>) -> Map<String, Value> {
    let mut variables = given.clone();
    for variable in &operation.variables {
        if let Some(default) = &variable.default_value
            && !variables.contains_key(variable.name.as_str())
        {
            let default = literal(default, &Map::new()).expect("defaults have no variables");
            variables.insert(variable.name.to_string(), default);
        }
    }
    variables
}

/// The arguments of a field.
pub(crate) fn arguments(
    schema: &Schema,
    field: &Field,
    variables: &Map<String, Value>,
) -> Map<String, Value> {
    let given = |name: &Name| {
        let value = field.specified_argument_by_name(name)?;
        literal(value, variables)
    };
    coerce_all(schema, &field.definition.arguments, given)
}

/// The arguments of a field in a field set, which has no variables.
pub(crate) fn constant_arguments(
    schema: &Schema,
    definitions: &[Node<InputValueDefinition>],
    field: &ast::Field,
) -> Map<String, Value> {
    let given = |name: &Name| {
        let argument = field.arguments.iter().find(|it| it.name == *name)?;
        literal(&argument.value, &Map::new())
    };
    coerce_all(schema, definitions, given)
}

fn coerce_all(
    schema: &Schema,
    definitions: &[Node<InputValueDefinition>],
    given: impl Fn(&Name) -> Option<Value>,
) -> Map<String, Value> {
    let mut sorted: Vec<_> = definitions.iter().collect();
    sorted.sort_by_key(|definition| &definition.name);
    let mut values = Map::new();
    for definition in sorted {
        let default = || literal(definition.default_value.as_ref()?, &Map::new());
        if let Some(value) = given(&definition.name).or_else(default) {
            let value = coerce(schema, definition.ty.inner_named_type(), value);
            values.insert(definition.name.to_string(), value);
        }
    }
    values
}

/// Of the ways to write a value, one: lists aside, since all of them reach every executor alike.
fn coerce(schema: &Schema, type_name: &Name, value: Value) -> Value {
    match (value, schema.types.get(type_name)) {
        (Value::Null, _) => Value::Null,
        (Value::Array(items), _) => items
            .into_iter()
            .map(|item| coerce(schema, type_name, item))
            .collect(),
        (Value::Object(object), Some(ExtendedType::InputObject(input))) => {
            let fields: Vec<_> = input.fields.values().map(|it| it.node.clone()).collect();
            Value::Object(coerce_all(schema, &fields, |name| {
                object.get(name.as_str()).cloned()
            }))
        }
        (Value::Number(number), _) if type_name == "ID" => json!(number.to_string()),
        (Value::Number(number), _) if type_name == "Float" => json!(number.as_f64()),
        (value, _) => value,
    }
}

/// A literal as JSON; `None` for a variable without a value.
fn literal(value: &ast::Value, variables: &Map<String, Value>) -> Option<Value> {
    Some(match value {
        ast::Value::Null => Value::Null,
        ast::Value::Variable(name) => variables.get(name.as_str())?.clone(),
        ast::Value::Enum(name) => json!(name.as_str()),
        ast::Value::String(text) => json!(text),
        ast::Value::Boolean(value) => json!(value),
        ast::Value::Int(number) => serde_json::from_str(number.as_str()).unwrap(),
        ast::Value::Float(number) => serde_json::from_str(number.as_str()).unwrap(),
        ast::Value::List(items) => items
            .iter()
            .map(|item| literal(item, variables).unwrap_or(Value::Null))
            .collect(),
        ast::Value::Object(fields) => fields
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), literal(value, variables)?)))
            .collect::<Map<_, _>>()
            .into(),
    })
}
