//! Which uses a change touches.

use std::collections::BTreeSet;

use apollo_compiler::coordinate::SchemaCoordinate as At;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};

use super::Effect;
use super::fact::{Fact, Facts, Source};
use crate::diff::{Change, ChangeKind};

/// How an operation that uses these things is touched by the change; the strongest way counts.
pub(super) fn effect(change: &Change, facts: &Facts, old: &Schema, new: &Schema) -> Option<Effect> {
    facts
        .iter()
        .filter_map(|fact| match &change.coordinate {
            At::Type(at) => of_type(change, &at.ty, fact, old, new),
            At::TypeAttribute(at) => of_attribute(change.kind, &at.ty, &at.attribute, fact),
            At::FieldArgument(at) => {
                of_argument(change.kind, (&at.ty, &at.field), &at.argument, fact)
            }
            At::Directive(at) => of_directive(change, &at.directive, fact, new),
            At::DirectiveArgument(at) => {
                of_directive_argument(change.kind, &at.directive, &at.argument, fact)
            }
        })
        .min()
}

fn of_type(change: &Change, at: &Name, fact: &Fact, old: &Schema, new: &Schema) -> Option<Effect> {
    use ChangeKind as K;
    let related = change.related.as_ref();
    match (change.kind, fact) {
        (K::TypeRemoved | K::TypeKindChanged, Fact::Type(ty)) if ty == at => Some(Effect::Text),
        (
            K::TypeKindChanged | K::SpecifiedByChanged | K::UnionMemberAdded,
            Fact::Field { returns, .. },
        ) if returns == at => Some(Effect::Answer),
        (K::InterfaceAdded, Fact::Field { returns, .. }) if Some(returns) == related => {
            Some(Effect::Answer)
        }
        (K::RootTypeChanged, Fact::Root(root)) if root == at => Some(Effect::Text),
        (K::OneOfAdded, Fact::InputObject { ty, source }) if ty == at => Some(effect_of(*source)),
        (K::UnionMemberRemoved, Fact::Spread(scope, condition)) => {
            is_cut((at, related?), (scope, condition), old, new).then_some(Effect::Text)
        }
        (K::InterfaceRemoved, Fact::Spread(scope, condition)) => {
            is_cut((related?, at), (scope, condition), old, new).then_some(Effect::Text)
        }
        _ => None,
    }
}

/// Whether a fragment can no longer apply because a type left an abstract one.
fn is_cut(
    (abstract_type, left): (&Name, &Name),
    (scope, condition): (&Name, &Name),
    old: &Schema,
    new: &Schema,
) -> bool {
    let overlap = |schema: &Schema| -> BTreeSet<Name> {
        let (one, other) = (objects(schema, scope), objects(schema, condition));
        one.intersection(&other).cloned().collect()
    };
    let both_exist = [scope, condition]
        .into_iter()
        .all(|name| new.types.contains_key(name));
    (scope == abstract_type || condition == abstract_type)
        && !overlap(old).is_disjoint(&objects(old, left))
        && both_exist
        && overlap(new).is_empty()
}

/// The object types that a type stands for.
fn objects(schema: &Schema, name: &Name) -> BTreeSet<Name> {
    match schema.types.get(name) {
        Some(ExtendedType::Object(_)) => BTreeSet::from([name.clone()]),
        Some(ExtendedType::Union(union_)) => union_
            .members
            .iter()
            .map(|member| member.name.clone())
            .collect(),
        Some(ExtendedType::Interface(_)) => schema
            .types
            .values()
            .filter_map(ExtendedType::as_object)
            .filter(|object| object.implements_interfaces.contains(name))
            .map(|object| object.name.clone())
            .collect(),
        _ => BTreeSet::new(),
    }
}

