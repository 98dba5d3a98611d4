//! What the manual says.

use apollo_compiler::Node;
use apollo_compiler::coordinate::SchemaCoordinate;

use crate::diff::ChangeKind;
use crate::diff::change::Changes;

pub(super) fn compare(
    old: Option<&Node<str>>,
    new: Option<&Node<str>>,
    coordinate: impl Into<SchemaCoordinate>,
    changes: &mut Changes,
) {
    let what = match (old, new) {
        (Some(before), Some(after)) if before == after => return,
        (Some(_), Some(_)) => "was rewritten",
        (Some(_), None) => "is gone",
        (None, Some(_)) => "is new",
        (None, None) => return,
    };
    let coordinate = coordinate.into();
    let explanation = format!("The description of `{coordinate}` {what}.");
    changes.add(ChangeKind::DescriptionChanged, coordinate, explanation);
}
