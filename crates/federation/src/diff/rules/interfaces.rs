//! Interfaces that a type implements.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexSet;
use apollo_compiler::coordinate::TypeCoordinate;
use apollo_compiler::schema::ComponentName;

use crate::diff::ChangeKind;
use crate::diff::change::Changes;

pub(super) fn compare(
    ty: &Name,
    old: &IndexSet<ComponentName>,
    new: &IndexSet<ComponentName>,
    changes: &mut Changes,
) {
    let coordinate = TypeCoordinate { ty: ty.clone() };
    for interface in old.difference(new) {
        changes.add_between(
            ChangeKind::InterfaceRemoved,
            coordinate.clone(),
            interface,
            format!("`{ty}` no longer implements interface `{interface}`."),
        );
    }
    for interface in new.difference(old) {
        changes.add_between(
            ChangeKind::InterfaceAdded,
            coordinate.clone(),
            interface,
            format!("`{ty}` implements interface `{interface}` now."),
        );
    }
}
