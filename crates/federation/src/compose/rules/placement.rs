//! Directives that have no meaning where they stand.

use crate::compose::codes::{
    AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE, COST_APPLIED_TO_INTERFACE_FIELD, INVALID_FIELD_SHARING,
    INVALID_SHAREABLE_USAGE, OVERRIDE_ON_INTERFACE, UNSUPPORTED_FEATURE,
};
use crate::compose::error::Findings;
use crate::compose::subgraph::{Described, Kind, Subgraph};

/// Who may read something is decided where it is resolved.
const ACCESS: &[&str] = &["authenticated", "requiresScopes", "policy"];

pub(super) fn check(subgraph: &Subgraph, findings: &mut Findings) {
    for (name, ty) in &subgraph.types {
        context(subgraph, &ty.described, name, findings);
        if ty.kind == Kind::Interface || ty.is_interface_object() {
            access(subgraph, &ty.described, name, findings);
        }
        for (field_name, field) in &ty.fields {
            let coordinate = format!("{name}.{field_name}");
            for argument in field.arguments.values() {
                context(subgraph, &argument.described, &coordinate, findings);
            }
            if let Some(shareable) = field.described.get("shareable")
                && name == "Subscription"
            {
                findings.error(
                    INVALID_FIELD_SHARING,
                    format!("`{coordinate}` is a subscription, which cannot be shared"),
                    vec![subgraph.place(shareable.at())],
                );
            }
            if ty.kind != Kind::Interface {
                continue;
            }
            access(subgraph, &field.described, &coordinate, findings);
            for (directive, code) in [
                ("shareable", INVALID_SHAREABLE_USAGE),
                ("override", OVERRIDE_ON_INTERFACE),
                ("cost", COST_APPLIED_TO_INTERFACE_FIELD),
            ] {
                if let Some(applied) = field.described.get(directive) {
                    findings.error(
                        code,
                        format!("`@{directive}` on `{coordinate}`, a field of an interface"),
                        vec![subgraph.place(applied.at())],
                    );
                }
            }
        }
    }
}

fn access(subgraph: &Subgraph, described: &Described, name: &str, findings: &mut Findings) {
    // On interfaces these were accepted, and without effect, for a long time.
    for directive in ACCESS {
        if let Some(applied) = described.get(directive) {
            findings.error(
                AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE,
                format!("`@{directive}` on `{name}`, which is or belongs to an interface"),
                vec![subgraph.place(applied.at())],
            );
        }
    }
}

fn context(subgraph: &Subgraph, described: &Described, name: &str, findings: &mut Findings) {
    for directive in ["context", "fromContext"] {
        if let Some(applied) = described.get(directive) {
            findings.error(
                UNSUPPORTED_FEATURE,
                format!("`@{directive}` on `{name}` is not supported"),
                vec![subgraph.place(applied.at())],
            );
        }
    }
}
