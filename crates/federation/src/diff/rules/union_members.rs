//! Members of unions.

use apollo_compiler::coordinate::TypeCoordinate;
use apollo_compiler::schema::UnionType;

use crate::diff::ChangeKind;
use crate::diff::change::Changes;

pub(super) fn compare(old: &UnionType, new: &UnionType, changes: &mut Changes) {
    let name = &old.name;
    let coordinate = TypeCoordinate { ty: name.clone() };
    for member in old
        .members
        .iter()
        .filter(|member| !new.members.contains(*member))
    {
        changes.add_between(
            ChangeKind::UnionMemberRemoved,
            coordinate.clone(),
            member,
            format!("`{member}` is no longer a member of union `{name}`."),
        );
    }
    for member in new
        .members
        .iter()
        .filter(|member| !old.members.contains(*member))
    {
        changes.add_between(
            ChangeKind::UnionMemberAdded,
            coordinate.clone(),
            member,
            format!("`{member}` is a member of union `{name}` now."),
        );
    }
}
