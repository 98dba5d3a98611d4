//! `@override`: with a label that can be understood, and no directive that contradicts it.

use crate::compose::codes::{OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE, OVERRIDE_LABEL_INVALID};
use crate::compose::error::Findings;
use crate::compose::subgraph::{Kind, Subgraph};

pub(super) fn check(subgraph: &Subgraph, findings: &mut Findings) {
    for (name, ty) in &subgraph.types {
        for (field_name, field) in &ty.fields {
            let Some(applied) = field.described.get("override") else {
                continue;
            };
            if ty.kind == Kind::Interface {
                continue;
            }
            let coordinate = format!("{name}.{field_name}");
            let place = subgraph.place(applied.at());
            if let Some(label) = applied.text("label")
                && !is_label(label)
            {
                findings.error(
                    OVERRIDE_LABEL_INVALID,
                    format!("`{label}` cannot be the label of an `@override` of `{coordinate}`"),
                    vec![place.clone()],
                );
            }
            if field.described.has("external") {
                findings.error(
                    OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
                    format!("`{coordinate}` is both `@override` and `@external`"),
                    vec![place],
                );
            }
        }
    }
}

/// A name, or `percent(…)` from 0 to 100 with up to eight decimals.
fn is_label(label: &str) -> bool {
    if let Some(rest) = label.strip_prefix("percent(") {
        let Some(number) = rest.strip_suffix(')') else {
            return false;
        };
        let decimals = number
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        let is_plain = number
            .chars()
            .all(|character| character.is_ascii_digit() || character == '.');
        return is_plain
            && decimals <= 8
            && number
                .parse::<f64>()
                .is_ok_and(|percent| (0.0..=100.0).contains(&percent));
    }
    label.starts_with(|first: char| first.is_ascii_alphabetic())
        && label.chars().all(|character| {
            character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | ':' | '.' | '/')
        })
}

#[cfg(test)]
mod tests {
    use super::is_label;

    #[test]
    fn labels_are_names_or_percentages() {
        for label in [
            "a",
            "new-prices:v1",
            "percent(0)",
            "percent(12.5)",
            "percent(100)",
        ] {
            assert!(is_label(label), "{label}");
        }
        for label in [
            "",
            "1a",
            "a b",
            "percent(101)",
            "percent(-1)",
            "percent()",
            "percent(1",
        ] {
            assert!(!is_label(label), "{label}");
        }
    }
}
