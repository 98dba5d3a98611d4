//! Is an SDL valid GraphQL, once federation's own definitions are added?

use std::collections::BTreeSet;

use apollo_compiler::ast::{
    Definition, DirectiveDefinition, Document, FieldDefinition, ObjectTypeDefinition,
    OperationType, SchemaExtension,
};
use apollo_compiler::schema::Schema;
use apollo_compiler::{Name, Node, name, ty};

use super::definitions::{self, SUPPORTING_TYPES};
use super::document::part;
use super::{Links, Subgraph};
use crate::compose::codes::{DIRECTIVE_DEFINITION_INVALID, INVALID_GRAPHQL};
use crate::compose::error::{Findings, Place};

/// Reports what is not valid.
pub(super) fn is_valid(document: &Document, subgraph: &Subgraph, findings: &mut Findings) -> bool {
    let before = findings.errors.len();
    let mut document = document.clone();

    // Federation's directives as specified, whatever the subgraph says of them.
    document.definitions.retain(|definition| {
        let Definition::DirectiveDefinition(directive) = definition else {
            return true;
        };
        let known = subgraph.links.known(&directive.name);
        let known = known.or((directive.name == "link").then_some("link"));
        let Some(specified) = known.and_then(definitions::definition) else {
            return true;
        };
        if let Some(difference) = difference(directive, specified) {
            findings.error(
                DIRECTIVE_DEFINITION_INVALID,
                format!(
                    "`@{}` is not defined as its specification says: {difference}",
                    directive.name
                ),
                vec![subgraph.place(directive.location())],
            );
        }
        false
    });
    add_definitions(&mut document, &subgraph.links);
    add_query(&mut document);

    let checked = Schema::builder()
        .adopt_orphan_extensions()
        .ignore_builtin_redefinitions()
        .add_ast(&document)
        .build()
        .and_then(Schema::validate);
    if let Err(invalid) = checked {
        for diagnostic in invalid.errors.iter() {
            // Only what stands in the subgraph's own text has a position in it.
            let position = diagnostic
                .line_column_range()
                .map(|range| (range.start.line, range.start.column));
            let place = Place {
                subgraph: subgraph.name.clone(),
                position,
            };
            findings.error(INVALID_GRAPHQL, diagnostic.error.to_string(), vec![place]);
        }
    }
    findings.errors.len() == before
}

fn add_definitions(document: &mut Document, links: &Links) {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for definition in &document.definitions {
        collect_directives(definition, &mut names);
    }
    for name in names {
        let known = links.known(&name).or(match name.as_str() {
            "link" => Some("link"),
            "core" => Some("core"),
            _ => None,
        });
        if let Some(known) = known
            && let Some(specified) = definitions::definition(known)
            && let Ok(name) = Name::new(&name)
        {
            let definition = DirectiveDefinition {
                name,
                ..(**specified).clone()
            };
            document
                .definitions
                .push(Definition::DirectiveDefinition(Node::new(definition)));
        }
    }
    let defined: BTreeSet<String> = document
        .definitions
        .iter()
        .filter_map(part)
        .map(|part| part.name.to_string())
        .collect();
    for (name, text) in SUPPORTING_TYPES {
        if !defined.contains(*name)
            && let Ok(parsed) = Document::parse(*text, "federation.graphql")
        {
            document.definitions.extend(parsed.definitions);
        }
    }
    // Types that are imported need no definition either.
    for feature in &links.features {
        for local in feature.imports.keys() {
            if !local.starts_with('@')
                && !defined.contains(local)
                && let Ok(parsed) = Document::parse(format!("scalar {local}"), "federation.graphql")
            {
                document.definitions.extend(parsed.definitions);
            }
        }
    }
}

