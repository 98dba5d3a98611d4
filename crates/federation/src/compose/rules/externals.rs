//! `@external`: marked for a reason, and on nothing the subgraph resolves itself.

use std::collections::BTreeSet;

use apollo_compiler::Name;

use super::field_sets::used_fields;
use crate::compose::codes::{
    EXTERNAL_ON_INTERFACE, EXTERNAL_UNUSED, MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL,
};
use crate::compose::error::Findings;
use crate::compose::subgraph::{Kind, Subgraph, TypeDef};

/// Directives that are merged, and belong where the field is resolved.
const MERGED: &[&str] = &[
    "tag",
    "inaccessible",
    "authenticated",
    "requiresScopes",
    "policy",
];

pub(super) fn check(subgraph: &Subgraph, findings: &mut Findings) {
    let used = used_fields(subgraph, |_| true);
    for (name, ty) in &subgraph.types {
        for (field_name, field) in &ty.fields {
            let Some(external) = field.described.get("external") else {
                continue;
            };
            let place = subgraph.place(external.at());
            let coordinate = format!("{name}.{field_name}");
            if ty.kind == Kind::Interface {
                findings.error(
                    EXTERNAL_ON_INTERFACE,
                    format!("`{coordinate}` is a field of an interface and cannot be external"),
                    vec![place],
                );
                continue;
            }
            if !is_used(subgraph, &used, name, ty, field_name) {
                findings.error(
                    EXTERNAL_UNUSED,
                    format!(
                        "`{coordinate}` is marked `@external`, but no `@key`, `@requires`, \
                         `@provides` or interface uses it"
                    ),
                    vec![place.clone()],
                );
            }
            for other in MERGED {
                if field.described.has(other) {
                    findings.error(
                        MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL,
                        format!("`@{other}` has no effect on `{coordinate}`, which is `@external`"),
                        vec![place.clone()],
                    );
                }
            }
        }
    }
}

/// Some field set or interface asks for the field.
pub(in crate::compose) fn is_used(
    subgraph: &Subgraph,
    used: &BTreeSet<(Name, Name)>,
    name: &Name,
    ty: &TypeDef,
    field: &Name,
) -> bool {
    used.contains(&(name.clone(), field.clone()))
        || ty.interfaces.iter().any(|interface| {
            subgraph
                .find(interface, Kind::Interface)
                .is_some_and(|interface| interface.fields.contains_key(field))
        })
}
