//! The types operations begin at.

use apollo_compiler::Schema;
use apollo_compiler::ast::OperationType;
use apollo_compiler::coordinate::TypeCoordinate;

use crate::diff::ChangeKind;
use crate::diff::change::Changes;

pub(super) fn compare(old: &Schema, new: &Schema, changes: &mut Changes) {
    for kind in [
        OperationType::Query,
        OperationType::Mutation,
        OperationType::Subscription,
    ] {
        let (before, after) = (old.root_operation(kind), new.root_operation(kind));
        match (before, after) {
            (Some(before), Some(after)) if before == after => {}
            (Some(before), after) => {
                let now = after.map_or("there is none".to_owned(), |after| {
                    format!("it is `{after}` now")
                });
                changes.add(
                    ChangeKind::RootTypeChanged,
                    TypeCoordinate { ty: before.clone() },
                    format!("`{before}` was the {kind} type; {now}."),
                );
            }
            (None, Some(after)) => changes.add(
                ChangeKind::RootTypeAdded,
                TypeCoordinate { ty: after.clone() },
                format!("`{after}` is the {kind} type now; there was none."),
            ),
            (None, None) => {}
        }
    }
}
