//! GraphiQL is the manual: everything says what it is.

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, InputValueDefinition};

use crate::committed::{assert_none, subgraphs};

/// Directives the GraphQL specification defines; their arguments are described there.
const SPECIFIED: [&str; 4] = ["include", "skip", "deprecated", "specifiedBy"];

fn is_bare(description: &Option<Node<str>>) -> bool {
    description
        .as_ref()
        .is_none_or(|text| text.trim().is_empty())
}

/// The paths of everything below `definition`, itself included, that has no description.
fn bare_parts(definition: &Definition) -> Vec<String> {
    let mut bare = Vec::new();
    let mut check = |path: String, description: &Option<Node<str>>| {
        if is_bare(description) {
            bare.push(path);
        }
    };
    match definition {
        Definition::ScalarTypeDefinition(scalar) => {
            check(scalar.name.to_string(), &scalar.description);
        }
        Definition::ObjectTypeDefinition(object) => {
            check(object.name.to_string(), &object.description);
            for field in &object.fields {
                let path = format!("{}.{}", object.name, field.name);
                for argument in &field.arguments {
                    check(format!("{path}({}:)", argument.name), &argument.description);
                }
                check(path, &field.description);
            }
        }
        Definition::InterfaceTypeDefinition(interface) => {
            check(interface.name.to_string(), &interface.description);
            for field in &interface.fields {
                check(
                    format!("{}.{}", interface.name, field.name),
                    &field.description,
                );
            }
        }
        Definition::UnionTypeDefinition(union) => {
            check(union.name.to_string(), &union.description);
        }
        Definition::EnumTypeDefinition(an_enum) => {
            check(an_enum.name.to_string(), &an_enum.description);
            for value in &an_enum.values {
                check(
                    format!("{}.{}", an_enum.name, value.value),
                    &value.description,
                );
            }
        }
        Definition::InputObjectTypeDefinition(input) => {
            check(input.name.to_string(), &input.description);
            for field in &input.fields {
                let field: &InputValueDefinition = field;
                check(format!("{}.{}", input.name, field.name), &field.description);
            }
        }
        Definition::DirectiveDefinition(directive)
            if !SPECIFIED.contains(&directive.name.as_str()) =>
        {
            check(format!("@{}", directive.name), &directive.description);
        }
        _ => {}
    }
    bare
}

#[test]
fn every_definition_has_a_description() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        for definition in &subgraph.document.definitions {
            for path in bare_parts(definition) {
                violations.push(format!("{}: {path}", subgraph.name));
            }
        }
    }
    assert_none(
        violations,
        "without a description (a doc comment in the code):",
    );
}
