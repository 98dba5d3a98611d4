//! Fields of objects and interfaces.

use apollo_compiler::Name;
use apollo_compiler::ast::{FieldDefinition, Type};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::coordinate::TypeAttributeCoordinate;
use apollo_compiler::schema::Component;

use super::nullability::Shift;
use super::{deprecations, descriptions, input_values};
use crate::diff::ChangeKind;
use crate::diff::change::Changes;

type Fields = IndexMap<Name, Component<FieldDefinition>>;

pub(super) fn compare(ty: &Name, old: &Fields, new: &Fields, changes: &mut Changes) {
    let coordinate_of = |field: &Name| TypeAttributeCoordinate {
        ty: ty.clone(),
        attribute: field.clone(),
    };

    for (name, before) in old {
        let coordinate = coordinate_of(name);
        let Some(after) = new.get(name) else {
            let ever = deprecations::so_far(&before.directives);
            changes.add(
                ChangeKind::FieldRemoved,
                coordinate.clone(),
                format!("Field `{coordinate}: {}` is gone. {ever}", before.ty),
            );
            continue;
        };
        compare_type(&coordinate, &before.ty, &after.ty, changes);
        let argument = |name: &Name| coordinate.with_argument(name.clone());
        input_values::compare(
            &input_values::ARGUMENT,
            before.arguments.iter().map(|argument| &**argument),
            after.arguments.iter().map(|argument| &**argument),
            argument,
            changes,
        );
        deprecations::compare(
            &before.directives,
            &after.directives,
            coordinate.clone(),
            changes,
        );
        let descriptions = (before.description.as_ref(), after.description.as_ref());
        descriptions::compare(descriptions.0, descriptions.1, coordinate, changes);
    }

    for (name, after) in new {
        if !old.contains_key(name) {
            let coordinate = coordinate_of(name);
            changes.add(
                ChangeKind::FieldAdded,
                coordinate.clone(),
                format!("Field `{coordinate}: {}` is new.", after.ty),
            );
        }
    }
}

fn compare_type(
    coordinate: &TypeAttributeCoordinate,
    before: &Type,
    after: &Type,
    changes: &mut Changes,
) {
    let (kind, meaning) = match Shift::between(before, after) {
        Some(Shift::None) => return,
        Some(Shift::Stricter) => (
            ChangeKind::FieldBecameNonNull,
            "null no longer comes where it could",
        ),
        Some(Shift::Looser | Shift::Both) => (
            ChangeKind::FieldBecameNullable,
            "null may come where it never did",
        ),
        None => (ChangeKind::FieldTypeChanged, "another type"),
    };
    changes.add(
        kind,
        coordinate.clone(),
        format!("Field `{coordinate}` was `{before}` and is `{after}` now: {meaning}."),
    );
}
