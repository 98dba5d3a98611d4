//! One subgraph as composition sees it: types with their extensions, under their final names,
//! and directives under the names of their specifications.

mod check;
mod definitions;
mod document;
mod federation_one;
mod links;
mod read;

use apollo_compiler::ast::{Directive, DirectiveDefinition, Type, Value};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::{Name, Node};

use super::error::Place;

pub(super) use definitions::is_repeatable;
pub(super) use federation_one::upgrade;
pub(super) use links::{Feature, Links};
pub(super) use read::read;

/// A subgraph, read and valid by itself.
#[derive(Debug)]
pub(super) struct Subgraph {
    pub(super) name: String,
    pub(super) url: String,
    /// Its value in `enum join__Graph`.
    pub(super) graph: Name,
    pub(super) sources: SourceMap,
    pub(super) links: Links,
    pub(super) types: IndexMap<Name, TypeDef>,
    pub(super) directive_definitions: IndexMap<Name, Node<DirectiveDefinition>>,
    pub(super) schema: Described,
}

/// What a type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    Input,
}

/// What every element of a schema has.
#[derive(Debug, Clone, Default)]
pub(super) struct Described {
    pub(super) description: Option<Node<str>>,
    pub(super) directives: Vec<Applied>,
    pub(super) at: Option<SourceSpan>,
}

/// A directive where it is applied.
#[derive(Debug, Clone)]
pub(super) struct Applied {
    /// Its name in the specification, if it is one of federation's or of GraphQL itself.
    pub(super) known: Option<&'static str>,
    pub(super) directive: Node<Directive>,
    /// It stands on `extend type …`.
    pub(super) on_extension: bool,
    /// Which of the type's definition and extensions it stands on.
    pub(super) part: usize,
}

/// A type with all its extensions.
#[derive(Debug, Clone)]
pub(super) struct TypeDef {
    pub(super) kind: Kind,
    pub(super) described: Described,
    /// There is nothing but extensions.
    pub(super) is_extension: bool,
    /// Some part of it is no `extend …`, whatever its directives say.
    pub(super) is_defined: bool,
    pub(super) interfaces: Vec<Name>,
    pub(super) fields: IndexMap<Name, FieldDef>,
    pub(super) inputs: IndexMap<Name, InputDef>,
    pub(super) members: Vec<Name>,
    pub(super) values: IndexMap<Name, Described>,
}

/// A field of an object or interface.
#[derive(Debug, Clone)]
pub(super) struct FieldDef {
    pub(super) described: Described,
    pub(super) ty: Type,
    pub(super) arguments: IndexMap<Name, InputDef>,
    /// Which of the type's definition and extensions it belongs to.
    pub(super) part: usize,
}

/// An argument or input field.
#[derive(Debug, Clone)]
pub(super) struct InputDef {
    pub(super) described: Described,
    pub(super) ty: Type,
    pub(super) default: Option<Node<Value>>,
}

impl Subgraph {
    /// Where something stands.
    pub(super) fn place(&self, at: Option<SourceSpan>) -> Place {
        Place {
            subgraph: self.name.clone(),
            position: at
                .and_then(|at| at.line_column(&self.sources))
                .map(|at| (at.line, at.column)),
        }
    }

    /// The type, if it is there and of this kind.
    pub(super) fn find(&self, name: &str, kind: Kind) -> Option<&TypeDef> {
        self.types.get(name).filter(|ty| ty.kind == kind)
    }

    /// The type of an object or interface field.
    pub(super) fn field(&self, ty: &str, field: &str) -> Option<&FieldDef> {
        self.types.get(ty)?.fields.get(field)
    }

    /// The object types a value of this type may have here.
    pub(super) fn possible_types<'a>(&'a self, name: &'a Name) -> Vec<&'a Name> {
        match self.types.get(name).map(|ty| ty.kind) {
            Some(Kind::Interface) => self
                .types
                .iter()
                .filter(|(_, ty)| ty.kind == Kind::Object && ty.interfaces.contains(name))
                .map(|(name, _)| name)
                .collect(),
            Some(Kind::Union) => self.types[name].members.iter().collect(),
            Some(_) => vec![name],
            None => Vec::new(),
        }
    }
}

impl Described {
    pub(super) fn get(&self, known: &str) -> Option<&Applied> {
        self.all(known).next()
    }

    pub(super) fn all<'s>(&'s self, known: &str) -> impl Iterator<Item = &'s Applied> {
        self.directives
            .iter()
            .filter(move |applied| applied.known == Some(known))
    }

    pub(super) fn has(&self, known: &str) -> bool {
        self.get(known).is_some()
    }

    pub(super) fn remove(&mut self, known: &str) {
        self.directives
            .retain(|applied| applied.known != Some(known));
    }
}

impl Applied {
    pub(super) fn argument(&self, name: &str) -> Option<&Value> {
        self.directive
            .specified_argument_by_name(name)
            .map(|value| &**value)
    }

    pub(super) fn text(&self, argument: &str) -> Option<&str> {
        self.argument(argument).and_then(Value::as_str)
    }

    pub(super) fn at(&self) -> Option<SourceSpan> {
        self.directive.location()
    }
}

impl TypeDef {
    pub(super) fn is_interface_object(&self) -> bool {
        self.kind == Kind::Object && self.described.has("interfaceObject")
    }

    /// What it is in the supergraph.
    pub(super) fn merged_kind(&self) -> Kind {
        match self.is_interface_object() {
            true => Kind::Interface,
            false => self.kind,
        }
    }

    /// Where federation may enter it.
    pub(super) fn is_entity(&self) -> bool {
        self.described.has("key")
    }
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Object => "object",
            Self::Interface => "interface",
            Self::Union => "union",
            Self::Enum => "enum",
            Self::Input => "input object",
        }
    }

    pub(super) fn is_composite(self) -> bool {
        matches!(self, Self::Object | Self::Interface | Self::Union)
    }
}

/// The root types' names in a supergraph.
pub(super) const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];
