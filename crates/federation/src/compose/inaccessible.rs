//! `@inaccessible`: what clients are left with is a schema without holes.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;
use apollo_compiler::ast::{
    Definition, DirectiveList, Document, FieldDefinition, InputValueDefinition, Type, Value,
};

use super::codes::{
    Code, DEFAULT_VALUE_USES_INACCESSIBLE, DISALLOWED_INACCESSIBLE, IMPLEMENTED_BY_INACCESSIBLE,
    ONLY_INACCESSIBLE_CHILDREN, QUERY_ROOT_TYPE_INACCESSIBLE, REFERENCED_INACCESSIBLE,
    REQUIRED_INACCESSIBLE,
};
use super::error::{Findings, Place};
use super::subgraph::Subgraph;

/// Looks at what the supergraph hides.
pub(super) fn check(document: &Document, subgraphs: &[Subgraph], findings: &mut Findings) {
    let schema = Schema::of(document);
    if !schema.hides_anything {
        return;
    }
    let mut complaints = Vec::new();
    for definition in &document.definitions {
        complain(&schema, definition, &mut complaints);
    }
    for (code, coordinate, message) in complaints {
        findings.error(code, message, places(subgraphs, &coordinate));
    }
}

/// Code, what it is about, and what is wrong.
type Complaint = (Code, String, String);

/// The supergraph's elements by name.
struct Schema<'a> {
    by_name: BTreeMap<&'a Name, &'a Definition>,
    hidden: BTreeSet<&'a Name>,
    hides_anything: bool,
}

impl<'a> Schema<'a> {
    fn of(document: &'a Document) -> Self {
        let mut schema = Self {
            by_name: BTreeMap::new(),
            hidden: BTreeSet::new(),
            hides_anything: false,
        };
        for definition in &document.definitions {
            match (definition, definition.name()) {
                (Definition::DirectiveDefinition(directive), _) => {
                    schema.hides_anything |= directive.name == "inaccessible";
                }
                (_, Some(name)) => {
                    schema.by_name.insert(name, definition);
                    if is_hidden(definition.directives()) {
                        schema.hidden.insert(name);
                    }
                }
                _ => {}
            }
        }
        schema
    }

    fn input_field(&self, ty: &Name, field: &Name) -> Option<&'a InputValueDefinition> {
        match self.by_name.get(ty)? {
            Definition::InputObjectTypeDefinition(input) => input
                .fields
                .iter()
                .find(|known| known.name == *field)
                .map(|field| &**field),
            _ => None,
        }
    }

    /// The first hidden thing a value refers to.
    fn hidden_in(&self, value: &Value, ty: &Type) -> Option<String> {
        let name = ty.inner_named_type();
        match value {
            Value::List(items) => {
                let item = match ty {
                    Type::List(item) | Type::NonNullList(item) => item,
                    other => other,
                };
                items.iter().find_map(|value| self.hidden_in(value, item))
            }
            Value::Object(members) => members.iter().find_map(|(member, value)| {
                let field = self.input_field(name, member)?;
                match is_hidden(&field.directives) {
                    true => Some(format!("{name}.{member}")),
                    false => self.hidden_in(value, &field.ty),
                }
            }),
            Value::Enum(value) => match self.by_name.get(name)? {
                Definition::EnumTypeDefinition(it) => it
                    .values
                    .iter()
                    .any(|known| known.value == *value && is_hidden(&known.directives))
                    .then(|| format!("{name}.{value}")),
                _ => None,
            },
            _ => None,
        }
    }
}

fn is_hidden(directives: &DirectiveList) -> bool {
    directives.has("inaccessible")
}

fn complain(schema: &Schema<'_>, definition: &Definition, complaints: &mut Vec<Complaint>) {
    let Some(name) = definition.name() else {
        return;
    };
    if name.contains("__") {
        return;
    }
    if is_hidden(definition.directives()) {
        if name == "Query" {
            complaints.push((
                QUERY_ROOT_TYPE_INACCESSIBLE,
                name.to_string(),
                "the query root is hidden".to_owned(),
            ));
        }
        if matches!(name.as_str(), "ID" | "Int" | "Float" | "String" | "Boolean") {
            complaints.push((
                DISALLOWED_INACCESSIBLE,
                name.to_string(),
                format!("`{name}` is GraphQL's own"),
            ));
        }
        return;
    }
    let children: Vec<&DirectiveList> = match definition {
        Definition::ObjectTypeDefinition(it) => {
            fields(
                schema,
                name,
                &it.fields,
                &it.implements_interfaces,
                complaints,
            );
            it.fields.iter().map(|field| &field.directives).collect()
        }
        Definition::InterfaceTypeDefinition(it) => {
            fields(
                schema,
                name,
                &it.fields,
                &it.implements_interfaces,
                complaints,
            );
            it.fields.iter().map(|field| &field.directives).collect()
        }
        Definition::InputObjectTypeDefinition(it) => {
            for field in &it.fields {
                let coordinate = format!("{name}.{}", field.name);
                input(schema, &coordinate, field, complaints);
            }
            it.fields.iter().map(|field| &field.directives).collect()
        }
        Definition::EnumTypeDefinition(it) => {
            it.values.iter().map(|value| &value.directives).collect()
        }
        Definition::UnionTypeDefinition(it) => {
            if it
                .members
                .iter()
                .all(|member| schema.hidden.contains(member))
            {
                complaints.push(only_hidden(name));
            }
            return;
        }
        _ => return,
    };
    if !children.is_empty() && children.into_iter().all(is_hidden) {
        complaints.push(only_hidden(name));
    }
}

