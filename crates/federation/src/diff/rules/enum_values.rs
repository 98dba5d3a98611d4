//! Values of enums.

use apollo_compiler::Name;
use apollo_compiler::coordinate::TypeAttributeCoordinate;
use apollo_compiler::schema::EnumType;

use super::{deprecations, descriptions};
use crate::diff::ChangeKind;
use crate::diff::change::Changes;

pub(super) fn compare(old: &EnumType, new: &EnumType, changes: &mut Changes) {
    let coordinate_of = |value: &Name| TypeAttributeCoordinate {
        ty: old.name.clone(),
        attribute: value.clone(),
    };

    for (name, before) in &old.values {
        let coordinate = coordinate_of(name);
        let Some(after) = new.values.get(name) else {
            let ever = deprecations::so_far(&before.directives);
            let explanation = format!("Enum value `{coordinate}` is gone. {ever}");
            changes.add(ChangeKind::EnumValueRemoved, coordinate, explanation);
            continue;
        };
        deprecations::compare(
            &before.directives,
            &after.directives,
            coordinate.clone(),
            changes,
        );
        let descriptions = (before.description.as_ref(), after.description.as_ref());
        descriptions::compare(descriptions.0, descriptions.1, coordinate, changes);
    }

    for name in new.values.keys() {
        if !old.values.contains_key(name) {
            let coordinate = coordinate_of(name);
            let explanation = format!("Enum value `{coordinate}` is new.");
            changes.add(ChangeKind::EnumValueAdded, coordinate, explanation);
        }
    }
}
