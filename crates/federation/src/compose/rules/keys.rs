//! `@key`: an entity's identity can be told by plain fields that the subgraph has.

use apollo_compiler::Name;
use apollo_compiler::ast::{Selection, Value};

use super::field_sets::{Purpose, is_sound, report, uses};
use crate::compose::codes::{
    INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE, INTERFACE_KEY_NOT_ON_IMPLEMENTATION,
    KEY_FIELDS_SELECT_INVALID_TYPE, KEY_UNSUPPORTED_ON_INTERFACE,
};
use crate::compose::error::Findings;
use crate::compose::subgraph::{Applied, Kind, Subgraph, TypeDef};

use super::field_sets::without_braces;

/// The minor version of federation 2 in which interfaces may have keys.
const INTERFACE_KEYS: u32 = 3;

pub(super) fn check(subgraph: &Subgraph, findings: &mut Findings) {
    for found in uses(subgraph) {
        if found.purpose != Purpose::Key {
            continue;
        }
        let on_interface = subgraph.find(&found.base, Kind::Interface).is_some();
        if on_interface
            && subgraph
                .links
                .federation
                .is_some_and(|minor| minor < INTERFACE_KEYS)
        {
            let message = "interfaces have keys from federation v2.3 on";
            report(
                subgraph,
                &found,
                KEY_UNSUPPORTED_ON_INTERFACE,
                message,
                findings,
            );
            continue;
        }
        if is_sound(subgraph, &found, findings)
            && let Some(selections) = &found.selections
            && let Some(message) = unusable(subgraph, &found.base, selections)
        {
            report(
                subgraph,
                &found,
                KEY_FIELDS_SELECT_INVALID_TYPE,
                &message,
                findings,
            );
        }
    }
    for (name, ty) in &subgraph.types {
        if ty.kind == Kind::Interface {
            implementations(subgraph, name, ty, findings);
        }
    }
}

/// A field of a type that does not identify anything.
fn unusable(subgraph: &Subgraph, base: &Name, selections: &[Selection]) -> Option<String> {
    selections.iter().find_map(|selection| match selection {
        Selection::Field(field) => {
            let definition = subgraph.field(base, &field.name)?;
            let target = definition.ty.inner_named_type();
            let kind = subgraph.types.get(target).map(|ty| ty.kind);
            let what = match kind {
                Some(Kind::Interface) => "an interface",
                Some(Kind::Union) => "a union",
                _ => return unusable(subgraph, target, &field.selection_set),
            };
            Some(format!("`{base}.{}` is {what}", field.name))
        }
        Selection::InlineFragment(fragment) => {
            let base = fragment.type_condition.as_ref().unwrap_or(base);
            unusable(subgraph, base, &fragment.selection_set)
        }
        Selection::FragmentSpread(_) => None,
    })
}

/// An interface's keys are keys of all its types.
fn implementations(subgraph: &Subgraph, name: &Name, ty: &TypeDef, findings: &mut Findings) {
    for key in ty.described.all("key") {
        let Some(fields) = key.text("fields").map(words) else {
            continue;
        };
        for implementation in subgraph.possible_types(name) {
            let has_key = subgraph.types[implementation]
                .described
                .all("key")
                .any(|other| {
                    other.text("fields").map(words).as_ref() == Some(&fields)
                        && (is_resolvable(other) || !is_resolvable(key))
                });
            if !has_key {
                findings.error(
                    INTERFACE_KEY_NOT_ON_IMPLEMENTATION,
                    format!(
                        "the interface `{name}` has the key `{}`, but `{implementation}`, which \
                         implements it, cannot be looked up by it",
                        fields.join(" ")
                    ),
                    vec![
                        subgraph.place(key.at()),
                        subgraph.place(subgraph.types[implementation].described.at),
                    ],
                );
            }
        }
    }
}

/// Whoever can look up an interface by its key must know all its types.
pub(in crate::compose) fn check_interfaces(subgraphs: &[Subgraph], findings: &mut Findings) {
    for subgraph in subgraphs {
        for (name, ty) in &subgraph.types {
            if ty.kind != Kind::Interface {
                continue;
            }
            let Some(key) = ty.described.all("key").find(|key| is_resolvable(key)) else {
                continue;
            };
            for other in subgraphs {
                for implementation in other.possible_types(name) {
                    let is_interface = other.find(name, Kind::Interface).is_some();
                    let here = subgraph.types.get(implementation);
                    let is_known = here.is_some_and(|here| here.interfaces.contains(name));
                    if is_interface && !is_known {
                        findings.error(
                            INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE,
                            format!(
                                "`{}` can look up the interface `{name}` by its key, but does not \
                                 know `{implementation}`, which implements it in `{}`",
                                subgraph.name, other.name
                            ),
                            vec![
                                subgraph.place(key.at()),
                                other.place(other.types[implementation].described.at),
                            ],
                        );
                    }
                }
            }
        }
    }
}

fn is_resolvable(key: &Applied) -> bool {
    key.argument("resolvable").and_then(Value::to_bool) != Some(false)
}

/// A field set's tokens, so that spaces and commas make no difference.
fn words(text: &str) -> Vec<String> {
    let mut spaced = String::new();
    for character in without_braces(text).chars() {
        match character {
            '{' | '}' => {
                spaced.push(' ');
                spaced.push(character);
                spaced.push(' ');
            }
            ',' => spaced.push(' '),
            other => spaced.push(other),
        }
    }
    spaced.split_whitespace().map(str::to_owned).collect()
}