fn only_hidden(name: &Name) -> Complaint {
    (
        ONLY_INACCESSIBLE_CHILDREN,
        name.to_string(),
        format!("`{name}` is not hidden, but everything in it is"),
    )
}

fn fields(
    schema: &Schema<'_>,
    name: &Name,
    fields: &[apollo_compiler::Node<FieldDefinition>],
    interfaces: &[Name],
    complaints: &mut Vec<Complaint>,
) {
    for field in fields {
        let coordinate = format!("{name}.{}", field.name);
        let from: Vec<&FieldDefinition> = interfaces
            .iter()
            .filter(|interface| !schema.hidden.contains(interface))
            .filter_map(|interface| match schema.by_name.get(interface)? {
                Definition::InterfaceTypeDefinition(it) => it
                    .fields
                    .iter()
                    .find(|known| known.name == field.name && !is_hidden(&known.directives))
                    .map(|field| &**field),
                _ => None,
            })
            .collect();
        if is_hidden(&field.directives) {
            if !from.is_empty() {
                complaints.push((
                    IMPLEMENTED_BY_INACCESSIBLE,
                    coordinate.clone(),
                    format!("`{coordinate}` is hidden, but the interface's field is not"),
                ));
            }
            continue;
        }
        let target = field.ty.inner_named_type();
        if schema.hidden.contains(target) {
            complaints.push(refers(&coordinate, target));
        }
        for argument in &field.arguments {
            let coordinate = format!("{coordinate}({}:)", argument.name);
            input(schema, &coordinate, argument, complaints);
            let is_inherited = from
                .iter()
                .filter_map(|field| field.argument_by_name(&argument.name))
                .any(|inherited| !is_hidden(&inherited.directives));
            if is_inherited && is_hidden(&argument.directives) {
                complaints.push((
                    IMPLEMENTED_BY_INACCESSIBLE,
                    coordinate.clone(),
                    format!("`{coordinate}` is hidden, but the interface's argument is not"),
                ));
            }
        }
    }
}

fn refers(coordinate: &str, target: &Name) -> Complaint {
    (
        REFERENCED_INACCESSIBLE,
        coordinate.to_owned(),
        format!("`{coordinate}` is of type `{target}`, which is hidden"),
    )
}

fn input(
    schema: &Schema<'_>,
    coordinate: &str,
    definition: &InputValueDefinition,
    complaints: &mut Vec<Complaint>,
) {
    if is_hidden(&definition.directives) {
        if definition.is_required() {
            complaints.push((
                REQUIRED_INACCESSIBLE,
                coordinate.to_owned(),
                format!("`{coordinate}` is hidden, but must be given"),
            ));
        }
        return;
    }
    let target = definition.ty.inner_named_type();
    if schema.hidden.contains(target) {
        complaints.push(refers(coordinate, target));
    }
    let hidden = definition
        .default_value
        .as_ref()
        .and_then(|default| schema.hidden_in(default, &definition.ty));
    if let Some(hidden) = hidden {
        complaints.push((
            DEFAULT_VALUE_USES_INACCESSIBLE,
            coordinate.to_owned(),
            format!("the default of `{coordinate}` uses `{hidden}`, which is hidden"),
        ));
    }
}

/// Where `Type`, `Type.field` or `Type.field(argument:)` stands.
fn places(subgraphs: &[Subgraph], coordinate: &str) -> Vec<Place> {
    let coordinate = coordinate.split('(').next().unwrap_or(coordinate);
    let (ty, member) = match coordinate.split_once('.') {
        Some((ty, member)) => (ty, Some(member)),
        None => (coordinate, None),
    };
    subgraphs
        .iter()
        .filter_map(|subgraph| {
            let ty = subgraph.types.get(ty)?;
            let at = match member {
                None => ty.described.at,
                Some(member) => match (ty.fields.get(member), ty.inputs.get(member)) {
                    (Some(field), _) => field.described.at,
                    (_, Some(input)) => input.described.at,
                    _ => return None,
                },
            };
            Some(subgraph.place(at))
        })
        .collect()
}
