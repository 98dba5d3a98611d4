//! Custom scalars.

use apollo_compiler::coordinate::TypeCoordinate;
use apollo_compiler::schema::ScalarType;

use crate::diff::ChangeKind;
use crate::diff::change::Changes;

pub(super) fn compare(old: &ScalarType, new: &ScalarType, changes: &mut Changes) {
    let (before, after) = (specification(old), specification(new));
    if before != after {
        let name = &old.name;
        let shown = |url: Option<&str>| url.unwrap_or("nothing").to_owned();
        changes.add(
            ChangeKind::SpecifiedByChanged,
            TypeCoordinate { ty: name.clone() },
            format!(
                "Scalar `{name}` was specified by {} and is by {} now.",
                shown(before),
                shown(after)
            ),
        );
    }
}

fn specification(scalar: &ScalarType) -> Option<&str> {
    scalar
        .directives
        .get("specifiedBy")?
        .specified_argument_by_name("url")?
        .as_str()
}
