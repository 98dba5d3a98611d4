//! GraphQL execution over anything that resolves fields, as the specification has it.

use apollo_compiler::Schema;
use apollo_compiler::ast::{DirectiveList, Type};
use apollo_compiler::executable::{ExecutableDocument, Field, Operation, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use serde_json::{Map, Value, json};

use super::arguments;

/// What a field resolves to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data<O> {
    Null,
    /// A field error.
    Failure,
    Leaf(Value),
    List(Vec<Data<O>>),
    Object(O),
}

impl<O> Data<O> {
    pub(crate) fn map<P>(self, to: &mut impl FnMut(O) -> P) -> Data<P> {
        match self {
            Self::Null => Data::Null,
            Self::Failure => Data::Failure,
            Self::Leaf(value) => Data::Leaf(value),
            Self::List(items) => Data::List(items.into_iter().map(|item| item.map(to)).collect()),
            Self::Object(object) => Data::Object(to(object)),
        }
    }
}

/// Resolves fields.
pub(crate) trait Source {
    type Object;

    /// The object's type in the schema of this source.
    fn type_name(&self, object: &Self::Object) -> String;

    fn resolve(
        &self,
        object: &Self::Object,
        field: &Field,
        arguments: &Map<String, Value>,
    ) -> Data<Self::Object>;
}

/// Null where null is not allowed.
struct Propagated;

/// A GraphQL answer: data, and errors if there are any.
pub(crate) fn execute<S: Source>(
    schema: &Valid<Schema>,
    document: &ExecutableDocument,
    operation: &Operation,
    variables: &Map<String, Value>,
    source: &S,
    root: &S::Object,
) -> Value {
    let mut executor = Executor {
        schema,
        document,
        variables: arguments::variables(operation, variables),
        source,
        errors: 0,
    };
    let data = executor.object(root, &[&operation.selection_set]);
    let mut answer = json!({ "data": data.unwrap_or(Value::Null) });
    if executor.errors > 0 {
        answer["errors"] = vec![json!({ "message": "made up" }); executor.errors].into();
    }
    answer
}

struct Executor<'a, S> {
    schema: &'a Valid<Schema>,
    document: &'a ExecutableDocument,
    variables: Map<String, Value>,
    source: &'a S,
    errors: usize,
}

impl<'a, S: Source> Executor<'a, S> {
    fn object(
        &mut self,
        object: &S::Object,
        selections: &[&'a SelectionSet],
    ) -> Result<Value, Propagated> {
        let type_name = self.source.type_name(object);
        let mut grouped: Vec<(&str, Vec<&'a Field>)> = Vec::new();
        for selection in selections {
            self.collect(&type_name, selection, &mut grouped);
        }
        let mut members = Map::new();
        let mut propagated = false;
        for (key, fields) in grouped {
            // The others run nevertheless: mutations have effects.
            match self.field(object, &type_name, &fields) {
                Ok(value) => {
                    members.insert(key.to_owned(), value);
                }
                Err(Propagated) => propagated = true,
            }
        }
        if propagated {
            return Err(Propagated);
        }
        Ok(Value::Object(members))
    }

    fn field(
        &mut self,
        object: &S::Object,
        type_name: &str,
        fields: &[&'a Field],
    ) -> Result<Value, Propagated> {
        let field = fields[0];
        if field.name == "__typename" {
            return Ok(json!(type_name));
        }
        // The definition of the runtime type: an interface may promise less.
        let definition = self.schema.type_field(type_name, &field.name).unwrap();
        let arguments = arguments::arguments(self.schema, field, &self.variables);
        let data = self.source.resolve(object, field, &arguments);
        let nested: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
        self.complete(&definition.ty, data, &nested)
    }

    fn complete(
        &mut self,
        ty: &Type,
        data: Data<S::Object>,
        nested: &[&'a SelectionSet],
    ) -> Result<Value, Propagated> {
        let completed = match data {
            Data::Null => Ok(Value::Null),
            Data::Failure => {
                self.errors += 1;
                Err(Propagated)
            }
            Data::Leaf(value) => Ok(value),
            Data::Object(object) => self.object(&object, nested),
            Data::List(items) => {
                let completed: Vec<_> = items
                    .into_iter()
                    .map(|item| self.complete(ty.item_type(), item, nested))
                    .collect();
                completed.into_iter().collect()
            }
        };
        match completed {
            Err(Propagated) if !ty.is_non_null() => Ok(Value::Null),
            Ok(Value::Null) if ty.is_non_null() => panic!("the world has null for a {ty}"),
            completed => completed,
        }
    }

    fn collect(
        &self,
        type_name: &str,
        selection_set: &'a SelectionSet,
        grouped: &mut Vec<(&'a str, Vec<&'a Field>)>,
    ) {
        for selection in &selection_set.selections {
            if self.is_left_out(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    let key = field.response_key().as_str();
                    match grouped.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, fields)) => fields.push(field),
                        None => grouped.push((key, vec![field])),
                    }
                }
                Selection::InlineFragment(fragment) => {
                    if self.applies(fragment.type_condition.as_deref(), type_name) {
                        self.collect(type_name, &fragment.selection_set, grouped);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    if self.applies(Some(fragment.type_condition()), type_name) {
                        self.collect(type_name, &fragment.selection_set, grouped);
                    }
                }
            }
        }
    }

    fn applies(&self, condition: Option<&str>, type_name: &str) -> bool {
        condition.is_none_or(|condition| {
            condition == type_name || self.schema.is_subtype(condition, type_name)
        })
    }

    fn is_left_out(&self, directives: &DirectiveList) -> bool {
        let holds = |name: &str| {
            let value = directives.get(name)?.specified_argument_by_name("if")?;
            match value.as_variable() {
                Some(variable) => self.variables[variable.as_str()].as_bool(),
                None => value.to_bool(),
            }
        };
        holds("skip") == Some(true) || holds("include") == Some(false)
    }
}
