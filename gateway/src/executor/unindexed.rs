//! Errors that do not say which entity they belong to.
//!
//! Some servers leave the index out of `["_entities", 3, "name"]`. What can be said of such an
//! error is that its field is null in the answer; errors come in the order of their entities.

use std::collections::{HashMap, HashSet};

use super::answer::SubgraphError;
use super::read::GroupAnswer;
use super::representations::Targets;
use super::store::{Store, Value};
use crate::json::quoted;
use crate::operation::program::GroupProgram;
use crate::response::PathElement;

/// Puts the missing indices into the paths of errors.
pub(super) fn add_indices(
    errors: &mut [SubgraphError],
    groups: &[GroupProgram],
    targets: &[Targets],
    answers: Option<&[GroupAnswer]>,
    store: &Store,
) {
    let mut placed: HashMap<(usize, String), usize> = HashMap::new();
    for error in errors {
        let Some(path) = &mut error.path else {
            continue;
        };
        let [PathElement::Key(key), PathElement::Key(field), ..] = path.as_slice() else {
            continue;
        };
        let Some(group) = groups.iter().position(|group| group.response_key == *key) else {
            continue;
        };
        let count = placed.entry((group, field.clone())).or_default();
        let index = match (targets.get(group).map(Targets::len), answers) {
            (Some(1), _) => Some(0),
            (_, Some(answers)) => null_at(&groups[group], answers.get(group), field, store, *count),
            _ => None,
        };
        if let Some(index) = index {
            *count += 1;
            path.insert(1, PathElement::Index(index));
        }
    }
}

/// The entity that is null or whose field is, after this many others.
fn null_at(
    group: &GroupProgram,
    answer: Option<&GroupAnswer>,
    field: &str,
    store: &Store,
    after: usize,
) -> Option<usize> {
    let Some(GroupAnswer::List(entities)) = answer else {
        return None;
    };
    let there: HashSet<usize> = entities
        .objects
        .iter()
        .filter(|(_, place, object)| {
            let read = group.places.get(*place).map(|place| &place.read);
            let member = read.and_then(|read| read.members.get(read.find(&quoted(field))?));
            member.is_some_and(|member| store.get(*object, member.slot) != Value::Null)
        })
        .map(|(index, ..)| *index)
        .collect();
    let mut nulls = (0..entities.count).filter(|index| !there.contains(index));
    nulls.nth(after)
}
