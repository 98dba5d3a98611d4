//! SDL → [`Subgraph`].

use std::collections::HashMap;

use apollo_compiler::ast::{
    Definition, DirectiveList, Document, FieldDefinition, InputValueDefinition, OperationType, Type,
};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name, Node};

use super::document::{Part, part};
use super::links::Links;
use super::{Applied, Described, FieldDef, InputDef, ROOTS, Subgraph, TypeDef, check};
use crate::compose::SubgraphSdl;
use crate::compose::codes::{
    INVALID_GRAPHQL, ROOT_MUTATION_USED, ROOT_QUERY_USED, ROOT_SUBSCRIPTION_USED,
};
use crate::compose::error::{Findings, Place};

/// Reads one subgraph; `None` if it is too broken to say more about it.
pub(in crate::compose) fn read(
    source: &SubgraphSdl,
    graph: Name,
    findings: &mut Findings,
) -> Option<Subgraph> {
    let document = match Document::parse(source.sdl.as_str(), &source.name) {
        Ok(document) => document,
        Err(invalid) => {
            for diagnostic in invalid.errors.iter() {
                let place = Place {
                    subgraph: source.name.clone(),
                    position: diagnostic
                        .line_column_range()
                        .map(|range| (range.start.line, range.start.column)),
                };
                findings.error(INVALID_GRAPHQL, diagnostic.error.to_string(), vec![place]);
            }
            return None;
        }
    };

    let mut complaints = Vec::new();
    let links = Links::read(&document, &mut complaints);
    let mut subgraph = Subgraph {
        name: source.name.clone(),
        url: source.url.clone(),
        graph,
        sources: document.sources.clone(),
        links,
        types: IndexMap::default(),
        directive_definitions: IndexMap::default(),
        schema: Described::default(),
    };
    for (code, message, at) in complaints {
        findings.error(code, message, vec![subgraph.place(at)]);
    }
    let before = findings.errors.len();
    let roots = rename_roots(&document, &subgraph, findings);
    if findings.errors.len() > before || !check::is_valid(&document, &subgraph, findings) {
        return None;
    }

    for definition in &document.definitions {
        match definition {
            Definition::DirectiveDefinition(directive) => {
                let name = directive.name.as_str();
                if subgraph.links.known(name).is_none() && name != "link" && name != "core" {
                    subgraph
                        .directive_definitions
                        .insert(directive.name.clone(), directive.clone());
                }
            }
            Definition::SchemaDefinition(schema) => {
                subgraph.schema.description.clone_from(&schema.description);
                let applied = apply(&subgraph.links, &schema.directives, false, 0);
                subgraph.schema.directives.extend(applied);
            }
            Definition::SchemaExtension(schema) => {
                let applied = apply(&subgraph.links, &schema.directives, true, 0);
                subgraph.schema.directives.extend(applied);
            }
            other => {
                if let Some(part) = part(other)
                    && !subgraph.links.is_machinery(part.name)
                {
                    let reader = PartReader {
                        links: &subgraph.links,
                        roots: &roots,
                    };
                    let name = roots.get(part.name).unwrap_or(part.name).clone();
                    let known = subgraph.types.shift_remove_entry(&name);
                    let (name, ty) = reader.add(name, known, &part);
                    subgraph.types.insert(name, ty);
                }
            }
        }
    }
    // In the order of their definitions, which shift_remove has upset for extended types.
    restore_order(&document, &roots, &mut subgraph.types);
    Some(subgraph)
}

/// Root type's name here → its name in every supergraph.
type Roots = HashMap<Name, Name>;

fn rename_roots(document: &Document, subgraph: &Subgraph, findings: &mut Findings) -> Roots {
    let mut named: Vec<(OperationType, Name)> = Vec::new();
    let mut is_explicit = false;
    for definition in &document.definitions {
        let operations = match definition {
            Definition::SchemaDefinition(schema) => &schema.root_operations,
            Definition::SchemaExtension(schema) => &schema.root_operations,
            _ => continue,
        };
        is_explicit |= !operations.is_empty();
        named.extend(operations.iter().map(|root| (root.0, root.1.clone())));
    }
    let mut roots = Roots::new();
    if !is_explicit {
        return roots;
    }
    let codes = [ROOT_QUERY_USED, ROOT_MUTATION_USED, ROOT_SUBSCRIPTION_USED];
    let operations = [
        OperationType::Query,
        OperationType::Mutation,
        OperationType::Subscription,
    ];
    for ((root, code), operation) in ROOTS.into_iter().zip(codes).zip(operations) {
        let local = named.iter().find(|(named, _)| *named == operation);
        if let Some((_, local)) = local
            && let Ok(root) = Name::new(root)
        {
            roots.insert(local.clone(), root);
        }
        let intruder = document
            .definitions
            .iter()
            .filter_map(part)
            .find(|part| part.name == root && local.is_some_and(|(_, local)| local != root));
        if let Some(intruder) = intruder {
            findings.error(
                code,
                format!("`{root}` is defined, but it is not the root type of that name"),
                vec![subgraph.place(intruder.at)],
            );
        }
    }
    roots
}

