//! Supergraph document → [`Model`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, Directive, DirectiveList, Document, FieldDefinition, Value,
};

use super::policy::{Authorization, CostDirectives};
use super::{
    FieldDef, FieldInGraph, FieldSet, FieldSetId, Graph, Key, Model, TypeDef, TypeId, TypeKind,
};
use crate::supergraph::RootTypes;

/// Reads a document of `join` v0.3 or later.
pub(crate) fn read(document: &Document, roots: &RootTypes) -> Result<Model, String> {
    let graph_names: Vec<&Name> = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::EnumTypeDefinition(graphs) if graphs.name == "join__Graph" => Some(graphs),
            _ => None,
        })
        .flat_map(|graphs| graphs.values.iter().map(|value| &value.value))
        .collect();
    let mut graphs = HashMap::new();
    for (index, name) in graph_names.iter().enumerate() {
        let index = Graph::try_from(index).map_err(|_| "there are too many subgraphs")?;
        graphs.insert((*name).clone(), index);
    }
    let mut reader = Reader {
        model: Model {
            graphs: Graph::try_from(graphs.len()).map_err(|_| "there are too many subgraphs")?,
            ..Model::default()
        },
        graphs,
        field_sets: HashMap::new(),
        members: BTreeMap::new(),
        implementations: BTreeMap::new(),
    };
    reader.declare(document, roots);
    reader.define(document)?;
    reader.link();
    Ok(reader.model)
}

struct Reader {
    model: Model,
    graphs: HashMap<Name, Graph>,
    field_sets: HashMap<String, FieldSetId>,
    /// (union, subgraph) → members.
    members: BTreeMap<(TypeId, Graph), BTreeSet<TypeId>>,
    /// (object or interface, subgraph) → interfaces.
    implementations: BTreeMap<(TypeId, Graph), BTreeSet<TypeId>>,
}

impl Reader {
    /// Gives every composite type its id.
    fn declare(&mut self, document: &Document, roots: &RootTypes) {
        for definition in &document.definitions {
            let (name, kind, directives) = match definition {
                Definition::ObjectTypeDefinition(it) => {
                    (&it.name, TypeKind::Object, &it.directives)
                }
                Definition::InterfaceTypeDefinition(it) => {
                    (&it.name, TypeKind::Interface, &it.directives)
                }
                Definition::UnionTypeDefinition(it) => (&it.name, TypeKind::Union, &it.directives),
                _ => continue,
            };
            if self.model.by_name.contains_key(name) {
                continue;
            }
            let Ok(index) = u32::try_from(self.model.types.len()) else {
                return;
            };
            self.model.by_name.insert(name.clone(), TypeId(index));
            self.model.types.push(TypeDef {
                name: name.clone(),
                kind,
                fields: HashMap::new(),
                graphs: BTreeMap::new(),
                possible: Vec::new(),
                interfaces: Vec::new(),
                is_root: *name == roots.query
                    || roots.mutation.as_ref() == Some(name)
                    || roots.subscription.as_ref() == Some(name),
                is_hidden: directives.has("inaccessible"),
                authorization: Authorization::read(directives),
            });
        }
    }

