//! `@skip` and `@include`: conditions on variables, never a plan per value.

use std::rc::Rc;

use apollo_compiler::executable::DirectiveList;

use super::Condition;

/// The conditions that depend on variables; `None` if the selection never applies.
pub(super) fn conditions_of(directives: &DirectiveList) -> Option<Vec<Condition>> {
    let mut conditions = Vec::new();
    for (directive, expected) in [("skip", false), ("include", true)] {
        let Some(value) = directives
            .get(directive)
            .and_then(|found| found.specified_argument_by_name("if"))
        else {
            continue;
        };
        if let Some(variable) = value.as_variable() {
            conditions.push(Condition {
                variable: variable.to_string(),
                expected,
            });
        } else if value.to_bool() != Some(expected) {
            return None;
        }
    }
    Some(conditions)
}

/// What all of these have in common.
pub(super) fn common<'a>(mut lists: impl Iterator<Item = &'a [Condition]>) -> Vec<Condition> {
    let mut common = lists.next().map(<[_]>::to_vec).unwrap_or_default();
    for list in lists {
        common.retain(|condition| list.contains(condition));
    }
    common
}

/// Both lists as one.
pub(super) fn both(left: &Rc<[Condition]>, right: &[Condition]) -> Rc<[Condition]> {
    if right.is_empty() {
        return left.clone();
    }
    let mut all = left.to_vec();
    all.extend_from_slice(right);
    all.sort();
    all.dedup();
    all.into()
}

/// A field may have one `@skip` and one `@include`; these do not fit beside the others, and take
/// a fragment each.
pub(super) fn beyond_one_each(conditions: &[Condition]) -> (Vec<&Condition>, Vec<&Condition>) {
    let (mut on_field, mut around): (Vec<&Condition>, Vec<&Condition>) = Default::default();
    for condition in conditions {
        let is_second = on_field
            .iter()
            .any(|other| other.expected == condition.expected);
        if is_second {
            around.push(condition);
        } else {
            on_field.push(condition);
        }
    }
    (on_field, around)
}

/// A directive as it is printed.
pub(super) fn print(condition: &Condition, out: &mut String) {
    let directive = if condition.expected {
        "include"
    } else {
        "skip"
    };
    out.push_str(" @");
    out.push_str(directive);
    out.push_str("(if: $");
    out.push_str(&condition.variable);
    out.push(')');
}
