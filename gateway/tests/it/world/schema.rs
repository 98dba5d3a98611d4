//! A subgraph's own schema, made from what the supergraph says of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, DirectiveList, FieldDefinition, Type};
use apollo_compiler::validation::Valid;

use super::joins::{JoinedType, Joins, Kind, graph as graph_of};

/// The schema of one subgraph, with `_entities`.
pub(crate) fn of_subgraph(joins: &Joins, graph: &str) -> Valid<Schema> {
    let mut sdl = String::new();
    let query = &joins.roots["query"];
    let roots: Vec<String> = joins
        .roots
        .iter()
        .filter(|(kind, name)| **kind == "query" || has_fields(&joins.types[*name], graph))
        .map(|(kind, name)| format!("{kind}: {name}"))
        .collect();
    let _ = writeln!(sdl, "schema {{ {} }}", roots.join(" "));

    for definition in joins.inputs.values() {
        sdl.push_str(&input(definition, graph));
    }
    for (name, ty) in &joins.types {
        if name != query && !joins.is_root(name) || has_fields(ty, graph) {
            sdl.push_str(&composite(name, ty, graph));
        }
    }

    // The machinery of federation.
    let entities: BTreeSet<String> = joins
        .types
        .iter()
        .filter(|(_, ty)| {
            ty.graphs
                .get(graph)
                .is_some_and(|it| !it.resolvable.is_empty())
        })
        .flat_map(|(name, _)| {
            if joins.is_interface_object(name, graph) {
                BTreeSet::from([name.clone()])
            } else {
                joins.possible_in(name, graph)
            }
        })
        .collect();
    let extend = if has_fields(&joins.types[query], graph) {
        "extend "
    } else {
        ""
    };
    if entities.is_empty() {
        let _ = writeln!(sdl, "{extend}type {query} {{ _service: String }}");
    } else {
        let members = entities.into_iter().collect::<Vec<_>>().join(" | ");
        let _ = writeln!(sdl, "scalar _Any union _Entity = {members}");
        let _ = writeln!(
            sdl,
            "{extend}type {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}"
        );
    }
    Schema::parse_and_validate(&sdl, graph)
        .unwrap_or_else(|invalid| panic!("{}\n{sdl}", invalid.errors))
}

fn has_fields(ty: &JoinedType, graph: &str) -> bool {
    ty.fields
        .values()
        .any(|field| field.graphs.contains_key(graph))
}

fn composite(name: &str, ty: &JoinedType, graph: &str) -> String {
    let Some(here) = ty.graphs.get(graph) else {
        return String::new();
    };
    let named = |pairs: &BTreeSet<(String, String)>, separator: &str| {
        let found = pairs.iter().filter(|(there, _)| there == graph);
        found
            .map(|(_, name)| name.as_str())
            .collect::<Vec<_>>()
            .join(separator)
    };
    let keyword = match ty.kind {
        Kind::Union => {
            let members = named(&ty.members, " | ");
            return format!("union {name} = {members}\n");
        }
        Kind::Interface if !here.is_interface_object => "interface",
        Kind::Interface | Kind::Object => "type",
    };
    let mut sdl = format!("{keyword} {name}");
    let interfaces = named(&ty.implements, " & ");
    if !interfaces.is_empty() {
        let _ = write!(sdl, " implements {interfaces}");
    }
    sdl.push_str(" {\n");
    for field in ty.fields.values() {
        if let Some(here) = field.graphs.get(graph) {
            let _ = writeln!(sdl, "{}", bare(&field.definition, &here.ty));
        }
    }
    sdl.push_str("}\n");
    sdl
}

/// A field without directives.
fn bare(definition: &FieldDefinition, ty: &Type) -> String {
    let mut field = definition.clone();
    field.directives = DirectiveList::default();
    field.ty = ty.clone();
    for argument in &mut field.arguments {
        argument.make_mut().directives = DirectiveList::default();
    }
    field.to_string()
}

/// A scalar, enum or input object, unless it belongs to other subgraphs only.
fn input(definition: &Definition, graph: &str) -> String {
    let is_here = |directives: &DirectiveList, directive: &str| {
        let mut told = directives.get_all(directive).peekable();
        told.peek().is_none() || told.any(|it| graph_of(it).as_deref() == Some(graph))
    };
    let name = definition.name().unwrap();
    if !is_here(definition.directives(), "join__type") {
        return String::new();
    }
    match definition {
        Definition::EnumTypeDefinition(it) => {
            let values = it.values.iter();
            let known = values.filter(|value| is_here(&value.directives, "join__enumValue"));
            let known: Vec<_> = known.map(|value| value.value.as_str()).collect();
            format!("enum {name} {{ {} }}\n", known.join(" "))
        }
        Definition::InputObjectTypeDefinition(it) => {
            let mut input = (**it).clone();
            input.directives = DirectiveList::default();
            input
                .fields
                .retain(|field| is_here(&field.directives, "join__field"));
            for field in &mut input.fields {
                field.make_mut().directives = DirectiveList::default();
            }
            format!("{input}\n")
        }
        _ => format!("scalar {name}\n"),
    }
}
