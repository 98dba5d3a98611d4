//! The supergraph as its subgraphs see it: what `join__*` directives say, and nothing concluded.
//!
//! The planner has its own reading of these directives. This one is written apart from it on
//! purpose: what both misread alike, no test would show.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, Directive, DirectiveList, Document, FieldDefinition, OperationType, Selection,
    Type, Value,
};

/// All types of a supergraph.
pub(crate) struct Joins {
    /// Value of `join__Graph` → the subgraph's name.
    pub graphs: BTreeMap<String, String>,
    pub types: BTreeMap<String, JoinedType>,
    pub roots: BTreeMap<&'static str, String>,
    /// Scalars, enums and input objects, by name.
    pub inputs: BTreeMap<String, Definition>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Interface,
    Union,
}

/// An object, interface or union.
pub(crate) struct JoinedType {
    pub kind: Kind,
    pub is_hidden: bool,
    pub graphs: BTreeMap<String, TypeInGraph>,
    pub fields: BTreeMap<String, JoinedField>,
    /// (subgraph, interface)
    pub implements: BTreeSet<(String, String)>,
    /// (subgraph, member)
    pub members: BTreeSet<(String, String)>,
}

#[derive(Default)]
pub(crate) struct TypeInGraph {
    pub keys: Vec<Vec<Selection>>,
    /// Those of them that `_entities` accepts.
    pub resolvable: Vec<Vec<Selection>>,
    pub is_interface_object: bool,
}

pub(crate) struct JoinedField {
    pub definition: Node<FieldDefinition>,
    pub graphs: BTreeMap<String, FieldInGraph>,
}

pub(crate) struct FieldInGraph {
    pub ty: Type,
    /// Known, but resolved elsewhere: `@external`, or overridden.
    pub is_external: bool,
    pub requires: Vec<Selection>,
    pub provides: Vec<Selection>,
}

impl Joins {
    pub(crate) fn read(sdl: &str) -> Self {
        let document = Document::parse(sdl, "supergraph").unwrap();
        let mut joins = Self {
            graphs: BTreeMap::new(),
            types: BTreeMap::new(),
            roots: BTreeMap::from([("query", "Query".to_owned())]),
            inputs: BTreeMap::new(),
        };
        for definition in &document.definitions {
            joins.graphs_and_roots(definition);
        }
        for definition in &document.definitions {
            joins.define(definition);
        }
        joins
    }

    fn graphs_and_roots(&mut self, definition: &Definition) {
        match definition {
            Definition::EnumTypeDefinition(it) if it.name == "join__Graph" => {
                for value in &it.values {
                    let graph = value.directives.get("join__graph").unwrap();
                    let name = text(graph, "name").unwrap();
                    self.graphs.insert(value.value.to_string(), name.to_owned());
                }
            }
            Definition::SchemaDefinition(it) => {
                for root in &it.root_operations {
                    let kind = match root.0 {
                        OperationType::Query => "query",
                        OperationType::Mutation => "mutation",
                        OperationType::Subscription => "subscription",
                    };
                    self.roots.insert(kind, root.1.to_string());
                }
            }
            _ => {}
        }
    }

    fn define(&mut self, definition: &Definition) {
        let (name, kind, directives, fields) = match definition {
            Definition::ObjectTypeDefinition(it) => {
                (&it.name, Kind::Object, &it.directives, &it.fields[..])
            }
            Definition::InterfaceTypeDefinition(it) => {
                (&it.name, Kind::Interface, &it.directives, &it.fields[..])
            }
            Definition::UnionTypeDefinition(it) => (&it.name, Kind::Union, &it.directives, &[][..]),
            Definition::EnumTypeDefinition(_)
            | Definition::InputObjectTypeDefinition(_)
            | Definition::ScalarTypeDefinition(_) => {
                let name = definition.name().unwrap().to_string();
                if !name.contains("__") {
                    self.inputs.insert(name, definition.clone());
                }
                return;
            }
            _ => return,
        };
        let mut graphs: BTreeMap<String, TypeInGraph> = BTreeMap::new();
        for directive in directives.get_all("join__type") {
            let here = graphs.entry(graph(directive).unwrap()).or_default();
            here.is_interface_object |= flag(directive, "isInterfaceObject").unwrap_or(false);
            if let Some(key) = text(directive, "key") {
                here.keys.push(field_set(key));
                if flag(directive, "resolvable").unwrap_or(true) {
                    here.resolvable.push(field_set(key));
                }
            }
        }
        let fields = fields
            .iter()
            .map(|field| (field.name.to_string(), self.field(field, &graphs)))
            .collect();
        let pairs = |directive: &str, argument: &str| {
            directives
                .get_all(directive)
                .map(|it| (graph(it).unwrap(), text(it, argument).unwrap().to_owned()))
                .collect()
        };
        self.types.insert(
            name.to_string(),
            JoinedType {
                kind,
                is_hidden: directives.has("inaccessible"),
                implements: pairs("join__implements", "interface"),
                members: pairs("join__unionMember", "member"),
                graphs,
                fields,
            },
        );
    }

