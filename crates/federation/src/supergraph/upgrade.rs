//! Brings supergraphs of `join` v0.1 and v0.2 to the form the planner reads (v0.3).
//!
//! In v0.1 a type without `@join__type` exists in every subgraph, an entity has an owner, and a
//! subgraph that extends an entity does not repeat the key fields it knows.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{
    Argument, Definition, Directive, DirectiveList, Document, FieldDefinition, Value,
};
use apollo_compiler::{Name, Node, name};

use super::RootTypes;

/// Rewrites the document in place; a document of v0.3 or later stays as it is.
pub(super) fn to_current_join_spec(document: &mut Document, roots: &RootTypes) {
    let graphs = all_graphs(document);
    let is_root = |name: &Name| {
        *name == roots.query
            || roots.mutation.as_ref() == Some(name)
            || roots.subscription.as_ref() == Some(name)
    };
    let externals = required_elsewhere(document);

    for definition in &mut document.definitions {
        // The machinery's own types, `join__Graph` for one, belong to no subgraph.
        if definition.name().is_none_or(|name| name.contains("__")) {
            continue;
        }
        match definition {
            Definition::ObjectTypeDefinition(object) => {
                let object = object.make_mut();
                if let Some(owner) = graph_of(&object.directives, "join__owner") {
                    own_fields(&mut object.fields, &object.directives, &owner);
                    add_externals(&object.name, &mut object.fields, &externals);
                    object
                        .directives
                        .0
                        .retain(|directive| directive.name != "join__owner");
                }
                let named: Vec<Name> = if is_root(&object.name) {
                    graphs_of_fields(&object.fields).into_iter().collect()
                } else {
                    Vec::new()
                };
                let candidates = if named.is_empty() { &graphs } else { &named };
                ensure_join_types(&mut object.directives, candidates);
            }
            Definition::InterfaceTypeDefinition(interface) => {
                ensure_join_types(&mut interface.make_mut().directives, &graphs);
            }
            Definition::UnionTypeDefinition(union_) => {
                ensure_join_types(&mut union_.make_mut().directives, &graphs);
            }
            Definition::EnumTypeDefinition(enum_) => {
                ensure_join_types(&mut enum_.make_mut().directives, &graphs);
            }
            Definition::InputObjectTypeDefinition(input) => {
                ensure_join_types(&mut input.make_mut().directives, &graphs);
            }
            Definition::ScalarTypeDefinition(scalar) => {
                ensure_join_types(&mut scalar.make_mut().directives, &graphs);
            }
            _ => {}
        }
    }
}

fn all_graphs(document: &Document) -> Vec<Name> {
    document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::EnumTypeDefinition(graphs) if graphs.name == "join__Graph" => Some(graphs),
            _ => None,
        })
        .flat_map(|graphs| &graphs.values)
        .map(|value| value.value.clone())
        .collect()
}

fn graph_argument(directive: &Directive) -> Option<Name> {
    directive
        .specified_argument_by_name("graph")
        .and_then(|graph| graph.as_enum())
        .cloned()
}

fn graph_of(directives: &DirectiveList, name: &str) -> Option<Name> {
    directives
        .get(name)
        .and_then(|directive| graph_argument(directive))
}

fn graphs_of_fields(fields: &[Node<FieldDefinition>]) -> BTreeSet<Name> {
    fields
        .iter()
        .flat_map(|field| field.directives.get_all("join__field"))
        .filter_map(|directive| graph_argument(directive))
        .collect()
}

fn ensure_join_types(directives: &mut DirectiveList, graphs: &[Name]) {
    if !directives.has("join__type") {
        directives.0.extend(
            graphs
                .iter()
                .map(|graph| with_graph(name!("join__type"), graph, false)),
        );
    }
}

/// Fields without a graph belong to the owner; key fields belong to each subgraph with that key.
fn own_fields(fields: &mut [Node<FieldDefinition>], type_directives: &DirectiveList, owner: &Name) {
    let mut keys: BTreeMap<String, BTreeSet<Name>> = BTreeMap::new();
    for join_type in type_directives.get_all("join__type") {
        let key = join_type
            .specified_argument_by_name("key")
            .and_then(|key| key.as_str());
        if let (Some(graph), Some(key)) = (graph_argument(join_type), key) {
            for field in top_level_fields(key) {
                keys.entry(field).or_default().insert(graph.clone());
            }
        }
    }

    for field in fields {
        let field = field.make_mut();
        if graph_of(&field.directives, "join__field").is_none() {
            field
                .directives
                .0
                .retain(|directive| directive.name != "join__field");
            field
                .directives
                .0
                .push(with_graph(name!("join__field"), owner, false));
        }
        for graph in keys.get(field.name.as_str()).into_iter().flatten() {
            add_graph(field, graph, false);
        }
    }
}

/// (type, field) → subgraphs that need the field from elsewhere, by `requires` or `provides`.
type Externals = BTreeMap<(String, String), BTreeSet<Name>>;

fn required_elsewhere(document: &Document) -> Externals {
    let mut externals = Externals::new();
    for definition in &document.definitions {
        let Definition::ObjectTypeDefinition(object) = definition else {
            continue;
        };
        for field in &object.fields {
            for directive in field.directives.get_all("join__field") {
                let Some(graph) = graph_argument(directive) else {
                    continue;
                };
                for (argument, type_name) in [
                    ("requires", &object.name),
                    ("provides", field.ty.inner_named_type()),
                ] {
                    let selection = directive
                        .specified_argument_by_name(argument)
                        .and_then(|v| v.as_str());
                    for name in selection.into_iter().flat_map(top_level_fields) {
                        externals
                            .entry((type_name.to_string(), name))
                            .or_default()
                            .insert(graph.clone());
                    }
                }
            }
        }
    }
    externals
}

fn add_externals(type_name: &Name, fields: &mut [Node<FieldDefinition>], externals: &Externals) {
    for field in fields {
        let field = field.make_mut();
        let key = (type_name.to_string(), field.name.to_string());
        for graph in externals.get(&key).into_iter().flatten() {
            add_graph(field, graph, true);
        }
    }
}

fn add_graph(field: &mut FieldDefinition, graph: &Name, external: bool) {
    let has_graph = field
        .directives
        .get_all("join__field")
        .any(|directive| graph_argument(directive).as_ref() == Some(graph));
    if !has_graph {
        field
            .directives
            .0
            .push(with_graph(name!("join__field"), graph, external));
    }
}

fn with_graph(name: Name, graph: &Name, external: bool) -> Node<Directive> {
    let mut arguments = vec![Node::new(Argument {
        name: name!("graph"),
        value: Node::new(Value::Enum(graph.clone())),
    })];
    if external {
        arguments.push(Node::new(Argument {
            name: name!("external"),
            value: Node::new(Value::Boolean(true)),
        }));
    }
    Node::new(Directive { name, arguments })
}

/// The names at the top level of a field set such as `id organization { id }`.
fn top_level_fields(field_set: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut depth = 0_usize;
    let mut word = String::new();
    for character in field_set.chars().chain([' ']) {
        if character.is_alphanumeric() || character == '_' {
            word.push(character);
            continue;
        }
        if depth == 0 && !word.is_empty() {
            fields.push(std::mem::take(&mut word));
        }
        word.clear();
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::top_level_fields;

    #[test]
    fn field_sets_are_read_at_their_top_level() {
        assert_eq!(
            top_level_fields("id organization { id owner { id } } sku"),
            ["id", "organization", "sku"]
        );
        assert_eq!(top_level_fields("}{ broken"), Vec::<String>::new());
    }
}
