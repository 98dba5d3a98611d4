//! The compiler's syntax tree → the borrowed planner's.
//!
//! Going through text would bring in the planner's parser with its own limit on nesting.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::{OperationType, Type, Value};
use apollo_compiler::executable::{Argument, DirectiveList, Operation, Selection, SelectionSet};
use apollo_compiler::{Name, Node};
use graphql_tools::parser::Pos;
use graphql_tools::parser::query as target;

/// The document of `operation` with other root selections.
pub(super) fn lower(
    document: &ExecutableDocument,
    operation: &Operation,
    selections: &[Selection],
) -> target::Document<'static, String> {
    let name = operation.name.as_ref().map(ToString::to_string);
    let variable_definitions = operation
        .variables
        .iter()
        .map(|variable| target::VariableDefinition {
            position: POSITION,
            name: variable.name.to_string(),
            var_type: lower_type(&variable.ty),
            default_value: variable.default_value.as_deref().map(lower_value),
        })
        .collect();
    let selection_set = lower_selections(selections);
    let directives = Vec::new();
    let lowered = match operation.operation_type {
        OperationType::Query => target::OperationDefinition::Query(target::Query {
            position: POSITION,
            name,
            variable_definitions,
            directives,
            selection_set,
        }),
        OperationType::Mutation => target::OperationDefinition::Mutation(target::Mutation {
            position: POSITION,
            name,
            variable_definitions,
            directives,
            selection_set,
        }),
        OperationType::Subscription => {
            target::OperationDefinition::Subscription(target::Subscription {
                position: POSITION,
                name,
                variable_definitions,
                directives,
                selection_set,
            })
        }
    };

    let fragments = document.fragments.values().map(|fragment| {
        target::Definition::Fragment(target::FragmentDefinition {
            position: POSITION,
            name: fragment.name.to_string(),
            type_condition: target::TypeCondition::On(fragment.type_condition().to_string()),
            directives: Vec::new(),
            selection_set: lower_selection_set(&fragment.selection_set),
        })
    });
    let definitions = [target::Definition::Operation(lowered)]
        .into_iter()
        .chain(fragments);
    target::Document {
        definitions: definitions.collect(),
    }
}

/// The planner makes nothing of positions.
const POSITION: Pos = Pos { line: 1, column: 1 };

fn lower_selection_set(selection_set: &SelectionSet) -> target::SelectionSet<'static, String> {
    lower_selections(&selection_set.selections)
}

fn lower_selections(selections: &[Selection]) -> target::SelectionSet<'static, String> {
    let items = selections
        .iter()
        .map(|selection| match selection {
            Selection::Field(field) => target::Selection::Field(target::Field {
                position: POSITION,
                alias: field.alias.as_ref().map(ToString::to_string),
                name: field.name.to_string(),
                arguments: lower_arguments(&field.arguments),
                directives: lower_directives(&field.directives),
                selection_set: lower_selection_set(&field.selection_set),
            }),
            Selection::FragmentSpread(spread) => {
                target::Selection::FragmentSpread(target::FragmentSpread {
                    position: POSITION,
                    fragment_name: spread.fragment_name.to_string(),
                    directives: lower_directives(&spread.directives),
                })
            }
            Selection::InlineFragment(fragment) => {
                target::Selection::InlineFragment(target::InlineFragment {
                    position: POSITION,
                    type_condition: fragment
                        .type_condition
                        .as_ref()
                        .map(|name| target::TypeCondition::On(name.to_string())),
                    directives: lower_directives(&fragment.directives),
                    selection_set: lower_selection_set(&fragment.selection_set),
                })
            }
        })
        .collect();
    target::SelectionSet {
        span: (POSITION, POSITION),
        items,
    }
}

fn lower_directives(directives: &DirectiveList) -> Vec<target::Directive<'static, String>> {
    directives
        .iter()
        .map(|directive| target::Directive {
            position: POSITION,
            name: directive.name.to_string(),
            arguments: lower_arguments(&directive.arguments),
        })
        .collect()
}

fn lower_arguments(arguments: &[Node<Argument>]) -> Vec<(String, target::Value<'static, String>)> {
    arguments
        .iter()
        .map(|argument| (argument.name.to_string(), lower_value(&argument.value)))
        .collect()
}

fn lower_value(value: &Value) -> target::Value<'static, String> {
    match value {
        Value::Null => target::Value::Null,
        Value::Enum(name) => target::Value::Enum(name.to_string()),
        Value::Variable(name) => target::Value::Variable(name.to_string()),
        Value::String(text) => target::Value::String(text.clone()),
        Value::Boolean(value) => target::Value::Boolean(*value),
        // The planner prints enum values as they are; its numbers have 64 bits and lose `1.10`.
        Value::Int(number) => target::Value::Enum(number.as_str().to_owned()),
        Value::Float(number) => target::Value::Enum(number.as_str().to_owned()),
        Value::List(items) => {
            target::Value::List(items.iter().map(|item| lower_value(item)).collect())
        }
        Value::Object(members) => {
            let lower =
                |(name, value): &(Name, Node<Value>)| (name.to_string(), lower_value(value));
            target::Value::Object(members.iter().map(lower).collect())
        }
    }
}

fn lower_type(ty: &Type) -> target::Type<'static, String> {
    use target::Type as Target;
    match ty {
        Type::Named(name) => Target::NamedType(name.to_string()),
        Type::NonNullNamed(name) => {
            Target::NonNullType(Box::new(Target::NamedType(name.to_string())))
        }
        Type::List(item) => Target::ListType(Box::new(lower_type(item))),
        Type::NonNullList(item) => {
            Target::NonNullType(Box::new(Target::ListType(Box::new(lower_type(item)))))
        }
    }
}
