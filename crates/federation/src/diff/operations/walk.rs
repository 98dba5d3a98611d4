//! Walks a valid operation, and notes what it uses of the schema.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{
    Argument, DirectiveList, DirectiveLocation, OperationType, Value, VariableDefinition,
};
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::schema::{ExtendedType, FieldDefinition};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};

use super::fact::{Fact, Facts, Source};

/// What the operations of a document use.
pub(super) fn facts(schema: &Schema, document: &Valid<ExecutableDocument>) -> Facts {
    let mut facts = Facts::new();
    for operation in document.operations.iter() {
        let variables = operation.variables.iter();
        let mut walk = Walk {
            schema,
            document,
            variables: variables
                .map(|variable| (&variable.name, &**variable))
                .collect(),
            entered: BTreeSet::new(),
            facts: &mut facts,
        };
        walk.operation(operation);
    }
    facts
}

struct Walk<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    variables: BTreeMap<&'a Name, &'a VariableDefinition>,
    /// Fragments that were walked already.
    entered: BTreeSet<Name>,
    facts: &'a mut Facts,
}

impl Walk<'_> {
    fn operation(&mut self, operation: &Operation) {
        self.note(Fact::Root(operation.object_type().clone()));
        let location = match operation.operation_type {
            OperationType::Query => DirectiveLocation::Query,
            OperationType::Mutation => DirectiveLocation::Mutation,
            OperationType::Subscription => DirectiveLocation::Subscription,
        };
        self.directives(&operation.directives, location);

        for variable in &operation.variables {
            let ty = variable.ty.inner_named_type();
            self.note(Fact::Type(ty.clone()));
            self.directives(&variable.directives, DirectiveLocation::VariableDefinition);
            if let Some(default) = &variable.default_value {
                self.value(ty, default);
            }
            self.sendable(ty);
        }
        self.selections(&operation.selection_set);
    }

    fn selections(&mut self, selection_set: &SelectionSet) {
        let scope = &selection_set.ty;
        for selection in &selection_set.selections {
            match selection {
                Selection::Field(field) => {
                    self.directives(&field.directives, DirectiveLocation::Field);
                    if !field.name.starts_with("__") {
                        self.field(scope, &field.definition, &field.arguments);
                    }
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.directives, DirectiveLocation::InlineFragment);
                    if let Some(condition) = &inline.type_condition {
                        self.condition(scope, condition);
                    }
                    self.selections(&inline.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives, DirectiveLocation::FragmentSpread);
                    let Some(fragment) = spread.fragment_def(self.document) else {
                        continue;
                    };
                    self.condition(scope, fragment.type_condition());
                    if self.entered.insert(fragment.name.clone()) {
                        let location = DirectiveLocation::FragmentDefinition;
                        self.directives(&fragment.directives, location);
                        self.selections(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn condition(&mut self, scope: &Name, condition: &Name) {
        self.note(Fact::Type(condition.clone()));
        self.note(Fact::Spread(scope.clone(), condition.clone()));
    }

    fn field(&mut self, ty: &Name, definition: &FieldDefinition, given: &[Node<Argument>]) {
        let field = &definition.name;
        self.note(Fact::Field {
            ty: ty.clone(),
            field: field.clone(),
            returns: definition.ty.inner_named_type().clone(),
        });
        for argument in &definition.arguments {
            let (ty, field, name) = (ty.clone(), field.clone(), argument.name.clone());
            match find(given, &name) {
                None => self.note(Fact::NoArgument {
                    ty,
                    field,
                    argument: name,
                }),
                Some(value) => {
                    self.note(Fact::Argument {
                        ty,
                        field,
                        argument: name,
                        nullable: self.is_nullable(value),
                    });
                    self.value(argument.ty.inner_named_type(), value);
                }
            }
        }
    }

    fn directives(&mut self, directives: &DirectiveList, location: DirectiveLocation) {
        for directive in directives.iter() {
            let name = &directive.name;
            self.note(Fact::Directive {
                directive: name.clone(),
                location: location.to_string(),
                repeated: directives.get_all(name).count() > 1,
            });
            let Some(definition) = self.schema.directive_definitions.get(name) else {
                continue;
            };
            for argument in &definition.arguments {
                match find(&directive.arguments, &argument.name) {
                    None => self.note(Fact::NoDirectiveArgument {
                        directive: name.clone(),
                        argument: argument.name.clone(),
                    }),
                    Some(value) => {
                        self.note(Fact::DirectiveArgument {
                            directive: name.clone(),
                            argument: argument.name.clone(),
                            nullable: self.is_nullable(value),
                        });
                        self.value(argument.ty.inner_named_type(), value);
                    }
                }
            }
        }
    }

    /// A value written in the operation, where this inner type is expected.
    fn value(&mut self, ty: &Name, value: &Value) {
        match (value, self.schema.types.get(ty)) {
            (Value::List(items), _) => {
                for item in items {
                    self.value(ty, item);
                }
            }
            (Value::Enum(value), Some(ExtendedType::Enum(_))) => self.note(Fact::EnumValue {
                ty: ty.clone(),
                value: value.clone(),
                source: Source::Text,
            }),
            (Value::Object(given), Some(ExtendedType::InputObject(input))) => {
                self.note(Fact::InputObject {
                    ty: ty.clone(),
                    source: Source::Text,
                });
                for (field, definition) in &input.fields {
                    let given = given.iter().find(|(name, _)| name == field);
                    let Some((_, value)) = given else {
                        self.note(Fact::NoInputField {
                            ty: ty.clone(),
                            field: field.clone(),
                        });
                        continue;
                    };
                    self.note(Fact::InputField {
                        ty: ty.clone(),
                        field: field.clone(),
                        nullable: self.is_nullable(value),
                        source: Source::Text,
                    });
                    self.value(definition.ty.inner_named_type(), value);
                }
            }
            _ => {}
        }
    }

    /// Everything a variable of this inner type may hold.
    fn sendable(&mut self, ty: &Name) {
        let source = Source::Variables;
        match self.schema.types.get(ty) {
            Some(ExtendedType::Enum(enum_)) => {
                for value in enum_.values.keys() {
                    self.note(Fact::EnumValue {
                        ty: ty.clone(),
                        value: value.clone(),
                        source,
                    });
                }
            }
            Some(ExtendedType::InputObject(input)) => {
                let ty = ty.clone();
                if !self.facts.insert(Fact::InputObject { ty, source }) {
                    return;
                }
                for (field, definition) in &input.fields {
                    self.note(Fact::InputField {
                        ty: input.name.clone(),
                        field: field.clone(),
                        nullable: !definition.is_required(),
                        source,
                    });
                    self.sendable(definition.ty.inner_named_type());
                }
            }
            _ => {}
        }
    }

    fn is_nullable(&self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Variable(name) => self.variables.get(name).is_some_and(|variable| {
                let default = variable.default_value.as_deref();
                !variable.ty.is_non_null() && default.is_none_or(Value::is_null)
            }),
            _ => false,
        }
    }

    fn note(&mut self, fact: Fact) {
        self.facts.insert(fact);
    }
}

fn find<'a>(arguments: &'a [Node<Argument>], name: &Name) -> Option<&'a Value> {
    let argument = arguments.iter().find(|argument| argument.name == *name)?;
    Some(&argument.value)
}
