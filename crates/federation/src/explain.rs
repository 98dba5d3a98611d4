//! A plan as text, for people and snapshots.

use std::fmt::Write as _;

use crate::{
    EntityGroup, FetchKind, PathSegment, Plan, Requirement, Rewrite, RewriteSegment, Supergraph,
};

/// Renders a plan, one block per fetch.
pub fn explain(supergraph: &Supergraph, plan: &Plan) -> String {
    let mut out = format!("{} {{\n", plan.operation_kind.as_str());
    for fetch in &plan.fetches {
        let subgraph = supergraph
            .subgraph(fetch.subgraph)
            .map_or("?", |info| info.name.as_str());
        push(
            &mut out,
            1,
            &format!("fetch {} from {subgraph}", fetch.id.0),
        );
        if !fetch.depends_on.is_empty() {
            let ids: Vec<String> = fetch.depends_on.iter().map(|id| id.0.to_string()).collect();
            push(&mut out, 2, &format!("after {}", ids.join(", ")));
        }
        if !fetch.purposes.is_empty() {
            push(&mut out, 2, &format!("for {}", fetch.purposes.join(", ")));
        }
        for condition in &fetch.conditions {
            push(
                &mut out,
                2,
                &format!("if ${} is {}", condition.variable, condition.expected),
            );
        }
        match &fetch.kind {
            FetchKind::Root {
                path,
                output_rewrites,
                ..
            } => {
                if !path.is_empty() {
                    push(&mut out, 2, &format!("at {}", path_text(path)));
                }
                rewrites(&mut out, "out", output_rewrites);
            }
            FetchKind::Entities { groups } => {
                for group in groups {
                    entity_group(&mut out, group);
                }
            }
        }
        if !fetch.variables.is_empty() {
            push(
                &mut out,
                2,
                &format!("variables {}", fetch.variables.join(", ")),
            );
        }
        push(&mut out, 2, &format!("send {}", one_line(&fetch.operation)));
    }
    out.push_str("}\n");
    out
}

/// Fragments of a subgraph operation are on lines of their own.
fn one_line(operation: &str) -> String {
    operation
        .lines()
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn entity_group(out: &mut String, group: &EntityGroup) {
    let paths: Vec<String> = group.paths.iter().map(|path| path_text(path)).collect();
    push(
        out,
        2,
        &format!("{} at {}", group.response_key, paths.join(", ")),
    );
    for condition in &group.conditions {
        push(
            out,
            3,
            &format!("if ${} is {}", condition.variable, condition.expected),
        );
    }
    push(
        out,
        2,
        &format!(
            "${} = {}",
            group.representations,
            requires_text(&group.requires)
        ),
    );
    rewrites(out, "in", &group.input_rewrites);
    rewrites(out, "out", &group.output_rewrites);
}

fn rewrites(out: &mut String, direction: &str, rewrites: &[Rewrite]) {
    for rewrite in rewrites {
        let (path, change) = match rewrite {
            Rewrite::SetValue { path, value } => (path, format!("= {value:?}")),
            Rewrite::RenameKey { path, to } => (path, format!("→ {to}")),
        };
        let path: Vec<String> = path
            .iter()
            .map(|segment| match segment {
                RewriteSegment::Key(key) => key.clone(),
                RewriteSegment::TypenameIs(types) => format!("[{}]", types.join("|")),
            })
            .collect();
        push(
            out,
            2,
            &format!("rewrite {direction} {} {change}", path.join(".")),
        );
    }
}

fn path_text(path: &[PathSegment]) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            PathSegment::Field(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            PathSegment::List => text.push_str("[]"),
            PathSegment::TypeCondition(types) => {
                let _ = write!(text, "<{}>", types.join("|"));
            }
        }
    }
    text
}

fn requires_text(requires: &[Requirement]) -> String {
    let parts: Vec<String> = requires
        .iter()
        .map(|requirement| match requirement {
            Requirement::Field { from, to, requires } => {
                let mut text = if from == to {
                    from.clone()
                } else {
                    format!("{to}: {from}")
                };
                if !requires.is_empty() {
                    let _ = write!(text, " {}", requires_text(requires));
                }
                text
            }
            Requirement::Fragment {
                type_condition,
                requires,
            } => {
                format!("... on {type_condition} {}", requires_text(requires))
            }
        })
        .collect();
    format!("{{ {} }}", parts.join(" "))
}

fn push(out: &mut String, depth: usize, line: &str) {
    let _ = writeln!(out, "{}{line}", "  ".repeat(depth));
}
