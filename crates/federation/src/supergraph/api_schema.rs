//! Supergraph → API schema: takes the machinery out and hides what is `@inaccessible`.

use std::collections::BTreeSet;

use apollo_compiler::ast::{
    Definition, Directive, DirectiveDefinition, DirectiveList, DirectiveLocation, Document,
    InputValueDefinition,
};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema, name};

use super::SupergraphError;

/// Directives of linked specifications; none of them is for clients.
const MACHINERY_DIRECTIVES: &[&str] = &[
    "authenticated",
    "composeDirective",
    "connect",
    "context",
    "core",
    "cost",
    "extends",
    "external",
    "fromContext",
    "inaccessible",
    "interfaceObject",
    "key",
    "link",
    "listSize",
    "override",
    "policy",
    "provides",
    "requires",
    "requiresScopes",
    "shareable",
    "source",
    "tag",
];

/// Applied directives that clients do see.
const PUBLIC_DIRECTIVES: &[&str] = &["deprecated", "oneOf", "specifiedBy"];

/// Derives the schema that clients see and that operations are validated against.
pub(super) fn extract(supergraph: &Document) -> Result<Valid<Schema>, SupergraphError> {
    let inaccessible = inaccessible_names(supergraph);
    let is_hidden = |directives: &DirectiveList| {
        directives
            .iter()
            .any(|directive| inaccessible.contains(directive.name.as_str()))
    };

    // Leave the machinery behind, and what is marked as hidden.
    let mut uses_one_of = false;
    let mut defines_one_of = false;
    let mut definitions = Vec::with_capacity(supergraph.definitions.len());
    for definition in &supergraph.definitions {
        let mut definition = definition.clone();
        match &mut definition {
            Definition::OperationDefinition(_) | Definition::FragmentDefinition(_) => continue,
            Definition::DirectiveDefinition(directive) => {
                let executable = directive.locations.iter().any(|location| {
                    use apollo_compiler::ast::DirectiveLocation as At;
                    matches!(
                        location,
                        At::Query
                            | At::Mutation
                            | At::Subscription
                            | At::Field
                            | At::FragmentDefinition
                            | At::FragmentSpread
                            | At::InlineFragment
                            | At::VariableDefinition
                    )
                });
                defines_one_of |= directive.name == "oneOf";
                if directive.name != "oneOf" && (!executable || is_machinery(&directive.name)) {
                    continue;
                }
                for argument in &mut directive.make_mut().arguments {
                    strip(&mut argument.make_mut().directives);
                }
            }
            Definition::SchemaDefinition(schema) => {
                strip(&mut schema.make_mut().directives);
            }
            Definition::SchemaExtension(schema) => {
                if schema.root_operations.is_empty() {
                    continue;
                }
                strip(&mut schema.make_mut().directives);
            }
            Definition::ScalarTypeDefinition(scalar) => {
                if is_machinery(&scalar.name) || is_hidden(&scalar.directives) {
                    continue;
                }
                strip(&mut scalar.make_mut().directives);
            }
            Definition::ObjectTypeDefinition(object) => {
                if is_machinery(&object.name) || is_hidden(&object.directives) {
                    continue;
                }
                let object = object.make_mut();
                strip(&mut object.directives);
                strip_fields(&mut object.fields, &is_hidden);
            }
            Definition::InterfaceTypeDefinition(interface) => {
                if is_machinery(&interface.name) || is_hidden(&interface.directives) {
                    continue;
                }
                let interface = interface.make_mut();
                strip(&mut interface.directives);
                strip_fields(&mut interface.fields, &is_hidden);
            }
            Definition::UnionTypeDefinition(union_) => {
                if is_machinery(&union_.name) || is_hidden(&union_.directives) {
                    continue;
                }
                strip(&mut union_.make_mut().directives);
            }
            Definition::EnumTypeDefinition(enum_) => {
                if is_machinery(&enum_.name) || is_hidden(&enum_.directives) {
                    continue;
                }
                let enum_ = enum_.make_mut();
                strip(&mut enum_.directives);
                enum_.values.retain(|value| !is_hidden(&value.directives));
                for value in &mut enum_.values {
                    strip(&mut value.make_mut().directives);
                }
            }
            Definition::InputObjectTypeDefinition(input) => {
                if is_machinery(&input.name) || is_hidden(&input.directives) {
                    continue;
                }
                let input = input.make_mut();
                uses_one_of |= input.directives.has("oneOf");
                strip(&mut input.directives);
                strip_inputs(&mut input.fields, &is_hidden);
            }
            // A composed supergraph has no type extensions; if one does, it is taken as it is.
            Definition::ScalarTypeExtension(scalar) => {
                strip(&mut scalar.make_mut().directives);
            }
            Definition::ObjectTypeExtension(object) => {
                let object = object.make_mut();
                strip(&mut object.directives);
                strip_fields(&mut object.fields, &is_hidden);
            }
            Definition::InterfaceTypeExtension(interface) => {
                let interface = interface.make_mut();
                strip(&mut interface.directives);
                strip_fields(&mut interface.fields, &is_hidden);
            }
            Definition::UnionTypeExtension(union_) => {
                strip(&mut union_.make_mut().directives);
            }
            Definition::EnumTypeExtension(enum_) => {
                let enum_ = enum_.make_mut();
                strip(&mut enum_.directives);
                enum_.values.retain(|value| !is_hidden(&value.directives));
                for value in &mut enum_.values {
                    strip(&mut value.make_mut().directives);
                }
            }
            Definition::InputObjectTypeExtension(input) => {
                let input = input.make_mut();
                strip(&mut input.directives);
                strip_inputs(&mut input.fields, &is_hidden);
            }
        }
        definitions.push(definition);
    }
    drop_dangling_references(&mut definitions);

    // What is left is a schema of its own.
    if uses_one_of && !defines_one_of {
        definitions.push(Definition::DirectiveDefinition(Node::new(
            DirectiveDefinition {
                description: None,
                name: name!("oneOf"),
                arguments: Vec::new(),
                repeatable: false,
                locations: vec![DirectiveLocation::InputObject],
            },
        )));
    }
    let mut api = Document::new();
    api.sources = supergraph.sources.clone();
    api.definitions = definitions;
    api.to_schema_validate()
        .map_err(|invalid| SupergraphError::InvalidApiSchema {
            message: invalid.errors.to_string(),
        })
}

