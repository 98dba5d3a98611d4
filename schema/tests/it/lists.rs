//! Lists are connections, or known to be short.

use std::collections::BTreeSet;

use apollo_compiler::ast::{ObjectTypeDefinition, Type};

use crate::committed::{Subgraph, assert_none, subgraphs};

/// Lists that are no connections, and why they stay short.
const SHORT: [(&str, &str); 31] = [
    // accounts
    ("User.addresses", "at most 100 are saved"),
    ("User.roles", "as many as the enum has"),
    // cart
    (
        "Cart.lines",
        "at most `capacity`, by a check of the database",
    ),
    ("Cart.shippingMethods", "from configuration"),
    ("Cart.warnings", "a few per line"),
    // catalog
    ("Category.ancestors", "the tree has at most eight levels"),
    ("Category.children", "a menu: nobody offers hundreds"),
    ("Product.attributes", "at most 50"),
    ("Product.images", "at most 50"),
    ("Product.variants", "at most 100"),
    ("ProductVariant.images", "some of the product's"),
    ("ProductVariant.options", "at most 50"),
    ("Query.brands", "at most 1000 names"),
    ("Query.categories", "a menu: nobody offers hundreds"),
    (
        "Query.variantsBySku",
        "as many as are asked for, at most 100",
    ),
    ("SearchConnection.facets", "one per filter"),
    ("SearchFacet.values", "at most 50 besides those chosen"),
    ("SearchSuggestions.categories", "at most 10"),
    ("SearchSuggestions.products", "at most 10"),
    ("SearchSuggestions.queries", "at most 10"),
    // notification
    (
        "EmailRetryPayload.emails",
        "as many as are given, at most 100",
    ),
    ("Order.emails", "one per event and template"),
    ("User.emails", "the newest 50"),
    // order
    ("Order.lines", "as many as a cart holds"),
    (
        "Order.timeline",
        "a few entries per payment attempt and step",
    ),
    ("OrderCreatePayload.shortages", "as many as a cart holds"),
    // payment
    ("Order.payments", "attempts, one open at a time"),
    ("Payment.refunds", "each gives back a part of what is left"),
    ("Query.paymentMethods", "one per provider"),
    // everywhere
    ("*.userErrors", "refusals of one call"),
    ("*.warnings", "remarks on one call"),
];

/// The path of a `userErrors` entry or a warning: as deep as the input.
fn is_error_path(object: &ObjectTypeDefinition, field: &str) -> bool {
    field == "field" && (object.name.ends_with("UserError") || object.name.ends_with("Warning"))
}

fn is_connection_part(object: &ObjectTypeDefinition, field: &str) -> bool {
    object.name.ends_with("Connection") && ["edges", "nodes"].contains(&field)
}

#[test]
fn every_list_is_a_connection_or_known_to_be_short() {
    let mut violations = Vec::new();
    let mut used = BTreeSet::new();
    for subgraph in subgraphs() {
        for object in subgraph.objects() {
            for field in object.fields.iter().filter(|field| field.ty.is_list()) {
                if is_connection_part(object, &field.name) || is_error_path(object, &field.name) {
                    continue;
                }
                let path = format!("{}.{}", object.name, field.name);
                let everywhere = format!("*.{}", field.name);
                let is_payload = object.name.ends_with("Payload");
                let entry = SHORT
                    .iter()
                    .find(|(listed, _)| *listed == path || (is_payload && *listed == everywhere));
                match entry {
                    Some((listed, _)) => {
                        used.insert(*listed);
                    }
                    None => violations.push(format!("{}: {path}: {}", subgraph.name, field.ty)),
                }
            }
        }
    }
    for (listed, _) in SHORT {
        if !used.contains(listed) {
            violations.push(format!("{listed} is listed as short, but not in the graph"));
        }
    }
    assert_none(
        violations,
        "make it a connection, or list it as short in schema/tests/it/lists.rs with its bound:",
    );
}

