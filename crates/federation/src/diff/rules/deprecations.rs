//! What is announced to go.

use apollo_compiler::ast::DirectiveList;
use apollo_compiler::coordinate::SchemaCoordinate;

use crate::diff::change::Changes;
use crate::diff::deprecation::reason;
use crate::diff::{ChangeKind, Deprecation};

pub(super) fn compare<C: Into<SchemaCoordinate>>(
    old: &DirectiveList,
    new: &DirectiveList,
    coordinate: C,
    changes: &mut Changes,
) {
    let (before, after) = (reason(old), reason(new));
    if before == after {
        return;
    }
    let coordinate = coordinate.into();
    let (kind, explanation) = match (before, after) {
        (_, None) => (
            ChangeKind::DeprecationRemoved,
            format!("`{coordinate}` is no longer deprecated."),
        ),
        (None, Some(after)) => (
            ChangeKind::DeprecationAdded,
            format!("`{coordinate}` is deprecated: {after}"),
        ),
        (Some(before), Some(after)) => (
            ChangeKind::DeprecationChanged,
            format!("`{coordinate}` is deprecated for another reason: {after} (was: {before})"),
        ),
    };
    changes.add(kind, coordinate, explanation);
}

/// Whether what is gone now was announced to go.
pub(super) fn so_far(directives: &DirectiveList) -> String {
    match reason(directives) {
        None => "It was not deprecated.".to_owned(),
        Some(reason) => match Deprecation::read(&reason) {
            Some(deprecation) => {
                format!(
                    "It was deprecated, to be removed from {} on.",
                    deprecation.removal
                )
            }
            None => "It was deprecated, without a date.".to_owned(),
        },
    }
}