fn restore_order(document: &Document, roots: &Roots, types: &mut IndexMap<Name, TypeDef>) {
    let mut order: HashMap<&Name, usize> = HashMap::new();
    for (index, definition) in document.definitions.iter().enumerate() {
        if let Some(part) = part(definition) {
            let name = roots.get(part.name).unwrap_or(part.name);
            order.entry(name).or_insert(index);
        }
    }
    types.sort_by(|a, _, b, _| order.get(a).cmp(&order.get(b)));
}

struct PartReader<'a> {
    links: &'a Links,
    roots: &'a Roots,
}

impl PartReader<'_> {
    /// A type with one more part.
    fn add(&self, name: Name, known: Option<(Name, TypeDef)>, part: &Part<'_>) -> (Name, TypeDef) {
        let extends = part
            .directives
            .iter()
            .any(|directive| self.links.known(&directive.name) == Some("extends"));
        let is_extension = part.is_extension || extends;
        let number = known.as_ref().map_or(0, |(_, ty)| 1 + last_part(ty));
        let (name, mut ty) = known.unwrap_or_else(|| {
            (
                name,
                TypeDef {
                    kind: part.kind,
                    described: Described {
                        at: part.at,
                        ..Described::default()
                    },
                    is_extension: true,
                    is_defined: false,
                    interfaces: Vec::new(),
                    fields: IndexMap::default(),
                    inputs: IndexMap::default(),
                    members: Vec::new(),
                    values: IndexMap::default(),
                },
            )
        });
        if !part.is_extension {
            ty.is_defined = true;
            ty.described.at = part.at;
            ty.described.description = part.description.cloned();
        }
        ty.is_extension &= is_extension;

        let applied = apply(self.links, part.directives, is_extension, number);
        // On a type, these two stand for all fields beside them.
        let (for_fields, for_type): (Vec<Applied>, Vec<Applied>) = applied
            .into_iter()
            .partition(|applied| matches!(applied.known, Some("shareable" | "external")));
        ty.described.directives.extend(for_type);

        for interface in part.interfaces {
            let interface = self.renamed(interface);
            if !ty.interfaces.contains(&interface) {
                ty.interfaces.push(interface);
            }
        }
        for field in part.fields {
            if name == "Query" && matches!(field.name.as_str(), "_entities" | "_service") {
                continue;
            }
            let mut definition = self.field(field, is_extension, number);
            for applied in &for_fields {
                if !definition
                    .described
                    .directives
                    .iter()
                    .any(|other| other.known == applied.known)
                {
                    definition.described.directives.push(applied.clone());
                }
            }
            ty.fields.insert(field.name.clone(), definition);
        }
        for input in part.inputs {
            ty.inputs.insert(input.name.clone(), self.input(input));
        }
        for member in part.members {
            let member = self.renamed(member);
            if !ty.members.contains(&member) {
                ty.members.push(member);
            }
        }
        for value in part.values {
            let described = self.described(
                value.description.as_ref(),
                &value.directives,
                value.location(),
            );
            ty.values.insert(value.value.clone(), described);
        }
        (name, ty)
    }

    fn field(&self, field: &Node<FieldDefinition>, on_extension: bool, part: usize) -> FieldDef {
        FieldDef {
            described: Described {
                description: field.description.clone(),
                directives: apply(self.links, &field.directives, on_extension, part),
                at: field.location(),
            },
            ty: self.renamed_type(&field.ty),
            arguments: field
                .arguments
                .iter()
                .map(|argument| (argument.name.clone(), self.input(argument)))
                .collect(),
            part,
        }
    }

    fn input(&self, input: &Node<InputValueDefinition>) -> InputDef {
        InputDef {
            described: self.described(
                input.description.as_ref(),
                &input.directives,
                input.location(),
            ),
            ty: (*input.ty).clone(),
            default: input.default_value.clone(),
        }
    }

    fn described(
        &self,
        description: Option<&Node<str>>,
        directives: &DirectiveList,
        at: Option<SourceSpan>,
    ) -> Described {
        Described {
            description: description.cloned(),
            directives: apply(self.links, directives, false, 0),
            at,
        }
    }

    fn renamed(&self, name: &Name) -> Name {
        self.roots.get(name).unwrap_or(name).clone()
    }

    fn renamed_type(&self, ty: &Type) -> Type {
        match ty {
            Type::Named(name) => Type::Named(self.renamed(name)),
            Type::NonNullNamed(name) => Type::NonNullNamed(self.renamed(name)),
            Type::List(item) => Type::List(Box::new(self.renamed_type(item))),
            Type::NonNullList(item) => Type::NonNullList(Box::new(self.renamed_type(item))),
        }
    }
}

fn last_part(ty: &TypeDef) -> usize {
    let of_fields = ty.fields.values().map(|field| field.part);
    let of_directives = ty.described.directives.iter().map(|applied| applied.part);
    of_fields.chain(of_directives).max().unwrap_or(0)
}

fn apply(
    links: &Links,
    directives: &DirectiveList,
    on_extension: bool,
    part: usize,
) -> Vec<Applied> {
    directives
        .iter()
        .map(|directive| Applied {
            known: links.known(&directive.name),
            directive: directive.clone(),
            on_extension,
            part,
        })
        .collect()
}