#[test]
fn connections_are_complete() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        for connection in subgraph.objects() {
            let Some(stem) = connection.name.strip_suffix("Connection") else {
                continue;
            };
            let place = format!("{}: {}", subgraph.name, connection.name);
            let Some(edge) = edge_of(&subgraph, connection) else {
                violations.push(format!("{place} has no `edges: [<X>Edge!]!`"));
                continue;
            };
            let Some(node) = written(edge, "node") else {
                violations.push(format!("{}: {} has no node", subgraph.name, edge.name));
                continue;
            };
            // `SearchConnection` is the one whose name is not that of its nodes.
            if stem != "Search" && node != format!("{stem}!") {
                violations.push(format!("{place} holds {node}"));
            }
            let wanted = [
                (connection.as_ref(), "nodes", format!("[{node}]!")),
                (connection.as_ref(), "pageInfo", "PageInfo!".to_owned()),
                (connection.as_ref(), "totalCount", "Int!".to_owned()),
                (edge, "cursor", "String!".to_owned()),
                (edge, "node", format!("{}!", node.trim_end_matches('!'))),
            ];
            for (object, field, wanted) in wanted {
                let found = written(object, field);
                if found.as_ref() != Some(&wanted) {
                    violations.push(format!(
                        "{}: {}.{field}: {found:?} instead of {wanted}",
                        subgraph.name, object.name
                    ));
                }
            }
        }
    }
    assert_none(
        violations,
        "a connection has edges { cursor node }, nodes, pageInfo and totalCount:",
    );
}

fn written(object: &ObjectTypeDefinition, name: &str) -> Option<String> {
    object
        .fields
        .iter()
        .find(|field| field.name == name)
        .map(|field| field.ty.to_string())
}

fn edge_of<'a>(
    subgraph: &'a Subgraph,
    connection: &ObjectTypeDefinition,
) -> Option<&'a ObjectTypeDefinition> {
    let edges = connection
        .fields
        .iter()
        .find(|field| field.name == "edges")?;
    let edge = edges.ty.inner_named_type();
    (edges.ty.to_string() == format!("[{edge}!]!") && edge.ends_with("Edge"))
        .then(|| subgraph.object(edge).map(AsRef::as_ref))?
}

#[test]
fn connections_are_paged_alike() {
    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        for object in subgraph.objects() {
            for field in &object.fields {
                if !field.ty.inner_named_type().ends_with("Connection") {
                    continue;
                }
                for (name, wanted) in [("first", "Int"), ("after", "String")] {
                    let found = field
                        .argument_by_name(name)
                        .map(|found| found.ty.to_string());
                    if found.as_deref() != Some(wanted) {
                        violations.push(format!(
                            "{}: {}.{}({name}: {found:?})",
                            subgraph.name, object.name, field.name
                        ));
                    }
                }
            }
        }
    }
    assert_none(
        violations,
        "a connection takes `first: Int, after: String`:",
    );
}

#[test]
fn no_list_has_holes() {
    fn has_holes(ty: &Type) -> bool {
        match ty {
            Type::Named(_) | Type::NonNullNamed(_) => false,
            Type::List(item) | Type::NonNullList(item) => !item.is_non_null() || has_holes(item),
        }
    }

    let mut violations = Vec::new();
    for subgraph in subgraphs() {
        let mut check = |path: String, ty: &Type| {
            if has_holes(ty) {
                violations.push(format!("{}: {path}: {ty}", subgraph.name));
            }
        };
        for object in subgraph.objects() {
            for field in &object.fields {
                let path = format!("{}.{}", object.name, field.name);
                for argument in &field.arguments {
                    check(format!("{path}({}:)", argument.name), &argument.ty);
                }
                check(path, &field.ty);
            }
        }
        for input in subgraph.inputs() {
            for field in &input.fields {
                check(format!("{}.{}", input.name, field.name), &field.ty);
            }
        }
    }
    assert_none(violations, "items of a list are not null, `[X!]`:");
}
