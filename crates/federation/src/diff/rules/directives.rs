//! Directives that operations may use. Those of schemas only are no business of clients.

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation};
use apollo_compiler::coordinate::{DirectiveArgumentCoordinate, DirectiveCoordinate};
use apollo_compiler::{Name, Schema};

use super::{descriptions, input_values};
use crate::diff::ChangeKind;
use crate::diff::change::Changes;

pub(super) fn compare(old: &Schema, new: &Schema, changes: &mut Changes) {
    for (name, before) in &old.directive_definitions {
        if !is_executable(before) {
            continue;
        }
        let after = new.directive_definitions.get(name);
        match after.filter(|after| is_executable(after)) {
            Some(after) => compare_one(before, after, changes),
            None => changes.add(
                ChangeKind::DirectiveRemoved,
                coordinate(name),
                format!("Directive `@{name}` is gone."),
            ),
        }
    }
    for (name, after) in &new.directive_definitions {
        let before = old.directive_definitions.get(name);
        if is_executable(after) && !before.is_some_and(|before| is_executable(before)) {
            changes.add(
                ChangeKind::DirectiveAdded,
                coordinate(name),
                format!("Directive `@{name}` is new."),
            );
        }
    }
}

fn compare_one(before: &DirectiveDefinition, after: &DirectiveDefinition, changes: &mut Changes) {
    let name = &before.name;
    for location in executable(before).filter(|location| !after.locations.contains(location)) {
        changes.add(
            ChangeKind::DirectiveLocationRemoved,
            coordinate(name),
            format!("Directive `@{name}` is no longer allowed on {location}."),
        );
    }
    for location in executable(after).filter(|location| !before.locations.contains(location)) {
        changes.add(
            ChangeKind::DirectiveLocationAdded,
            coordinate(name),
            format!("Directive `@{name}` is allowed on {location} now."),
        );
    }
    match (before.repeatable, after.repeatable) {
        (true, false) => changes.add(
            ChangeKind::DirectiveNoLongerRepeatable,
            coordinate(name),
            format!("Directive `@{name}` is allowed only once in a place."),
        ),
        (false, true) => changes.add(
            ChangeKind::DirectiveBecameRepeatable,
            coordinate(name),
            format!("Directive `@{name}` is allowed more than once in a place."),
        ),
        _ => {}
    }
    input_values::compare(
        &input_values::ARGUMENT,
        before.arguments.iter().map(|argument| &**argument),
        after.arguments.iter().map(|argument| &**argument),
        |argument: &Name| DirectiveArgumentCoordinate {
            directive: name.clone(),
            argument: argument.clone(),
        },
        changes,
    );
    let descriptions = (before.description.as_ref(), after.description.as_ref());
    descriptions::compare(descriptions.0, descriptions.1, coordinate(name), changes);
}

fn coordinate(name: &Name) -> DirectiveCoordinate {
    DirectiveCoordinate {
        directive: name.clone(),
    }
}

fn is_executable(directive: &DirectiveDefinition) -> bool {
    executable(directive).next().is_some()
}

fn executable(directive: &DirectiveDefinition) -> impl Iterator<Item = DirectiveLocation> {
    use DirectiveLocation as At;
    directive.locations.iter().copied().filter(|location| {
        matches!(
            location,
            At::Query
                | At::Mutation
                | At::Subscription
                | At::Field
                | At::FragmentDefinition
                | At::FragmentSpread
                | At::InlineFragment
                | At::VariableDefinition
        )
    })
}
