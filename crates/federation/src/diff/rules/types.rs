//! Types that come, go, or become another kind of type.

use apollo_compiler::Schema;
use apollo_compiler::coordinate::TypeCoordinate;
use apollo_compiler::schema::ExtendedType;

use super::{descriptions, enum_values, fields, input_fields, interfaces, scalars, union_members};
use crate::diff::ChangeKind;
use crate::diff::change::Changes;

pub(super) fn compare(old: &Schema, new: &Schema, changes: &mut Changes) {
    for (name, before) in &old.types {
        if before.is_built_in() {
            continue;
        }
        let coordinate = TypeCoordinate { ty: name.clone() };
        let Some(after) = new.types.get(name) else {
            changes.add(
                ChangeKind::TypeRemoved,
                coordinate,
                format!("{} `{name}` is gone.", capitalized(kind(before))),
            );
            continue;
        };

        use ExtendedType as T;
        match (before, after) {
            (T::Scalar(before), T::Scalar(after)) => scalars::compare(before, after, changes),
            (T::Object(before), T::Object(after)) => {
                let (was, is) = (&before.implements_interfaces, &after.implements_interfaces);
                interfaces::compare(name, was, is, changes);
                fields::compare(name, &before.fields, &after.fields, changes);
            }
            (T::Interface(before), T::Interface(after)) => {
                let (was, is) = (&before.implements_interfaces, &after.implements_interfaces);
                interfaces::compare(name, was, is, changes);
                fields::compare(name, &before.fields, &after.fields, changes);
            }
            (T::Union(before), T::Union(after)) => union_members::compare(before, after, changes),
            (T::Enum(before), T::Enum(after)) => enum_values::compare(before, after, changes),
            (T::InputObject(before), T::InputObject(after)) => {
                input_fields::compare(before, after, changes);
            }
            _ => {
                let (was, is) = (kind(before), kind(after));
                changes.add(
                    ChangeKind::TypeKindChanged,
                    coordinate,
                    format!("`{name}` was {} and is {} now.", article(was), article(is)),
                );
                continue;
            }
        }
        descriptions::compare(
            before.description(),
            after.description(),
            coordinate,
            changes,
        );
    }

    for (name, after) in &new.types {
        if !after.is_built_in() && !old.types.contains_key(name) {
            changes.add(
                ChangeKind::TypeAdded,
                TypeCoordinate { ty: name.clone() },
                format!("{} `{name}` is new.", capitalized(kind(after))),
            );
        }
    }
}

fn kind(definition: &ExtendedType) -> &'static str {
    match definition {
        ExtendedType::Scalar(_) => "scalar",
        ExtendedType::Object(_) => "type",
        ExtendedType::Interface(_) => "interface",
        ExtendedType::Union(_) => "union",
        ExtendedType::Enum(_) => "enum",
        ExtendedType::InputObject(_) => "input type",
    }
}

fn article(kind: &str) -> String {
    match kind {
        "type" => "an object type".to_owned(),
        "interface" | "enum" | "input type" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}