fn collect_directives(definition: &Definition, names: &mut BTreeSet<String>) {
    let mut add = |directives: &apollo_compiler::ast::DirectiveList| {
        names.extend(
            directives
                .iter()
                .map(|directive| directive.name.to_string()),
        );
    };
    add(definition.directives());
    if let Definition::DirectiveDefinition(directive) = definition {
        for argument in &directive.arguments {
            add(&argument.directives);
        }
    }
    let Some(part) = part(definition) else { return };
    for field in part.fields {
        add(&field.directives);
        for argument in &field.arguments {
            add(&argument.directives);
        }
    }
    for input in part.inputs {
        add(&input.directives);
    }
    for value in part.values {
        add(&value.directives);
    }
}

/// A subgraph needs no queries of its own; a GraphQL schema does.
fn add_query(document: &mut Document) {
    let mut explicit: Option<Option<Name>> = None;
    for definition in &document.definitions {
        let roots = match definition {
            Definition::SchemaDefinition(schema) => &schema.root_operations,
            Definition::SchemaExtension(schema) => &schema.root_operations,
            _ => continue,
        };
        for root in roots {
            let known = explicit.get_or_insert_default();
            if root.0 == OperationType::Query {
                *known = Some(root.1.clone());
            }
        }
        if matches!(definition, Definition::SchemaDefinition(_)) {
            explicit.get_or_insert_default();
        }
    }
    let query = match &explicit {
        None => name!("Query"),
        Some(Some(query)) => query.clone(),
        Some(None) => {
            let query = name!("federation__Query");
            document
                .definitions
                .push(Definition::SchemaExtension(Node::new(SchemaExtension {
                    directives: Default::default(),
                    root_operations: vec![Node::new((OperationType::Query, query.clone()))],
                })));
            query
        }
    };
    let (mut is_defined, mut has_fields) = (false, false);
    for part in document.definitions.iter().filter_map(part) {
        if *part.name == query {
            is_defined |= !part.is_extension;
            has_fields |= !part.fields.is_empty();
        }
    }
    if has_fields {
        return;
    }
    let placeholder = Node::new(FieldDefinition {
        description: None,
        name: name!("_"),
        arguments: Vec::new(),
        ty: ty!(Boolean),
        directives: Default::default(),
    });
    for definition in &mut document.definitions {
        if let Definition::ObjectTypeDefinition(object) = definition
            && object.name == query
        {
            object.make_mut().fields.push(placeholder.clone());
        }
    }
    if !is_defined {
        document
            .definitions
            .push(Definition::ObjectTypeDefinition(Node::new(
                ObjectTypeDefinition {
                    description: None,
                    name: query,
                    implements_interfaces: Vec::new(),
                    directives: Default::default(),
                    fields: vec![placeholder],
                },
            )));
    }
}

/// In what a definition differs from the specification in a way that matters.
fn difference(found: &DirectiveDefinition, specified: &DirectiveDefinition) -> Option<String> {
    for argument in &found.arguments {
        let Some(expected) = specified.argument_by_name(&argument.name) else {
            return Some(format!("there is no argument `{}`", argument.name));
        };
        // Field sets have gone by several names.
        let shape = |ty: &apollo_compiler::ast::Type| {
            ty.to_string()
                .replace(ty.inner_named_type().as_str(), "T")
                .replace("T!", "T")
        };
        let has_own_type = expected.ty.inner_named_type().contains("__");
        if shape(&argument.ty) != shape(&expected.ty)
            || (!has_own_type && argument.ty.inner_named_type() != expected.ty.inner_named_type())
        {
            return Some(format!(
                "the argument `{}` is of type `{}`, not `{}`",
                argument.name, expected.ty, argument.ty
            ));
        }
    }
    for expected in &specified.arguments {
        if expected.is_required() && found.argument_by_name(&expected.name).is_none() {
            return Some(format!("the argument `{}` is missing", expected.name));
        }
    }
    found
        .locations
        .iter()
        .find(|location| !specified.locations.contains(location))
        .map(|location| format!("it does not go on {location}"))
}