    fn define(&mut self, document: &Document) -> Result<(), String> {
        for definition in &document.definitions {
            match definition {
                Definition::ObjectTypeDefinition(it) => {
                    let id = self.join_types(&it.name, &it.directives)?;
                    self.implements(id, &it.directives, &it.implements_interfaces);
                    self.fields(id, &it.fields)?;
                }
                Definition::InterfaceTypeDefinition(it) => {
                    let id = self.join_types(&it.name, &it.directives)?;
                    self.implements(id, &it.directives, &it.implements_interfaces);
                    self.fields(id, &it.fields)?;
                }
                Definition::UnionTypeDefinition(it) => {
                    let id = self.join_types(&it.name, &it.directives)?;
                    self.union_members(id, &it.directives, &it.members);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn join_types(&mut self, name: &Name, directives: &DirectiveList) -> Result<TypeId, String> {
        let id = self
            .model
            .find(name)
            .ok_or_else(|| format!("the type `{name}` is not declared"))?;
        for directive in directives.get_all("join__type") {
            let Some(graph) = self.graph(directive) else {
                continue;
            };
            let key = match text(directive, "key") {
                Some(key) => Some(Key {
                    fields: self.field_set(key)?,
                    is_resolvable: flag(directive, "resolvable").unwrap_or(true),
                }),
                None => None,
            };
            let here = self.model.types[id.0 as usize]
                .graphs
                .entry(graph)
                .or_default();
            here.keys.extend(key);
            here.is_interface_object |= flag(directive, "isInterfaceObject").unwrap_or(false);
        }
        Ok(id)
    }

    fn implements(&mut self, id: TypeId, directives: &DirectiveList, interfaces: &[Name]) {
        let known: Vec<TypeId> = interfaces
            .iter()
            .filter_map(|name| self.model.find(name))
            .collect();
        let mut is_told = false;
        for directive in directives.get_all("join__implements") {
            is_told = true;
            let interface = text(directive, "interface").and_then(|name| self.model.find(name));
            if let (Some(graph), Some(interface)) = (self.graph(directive), interface) {
                self.implementations
                    .entry((id, graph))
                    .or_default()
                    .insert(interface);
            }
        }
        if !is_told {
            // Before `join__implements`, every subgraph that has both types was meant.
            for graph in self.graphs_of(id) {
                for interface in &known {
                    if self.model.ty(*interface).graphs.contains_key(&graph)
                        || !self.is_joined(*interface)
                    {
                        self.implementations
                            .entry((id, graph))
                            .or_default()
                            .insert(*interface);
                    }
                }
            }
        }
        self.model.types[id.0 as usize].interfaces = known;
    }

    fn union_members(&mut self, id: TypeId, directives: &DirectiveList, members: &[Name]) {
        let mut is_told = false;
        for directive in directives.get_all("join__unionMember") {
            is_told = true;
            let member = text(directive, "member").and_then(|name| self.model.find(name));
            if let (Some(graph), Some(member)) = (self.graph(directive), member) {
                self.members.entry((id, graph)).or_default().insert(member);
                // Some composers leave out the `@join__type` of a union.
                let ty = &mut self.model.types[id.0 as usize];
                ty.graphs.entry(graph).or_default();
            }
        }
        if !is_told {
            for graph in self.graphs_of(id) {
                for name in members {
                    if let Some(member) = self.model.find(name) {
                        self.members.entry((id, graph)).or_default().insert(member);
                    }
                }
            }
        }
    }

    fn fields(&mut self, id: TypeId, fields: &[Node<FieldDefinition>]) -> Result<(), String> {
        let everywhere: Vec<Graph> = self.graphs_of(id);
        for field in fields {
            let target = self.model.find(field.ty.inner_named_type());
            let mut definition = FieldDef {
                target,
                graphs: BTreeMap::new(),
                authorization: Authorization::read(&field.directives),
                cost: CostDirectives::read(&field.directives),
            };
            if field.directives.has("join__field") {
                for directive in field.directives.get_all("join__field") {
                    // Without a graph, the field comes from an interface object.
                    if let Some(graph) = self.graph(directive) {
                        let here = self.field_in_graph(field, directive)?;
                        definition.graphs.insert(graph, here);
                    }
                }
                complete_overrides(field, &self.graphs, &mut definition);
            } else {
                for graph in &everywhere {
                    definition.graphs.insert(
                        *graph,
                        FieldInGraph {
                            ty: field.ty.clone(),
                            target,
                            is_external: false,
                            requires: None,
                            provides: None,
                            override_label: None,
                        },
                    );
                }
            }
            self.model.types[id.0 as usize]
                .fields
                .insert(field.name.clone(), definition);
        }
        Ok(())
    }

    fn field_in_graph(
        &mut self,
        field: &FieldDefinition,
        directive: &Directive,
    ) -> Result<FieldInGraph, String> {
        let ty = match text(directive, "type") {
            Some(ty) => apollo_compiler::ast::Type::parse(ty, "type")
                .map_err(|_| format!("`{ty}` is not a type"))?,
            None => field.ty.clone(),
        };
        let target = self.model.find(ty.inner_named_type());
        let mut set = |argument: &str| match text(directive, argument) {
            Some(selection) if !selection.trim().is_empty() => self.field_set(selection).map(Some),
            _ => Ok(None),
        };
        Ok(FieldInGraph {
            requires: set("requires")?,
            provides: set("provides")?,
            ty,
            target,
            is_external: flag(directive, "external").unwrap_or(false)
                || (flag(directive, "usedOverridden").unwrap_or(false)
                    && text(directive, "overrideLabel").is_none()),
            override_label: text(directive, "overrideLabel")
                .map(|label| (label.to_owned(), text(directive, "override").is_some())),
        })
    }

    /// Derives the runtime types of abstract types, per subgraph and overall.
    fn link(&mut self) {
        let ids: Vec<TypeId> = (0..self.model.types.len())
            .filter_map(|index| u32::try_from(index).ok().map(TypeId))
            .collect();
        let mut possible: BTreeMap<(TypeId, Graph), BTreeSet<TypeId>> = BTreeMap::new();
        for id in &ids {
            if self.model.ty(*id).kind == TypeKind::Object {
                for graph in self.graphs_of(*id) {
                    possible.entry((*id, graph)).or_default().insert(*id);
                }
            }
        }
        for ((id, graph), interfaces) in &self.implementations {
            if self.model.ty(*id).kind == TypeKind::Object {
                for interface in interfaces {
                    possible
                        .entry((*interface, *graph))
                        .or_default()
                        .insert(*id);
                }
            }
        }
        for ((id, graph), members) in &self.members {
            possible.entry((*id, *graph)).or_default().extend(members);
        }
        for ((id, graph), types) in possible {
            let ty = &mut self.model.types[id.0 as usize];
            ty.possible.extend(&types);
            if let Some(here) = ty.graphs.get_mut(&graph) {
                here.possible = types.into_iter().collect();
            }
        }
        let mut has_partial_unions = false;
        for ty in &mut self.model.types {
            ty.possible.sort();
            ty.possible.dedup();
            has_partial_unions |= ty.kind == TypeKind::Union
                && ty
                    .graphs
                    .values()
                    .any(|here| here.possible.len() != ty.possible.len());
        }
        self.model.has_partial_unions = has_partial_unions;
    }

    fn graph(&self, directive: &Directive) -> Option<Graph> {
        let name = directive.specified_argument_by_name("graph")?.as_enum()?;
        self.graphs.get(name).copied()
    }

    fn graphs_of(&self, id: TypeId) -> Vec<Graph> {
        self.model.ty(id).graphs.keys().copied().collect()
    }

    fn is_joined(&self, id: TypeId) -> bool {
        !self.model.ty(id).graphs.is_empty()
    }

    fn field_set(&mut self, text: &str) -> Result<FieldSetId, String> {
        if let Some(known) = self.field_sets.get(text) {
            return Ok(*known);
        }
        let set = FieldSet::parse(text).ok_or_else(|| format!("`{text}` is not a field set"))?;
        let id = FieldSetId(
            u32::try_from(self.model.field_sets.len()).map_err(|_| "too many field sets")?,
        );
        self.model.field_sets.push(set);
        self.field_sets.insert(text.to_owned(), id);
        Ok(id)
    }
}

/// A progressive override names the label on the new subgraph; the old one carries it as well.
fn complete_overrides(
    field: &FieldDefinition,
    graphs: &HashMap<Name, Graph>,
    definition: &mut FieldDef,
) {
    for directive in field.directives.get_all("join__field") {
        let (Some(from), Some(label)) = (
            text(directive, "override"),
            text(directive, "overrideLabel"),
        ) else {
            continue;
        };
        for (name, graph) in graphs {
            // The directive names the subgraph, the enum spells it in upper case.
            let same = name
                .as_str()
                .eq_ignore_ascii_case(&from.replace(['-', '.'], "_"));
            if let Some(here) = definition.graphs.get_mut(graph)
                && same
                && here.override_label.is_none()
            {
                here.override_label = Some((label.to_owned(), false));
            }
        }
    }
}

fn text<'a>(directive: &'a Directive, argument: &str) -> Option<&'a str> {
    directive
        .specified_argument_by_name(argument)
        .and_then(|value| value.as_str())
}

fn flag(directive: &Directive, argument: &str) -> Option<bool> {
    match directive
        .specified_argument_by_name(argument)
        .map(|value| &**value)
    {
        Some(Value::Boolean(value)) => Some(*value),
        _ => None,
    }
}
