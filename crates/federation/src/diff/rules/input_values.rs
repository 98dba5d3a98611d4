//! What clients give: arguments of fields and directives, and fields of input types.

use std::collections::BTreeMap;

use apollo_compiler::Name;
use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::coordinate::SchemaCoordinate;

use super::nullability::Shift;
use super::{deprecations, descriptions};
use crate::diff::ChangeKind;
use crate::diff::change::Changes;

/// The kinds of changes of one place where values are given.
pub(super) struct Place {
    noun: &'static str,
    removed: ChangeKind,
    required_added: ChangeKind,
    optional_added: ChangeKind,
    type_changed: ChangeKind,
    became_required: ChangeKind,
    refuses_null: ChangeKind,
    accepts_null: ChangeKind,
    default_changed: ChangeKind,
}

/// An argument of a field or directive.
pub(super) const ARGUMENT: Place = Place {
    noun: "Argument",
    removed: ChangeKind::ArgumentRemoved,
    required_added: ChangeKind::RequiredArgumentAdded,
    optional_added: ChangeKind::OptionalArgumentAdded,
    type_changed: ChangeKind::ArgumentTypeChanged,
    became_required: ChangeKind::ArgumentBecameRequired,
    refuses_null: ChangeKind::ArgumentRefusesNull,
    accepts_null: ChangeKind::ArgumentAcceptsNull,
    default_changed: ChangeKind::ArgumentDefaultChanged,
};

/// A field of an input type.
pub(super) const INPUT_FIELD: Place = Place {
    noun: "Input field",
    removed: ChangeKind::InputFieldRemoved,
    required_added: ChangeKind::RequiredInputFieldAdded,
    optional_added: ChangeKind::OptionalInputFieldAdded,
    type_changed: ChangeKind::InputFieldTypeChanged,
    became_required: ChangeKind::InputFieldBecameRequired,
    refuses_null: ChangeKind::InputFieldRefusesNull,
    accepts_null: ChangeKind::InputFieldAcceptsNull,
    default_changed: ChangeKind::InputFieldDefaultChanged,
};

pub(super) fn compare<'a, C: Into<SchemaCoordinate>>(
    place: &Place,
    old: impl Iterator<Item = &'a InputValueDefinition>,
    new: impl Iterator<Item = &'a InputValueDefinition>,
    coordinate_of: impl Fn(&Name) -> C,
    changes: &mut Changes,
) {
    let old: BTreeMap<&Name, _> = old.map(|value| (&value.name, value)).collect();
    let new: BTreeMap<&Name, _> = new.map(|value| (&value.name, value)).collect();

    for (name, before) in &old {
        let coordinate: SchemaCoordinate = coordinate_of(name).into();
        match new.get(name) {
            Some(after) => compare_one(place, before, after, coordinate, changes),
            None => {
                let ever = deprecations::so_far(&before.directives);
                let explanation = format!("{} `{coordinate}` is gone. {ever}", place.noun);
                changes.add(place.removed, coordinate, explanation);
            }
        }
    }

    for (name, after) in &new {
        if old.contains_key(name) {
            continue;
        }
        let coordinate: SchemaCoordinate = coordinate_of(name).into();
        let (kind, meaning) = if after.is_required() {
            (place.required_added, "new, and has to be given")
        } else {
            (place.optional_added, "new, and may be left out")
        };
        let explanation = format!("{} `{coordinate}: {}` is {meaning}.", place.noun, after.ty);
        changes.add(kind, coordinate, explanation);
    }
}

fn compare_one(
    place: &Place,
    before: &InputValueDefinition,
    after: &InputValueDefinition,
    coordinate: SchemaCoordinate,
    changes: &mut Changes,
) {
    let noun = place.noun;
    let became_required = after.is_required() && !before.is_required();
    let difference = match Shift::between(&before.ty, &after.ty) {
        None => Some((place.type_changed, "another type")),
        Some(_) if became_required => Some((place.became_required, "it has to be given")),
        Some(Shift::Stricter | Shift::Both) => Some((
            place.refuses_null,
            "null is refused where it could be given",
        )),
        Some(Shift::Looser) => Some((place.accepts_null, "null may be given where it could not")),
        Some(Shift::None) => None,
    };
    if let Some((kind, meaning)) = difference {
        let explanation = format!(
            "{noun} `{coordinate}` was `{}` and is `{}` now: {meaning}.",
            with_default(before),
            with_default(after)
        );
        changes.add(kind, coordinate.clone(), explanation);
    }

    if before.default_value != after.default_value && !became_required {
        let explanation = format!(
            "{noun} `{coordinate}` was {} if left out and is {} now.",
            default(before),
            default(after)
        );
        changes.add(place.default_changed, coordinate.clone(), explanation);
    }
    deprecations::compare(
        &before.directives,
        &after.directives,
        coordinate.clone(),
        changes,
    );
    let descriptions = (before.description.as_ref(), after.description.as_ref());
    descriptions::compare(descriptions.0, descriptions.1, coordinate, changes);
}

fn default(value: &InputValueDefinition) -> String {
    match &value.default_value {
        Some(default) => format!("`{default}`"),
        None => "nothing".to_owned(),
    }
}

fn with_default(value: &InputValueDefinition) -> String {
    match &value.default_value {
        Some(default) => format!("{} = {default}", value.ty),
        None => value.ty.to_string(),
    }
}
