//! The directives of federation and of GraphQL itself, as their specifications define them.

use std::sync::LazyLock;

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, DirectiveDefinition, Document};

/// Name in the specification, and the minor version of federation 2 that brought it.
const FEDERATION_DIRECTIVES: &[(&str, u32)] = &[
    ("key", 0),
    ("requires", 0),
    ("provides", 0),
    ("external", 0),
    ("tag", 0),
    ("extends", 0),
    ("shareable", 0),
    ("inaccessible", 0),
    ("override", 0),
    ("composeDirective", 1),
    ("interfaceObject", 3),
    ("authenticated", 5),
    ("requiresScopes", 5),
    ("policy", 6),
    ("context", 8),
    ("fromContext", 8),
    ("cost", 9),
    ("listSize", 9),
];

/// What subgraphs without a link to federation 2 may use.
const FEDERATION_ONE: &[&str] = &["key", "requires", "provides", "external", "tag", "extends"];

/// Directives every GraphQL schema has, as far as they are carried over.
const BUILT_IN: &[&str] = &["deprecated", "specifiedBy", "oneOf"];

/// The latest minor version of federation 2 that is understood.
pub(super) const LATEST: u32 = 9;

/// Types that may be imported along with directives.
pub(super) const FEDERATION_TYPES: &[&str] = &["FieldSet", "Scope", "Policy", "ContextFieldValue"];

/// As the specifications have them; `@link` too.
const DEFINITIONS: &str = r#"
directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @requires(fields: federation__FieldSet!) on FIELD_DEFINITION
directive @provides(fields: federation__FieldSet!) on FIELD_DEFINITION
directive @external(reason: String) on OBJECT | FIELD_DEFINITION
directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA
directive @extends on OBJECT | INTERFACE
directive @shareable repeatable on OBJECT | FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @composeDirective(name: String) repeatable on SCHEMA
directive @interfaceObject on OBJECT
directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @requiresScopes(scopes: [[federation__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @policy(policies: [[federation__Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION
directive @fromContext(field: federation__ContextFieldValue) on ARGUMENT_DEFINITION
directive @link(url: String!, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @core(feature: String!, as: String, for: String) repeatable on SCHEMA
directive @oneOf on INPUT_OBJECT
"#;

/// The types that [`DEFINITIONS`] refer to.
pub(super) const SUPPORTING_TYPES: &[(&str, &str)] = &[
    ("federation__FieldSet", "scalar federation__FieldSet"),
    ("federation__Scope", "scalar federation__Scope"),
    ("federation__Policy", "scalar federation__Policy"),
    (
        "federation__ContextFieldValue",
        "scalar federation__ContextFieldValue",
    ),
    ("link__Import", "scalar link__Import"),
    ("link__Purpose", "enum link__Purpose { SECURITY EXECUTION }"),
    ("_FieldSet", "scalar _FieldSet"),
    ("_Any", "scalar _Any"),
];

static PARSED: LazyLock<Vec<Node<DirectiveDefinition>>> = LazyLock::new(|| {
    Document::parse(DEFINITIONS, "federation.graphql")
        .map(|document| document.definitions)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|definition| match definition {
            Definition::DirectiveDefinition(directive) => Some(directive),
            _ => None,
        })
        .collect()
});

/// The definition of a directive by its name in the specification.
pub(super) fn definition(known: &str) -> Option<&'static Node<DirectiveDefinition>> {
    PARSED.iter().find(|directive| directive.name == known)
}

/// Whether a directive may be applied more than once at one place.
pub(in crate::compose) fn is_repeatable(known: &str) -> bool {
    definition(known).is_some_and(|directive| directive.repeatable)
}

/// The name as a constant, if federation 2 has such a directive in this version.
pub(super) fn in_federation_two(name: &str, minor: u32) -> Option<&'static str> {
    FEDERATION_DIRECTIVES
        .iter()
        .find(|(known, since)| *known == name && *since <= minor)
        .map(|(known, _)| *known)
}

/// The name as a constant, if federation 1 has such a directive.
pub(super) fn in_federation_one(name: &str) -> Option<&'static str> {
    FEDERATION_ONE.iter().find(|known| **known == name).copied()
}

/// The name as a constant, if GraphQL itself has such a directive.
pub(super) fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|known| **known == name).copied()
}

#[cfg(test)]
mod tests {
    use super::{FEDERATION_DIRECTIVES, SUPPORTING_TYPES, definition};
    use apollo_compiler::ast::Document;

    #[test]
    fn everything_is_defined() {
        for (name, _) in FEDERATION_DIRECTIVES {
            assert!(definition(name).is_some(), "{name}");
        }
        for (name, text) in SUPPORTING_TYPES {
            assert!(text.contains(name) && Document::parse(*text, "type").is_ok());
        }
    }
}