fn is_machinery(name: &Name) -> bool {
    // `__` after a prefix is the namespace of a linked specification; clients' names have none.
    MACHINERY_DIRECTIVES.contains(&name.as_str())
        || name
            .as_str()
            .split_once("__")
            .is_some_and(|(prefix, _)| !prefix.is_empty())
}

/// The names under which `@inaccessible` may have been imported.
fn inaccessible_names(document: &Document) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["inaccessible".to_owned()]);
    for definition in &document.definitions {
        let directives = match definition {
            Definition::SchemaDefinition(schema) => &schema.directives,
            Definition::SchemaExtension(schema) => &schema.directives,
            _ => continue,
        };
        for directive in directives.iter() {
            let url = text(directive, "url").or_else(|| text(directive, "feature"));
            if url.is_some_and(|url| url.contains("/inaccessible/"))
                && let Some(alias) = text(directive, "as")
            {
                names.insert(alias.to_owned());
            }
        }
    }
    names
}

fn text<'a>(directive: &'a Directive, argument: &str) -> Option<&'a str> {
    directive
        .specified_argument_by_name(argument)
        .and_then(|value| value.as_str())
}

fn strip(directives: &mut DirectiveList) {
    directives
        .0
        .retain(|directive| PUBLIC_DIRECTIVES.contains(&directive.name.as_str()));
}

fn strip_fields(
    fields: &mut Vec<Node<apollo_compiler::ast::FieldDefinition>>,
    is_hidden: &impl Fn(&DirectiveList) -> bool,
) {
    fields.retain(|field| {
        !is_hidden(&field.directives) && !matches!(field.name.as_str(), "_entities" | "_service")
    });
    for field in fields {
        let field = field.make_mut();
        strip(&mut field.directives);
        strip_inputs(&mut field.arguments, is_hidden);
    }
}

fn strip_inputs(
    inputs: &mut Vec<Node<InputValueDefinition>>,
    is_hidden: &impl Fn(&DirectiveList) -> bool,
) {
    inputs.retain(|input| !is_hidden(&input.directives));
    for input in inputs {
        strip(&mut input.make_mut().directives);
    }
}

/// Removes what refers to a hidden type, until nothing does.
fn drop_dangling_references(definitions: &mut Vec<Definition>) {
    loop {
        let known: BTreeSet<String> = definitions
            .iter()
            .filter_map(|definition| definition.name().map(ToString::to_string))
            .chain(["ID", "String", "Boolean", "Int", "Float"].map(str::to_owned))
            .collect();
        let is_known = |name: &Name| known.contains(name.as_str());
        let before = size(definitions);

        for definition in definitions.iter_mut() {
            match definition {
                Definition::ObjectTypeDefinition(object) => {
                    let object = object.make_mut();
                    object.implements_interfaces.retain(is_known);
                    object
                        .fields
                        .retain(|field| is_known(field.ty.inner_named_type()));
                }
                Definition::InterfaceTypeDefinition(interface) => {
                    let interface = interface.make_mut();
                    interface.implements_interfaces.retain(is_known);
                    interface
                        .fields
                        .retain(|field| is_known(field.ty.inner_named_type()));
                }
                Definition::UnionTypeDefinition(union_) => {
                    union_.make_mut().members.retain(is_known);
                }
                Definition::SchemaDefinition(schema) => {
                    schema
                        .make_mut()
                        .root_operations
                        .retain(|root| is_known(&root.1));
                }
                _ => {}
            }
        }
        definitions.retain(|definition| match definition {
            Definition::ObjectTypeDefinition(object) => !object.fields.is_empty(),
            Definition::InterfaceTypeDefinition(interface) => !interface.fields.is_empty(),
            Definition::UnionTypeDefinition(union_) => !union_.members.is_empty(),
            _ => true,
        });

        if size(definitions) == before {
            return;
        }
    }
}

/// Counts everything that [`drop_dangling_references`] can remove.
fn size(definitions: &[Definition]) -> usize {
    definitions
        .iter()
        .map(|definition| {
            1 + match definition {
                Definition::ObjectTypeDefinition(object) => {
                    object.fields.len() + object.implements_interfaces.len()
                }
                Definition::InterfaceTypeDefinition(interface) => {
                    interface.fields.len() + interface.implements_interfaces.len()
                }
                Definition::UnionTypeDefinition(union_) => union_.members.len(),
                Definition::SchemaDefinition(schema) => schema.root_operations.len(),
                _ => 0,
            }
        })
        .sum()
}
