//! Input types: their fields, and whether exactly one is to be given.

use apollo_compiler::Name;
use apollo_compiler::coordinate::{TypeAttributeCoordinate, TypeCoordinate};
use apollo_compiler::schema::InputObjectType;

use super::input_values;
use crate::diff::ChangeKind;
use crate::diff::change::Changes;

pub(super) fn compare(old: &InputObjectType, new: &InputObjectType, changes: &mut Changes) {
    let ty = &old.name;
    let kind = match (old.directives.has("oneOf"), new.directives.has("oneOf")) {
        (false, true) => Some((ChangeKind::OneOfAdded, "exactly one field has to be given")),
        (true, false) => Some((
            ChangeKind::OneOfRemoved,
            "more than one field may be given, or none",
        )),
        _ => None,
    };
    if let Some((kind, meaning)) = kind {
        let coordinate = TypeCoordinate { ty: ty.clone() };
        changes.add(kind, coordinate, format!("Input type `{ty}`: {meaning}."));
    }

    let coordinate_of = |field: &Name| TypeAttributeCoordinate {
        ty: ty.clone(),
        attribute: field.clone(),
    };
    input_values::compare(
        &input_values::INPUT_FIELD,
        old.fields.values().map(|field| &***field),
        new.fields.values().map(|field| &***field),
        coordinate_of,
        changes,
    );
}
