//! The definitions of an SDL in one form, whether they define or extend.

use apollo_compiler::ast::{
    Definition, DirectiveList, EnumValueDefinition, FieldDefinition, InputValueDefinition,
};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name, Node};

use super::Kind;

/// A type definition or extension.
pub(super) struct Part<'a> {
    pub(super) name: &'a Name,
    pub(super) kind: Kind,
    pub(super) is_extension: bool,
    pub(super) description: Option<&'a Node<str>>,
    pub(super) directives: &'a DirectiveList,
    pub(super) interfaces: &'a [Name],
    pub(super) fields: &'a [Node<FieldDefinition>],
    pub(super) inputs: &'a [Node<InputValueDefinition>],
    pub(super) members: &'a [Name],
    pub(super) values: &'a [Node<EnumValueDefinition>],
    pub(super) at: Option<SourceSpan>,
}

/// The type definition or extension in a definition, if it is one.
pub(super) fn part(definition: &Definition) -> Option<Part<'_>> {
    let name = definition.name()?;
    let empty = Part {
        name,
        kind: Kind::Scalar,
        is_extension: definition.is_extension_definition(),
        description: None,
        directives: definition.directives(),
        interfaces: &[],
        fields: &[],
        inputs: &[],
        members: &[],
        values: &[],
        at: name.location().or_else(|| definition.location()),
    };
    Some(match definition {
        Definition::ScalarTypeDefinition(it) => Part {
            description: it.description.as_ref(),
            ..empty
        },
        Definition::ScalarTypeExtension(_) => empty,
        Definition::ObjectTypeDefinition(it) => Part {
            kind: Kind::Object,
            description: it.description.as_ref(),
            interfaces: &it.implements_interfaces,
            fields: &it.fields,
            ..empty
        },
        Definition::ObjectTypeExtension(it) => Part {
            kind: Kind::Object,
            interfaces: &it.implements_interfaces,
            fields: &it.fields,
            ..empty
        },
        Definition::InterfaceTypeDefinition(it) => Part {
            kind: Kind::Interface,
            description: it.description.as_ref(),
            interfaces: &it.implements_interfaces,
            fields: &it.fields,
            ..empty
        },
        Definition::InterfaceTypeExtension(it) => Part {
            kind: Kind::Interface,
            interfaces: &it.implements_interfaces,
            fields: &it.fields,
            ..empty
        },
        Definition::UnionTypeDefinition(it) => Part {
            kind: Kind::Union,
            description: it.description.as_ref(),
            members: &it.members,
            ..empty
        },
        Definition::UnionTypeExtension(it) => Part {
            kind: Kind::Union,
            members: &it.members,
            ..empty
        },
        Definition::EnumTypeDefinition(it) => Part {
            kind: Kind::Enum,
            description: it.description.as_ref(),
            values: &it.values,
            ..empty
        },
        Definition::EnumTypeExtension(it) => Part {
            kind: Kind::Enum,
            values: &it.values,
            ..empty
        },
        Definition::InputObjectTypeDefinition(it) => Part {
            kind: Kind::Input,
            description: it.description.as_ref(),
            inputs: &it.fields,
            ..empty
        },
        Definition::InputObjectTypeExtension(it) => Part {
            kind: Kind::Input,
            inputs: &it.fields,
            ..empty
        },
        _ => return None,
    })
}