fn of_attribute(kind: ChangeKind, at: &Name, name: &Name, fact: &Fact) -> Option<Effect> {
    use ChangeKind as K;
    match (kind, fact) {
        (K::FieldRemoved, Fact::Field { ty, field, .. }) if (ty, field) == (at, name) => {
            Some(Effect::Text)
        }
        (K::FieldTypeChanged | K::FieldBecameNullable, Fact::Field { ty, field, .. })
            if (ty, field) == (at, name) =>
        {
            Some(Effect::Answer)
        }
        (K::EnumValueRemoved, Fact::EnumValue { ty, value, source })
            if (ty, value) == (at, name) =>
        {
            Some(effect_of(*source))
        }
        (K::EnumValueAdded, Fact::Field { returns, .. }) if returns == at => Some(Effect::Answer),
        // Where null is refused now it may stand deeper, in a list.
        (
            K::InputFieldRemoved | K::InputFieldTypeChanged | K::InputFieldRefusesNull,
            Fact::InputField {
                ty, field, source, ..
            },
        ) if (ty, field) == (at, name) => Some(effect_of(*source)),
        (
            K::InputFieldBecameRequired,
            Fact::InputField {
                ty,
                field,
                nullable: true,
                source,
            },
        ) if (ty, field) == (at, name) => Some(effect_of(*source)),
        (
            K::InputFieldBecameRequired | K::InputFieldDefaultChanged,
            Fact::NoInputField { ty, field },
        ) if (ty, field) == (at, name) => Some(Effect::Text),
        (
            K::InputFieldDefaultChanged,
            Fact::InputField {
                ty,
                field,
                source: Source::Variables,
                ..
            },
        ) if (ty, field) == (at, name) => Some(Effect::Variables),
        (K::RequiredInputFieldAdded, Fact::InputObject { ty, source }) if ty == at => {
            Some(effect_of(*source))
        }
        _ => None,
    }
}

fn of_argument(kind: ChangeKind, at: (&Name, &Name), name: &Name, fact: &Fact) -> Option<Effect> {
    use ChangeKind as K;
    let (given, nullable) = match fact {
        Fact::Argument {
            ty,
            field,
            argument,
            nullable,
        } if (ty, field, argument) == (at.0, at.1, name) => (true, *nullable),
        Fact::NoArgument {
            ty,
            field,
            argument,
        } if (ty, field, argument) == (at.0, at.1, name) => (false, false),
        Fact::Field { ty, field, .. } if (ty, field) == at => {
            return (kind == K::RequiredArgumentAdded).then_some(Effect::Text);
        }
        _ => return None,
    };
    of_given_or_not(kind, given, nullable)
}

fn of_directive(change: &Change, at: &Name, fact: &Fact, new: &Schema) -> Option<Effect> {
    use ChangeKind as K;
    let Fact::Directive {
        directive,
        location,
        repeated,
    } = fact
    else {
        return None;
    };
    let is_touched = directive == at
        && match change.kind {
            K::DirectiveRemoved => true,
            K::DirectiveLocationRemoved => {
                !new.directive_definitions.get(at).is_some_and(|after| {
                    let mut locations = after.locations.iter();
                    locations.any(|allowed| allowed.to_string() == *location)
                })
            }
            K::DirectiveNoLongerRepeatable => *repeated,
            _ => false,
        };
    is_touched.then_some(Effect::Text)
}

fn of_directive_argument(kind: ChangeKind, at: &Name, name: &Name, fact: &Fact) -> Option<Effect> {
    let (given, nullable) = match fact {
        Fact::DirectiveArgument {
            directive,
            argument,
            nullable,
        } if (directive, argument) == (at, name) => (true, *nullable),
        Fact::NoDirectiveArgument {
            directive,
            argument,
        } if (directive, argument) == (at, name) => (false, false),
        Fact::Directive { directive, .. } if directive == at => {
            return (kind == ChangeKind::RequiredArgumentAdded).then_some(Effect::Text);
        }
        _ => return None,
    };
    of_given_or_not(kind, given, nullable)
}

fn of_given_or_not(kind: ChangeKind, given: bool, nullable: bool) -> Option<Effect> {
    use ChangeKind as K;
    match kind {
        K::ArgumentRemoved | K::ArgumentTypeChanged if given => Some(Effect::Text),
        K::ArgumentBecameRequired if !given || nullable => Some(Effect::Text),
        // Null may stand deeper, in a list.
        K::ArgumentRefusesNull if given => Some(Effect::Text),
        K::ArgumentDefaultChanged if !given => Some(Effect::Answer),
        _ => None,
    }
}

fn effect_of(source: Source) -> Effect {
    match source {
        Source::Text => Effect::Text,
        Source::Variables => Effect::Variables,
    }
}