    fn field(
        &self,
        definition: &Node<FieldDefinition>,
        type_graphs: &BTreeMap<String, TypeInGraph>,
    ) -> JoinedField {
        let directives = &definition.directives;
        let mut graphs = BTreeMap::new();
        if !directives.has("join__field") {
            for graph in type_graphs.keys() {
                graphs.insert(graph.clone(), field_everywhere(&definition.ty));
            }
        }
        for directive in directives.get_all("join__field") {
            // Without a graph, the field comes from an interface object.
            let Some(graph) = graph(directive) else {
                continue;
            };
            let set = |argument| text(directive, argument).map(field_set).unwrap_or_default();
            graphs.insert(
                graph,
                FieldInGraph {
                    ty: text(directive, "type")
                        .map_or(definition.ty.clone(), |ty| Type::parse(ty, "type").unwrap()),
                    is_external: flag(directive, "external").unwrap_or(false)
                        || flag(directive, "usedOverridden").unwrap_or(false),
                    requires: set("requires"),
                    provides: set("provides"),
                },
            );
        }
        self.override_fields(directives, &mut graphs);
        JoinedField {
            definition: definition.clone(),
            graphs,
        }
    }

    /// A field that has moved is not resolved where it was; one that has not moved yet is not
    /// resolved where it goes. No label is in effect here but `percent(100)`.
    fn override_fields(
        &self,
        directives: &DirectiveList,
        graphs: &mut BTreeMap<String, FieldInGraph>,
    ) {
        for directive in directives.get_all("join__field") {
            let Some(from) = text(directive, "override") else {
                continue;
            };
            let has_moved =
                text(directive, "overrideLabel").is_none_or(|label| label == "percent(100)");
            let to = graph(directive).unwrap();
            for (graph, here) in graphs.iter_mut() {
                if has_moved && self.graphs[graph] == from {
                    here.is_external = true;
                }
                if !has_moved && self.graphs[graph] == from {
                    here.is_external = false;
                }
                if !has_moved && *graph == to {
                    here.is_external = true;
                }
            }
        }
    }

    /// The object types a value of this type may have in a subgraph.
    pub(crate) fn possible_in(&self, type_name: &str, graph: &str) -> BTreeSet<String> {
        let ty = &self.types[type_name];
        match ty.kind {
            Kind::Object => BTreeSet::from([type_name.to_owned()]),
            Kind::Union => ty
                .members
                .iter()
                .filter(|(there, _)| there == graph)
                .map(|(_, member)| member.clone())
                .collect(),
            Kind::Interface => self
                .types
                .iter()
                .filter(|(_, ty)| {
                    ty.kind == Kind::Object
                        && ty
                            .implements
                            .contains(&(graph.to_owned(), type_name.to_owned()))
                })
                .map(|(name, _)| name.clone())
                .collect(),
        }
    }

    /// The object types a value of this type may have anywhere.
    pub(crate) fn possible(&self, type_name: &str) -> BTreeSet<String> {
        self.graphs
            .keys()
            .flat_map(|graph| self.possible_in(type_name, graph))
            .collect()
    }

    pub(crate) fn is_composite(&self, type_name: &str) -> bool {
        self.types.contains_key(type_name)
    }

    pub(crate) fn is_interface_object(&self, type_name: &str, graph: &str) -> bool {
        self.types[type_name]
            .graphs
            .get(graph)
            .is_some_and(|here| here.is_interface_object)
    }

    pub(crate) fn is_root(&self, type_name: &str) -> bool {
        self.roots.values().any(|root| root == type_name)
    }
}

fn field_everywhere(ty: &Type) -> FieldInGraph {
    FieldInGraph {
        ty: ty.clone(),
        is_external: false,
        requires: Vec::new(),
        provides: Vec::new(),
    }
}

/// Reads a field set; the braces around it are left out.
pub(crate) fn field_set(text: &str) -> Vec<Selection> {
    let document = Document::parse(format!("{{{text}}}"), "field set").unwrap();
    match document.definitions.as_slice() {
        [Definition::OperationDefinition(operation)] => operation.selection_set.clone(),
        _ => panic!("`{text}` is not a field set"),
    }
}

pub(crate) fn graph(directive: &Directive) -> Option<String> {
    let graph = directive.specified_argument_by_name("graph")?.as_enum()?;
    Some(graph.to_string())
}

fn text<'a>(directive: &'a Directive, argument: &str) -> Option<&'a str> {
    directive.specified_argument_by_name(argument)?.as_str()
}

fn flag(directive: &Directive, argument: &str) -> Option<bool> {
    match &**directive.specified_argument_by_name(argument)? {
        Value::Boolean(value) => Some(*value),
        _ => None,
    }
}
