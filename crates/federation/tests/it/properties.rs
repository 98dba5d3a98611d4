//! Laws of planning, on operations nobody thought of.

use std::collections::BTreeSet;

use apollo_compiler::schema::ExtendedType;
use federation::{FetchKind, Plan, Supergraph, explain};
use proptest::prelude::*;

use crate::support::{case, plan_of, supergraph_of};

/// A stream of small decisions, from which an operation is made.
struct Decisions<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Decisions<'_> {
    /// A number below `limit`.
    fn next(&mut self, limit: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte) % limit.max(1)
    }
}

/// Writes a selection set on a type.
fn selections(
    supergraph: &Supergraph,
    type_name: &str,
    depth: usize,
    decisions: &mut Decisions<'_>,
    out: &mut String,
) {
    let schema = supergraph.api_schema();
    out.push_str("{ __typename");
    let fields: Vec<_> = match schema.types.get(type_name) {
        Some(ExtendedType::Object(object)) => object.fields.values().collect(),
        Some(ExtendedType::Interface(interface)) => interface.fields.values().collect(),
        _ => Vec::new(),
    };
    let mut members: Vec<String> = match schema.types.get(type_name) {
        Some(ExtendedType::Union(union_)) => {
            union_.members.iter().map(|name| name.to_string()).collect()
        }
        _ => supergraph
            .implementers()
            .get(type_name)
            .map(|found| found.iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
    };
    members.sort();

    let count = 1 + decisions.next(4);
    for _ in 0..count {
        if !members.is_empty() && (fields.is_empty() || decisions.next(3) == 0) {
            let member = &members[decisions.next(members.len())];
            out.push_str(&format!(" ... on {member} {} ", condition(decisions)));
            selections(supergraph, member, depth.saturating_sub(1), decisions, out);
            continue;
        }
        if fields.is_empty() {
            continue;
        }
        let field = &fields[decisions.next(fields.len())];
        let inner = field.ty.inner_named_type();
        let is_composite = matches!(
            schema.types.get(inner),
            Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_))
        );
        if is_composite && depth == 0 {
            continue;
        }
        // An alias per use keeps arguments from conflicting.
        let key = match decisions.next(3) {
            0 if field.arguments.is_empty() && !is_composite => field.name.to_string(),
            _ => format!("k{}: {}", decisions.at, field.name),
        };
        out.push_str(&format!(" {key}"));
        let arguments: Vec<String> = field
            .arguments
            .iter()
            .filter(|argument| argument.ty.is_non_null())
            .map(|argument| {
                let value = match argument.ty.inner_named_type().as_str() {
                    "Int" => "1",
                    "Boolean" => "true",
                    _ => "\"x\"",
                };
                format!("{}: {value}", argument.name)
            })
            .collect();
        if !arguments.is_empty() {
            out.push_str(&format!("({})", arguments.join(", ")));
        }
        out.push_str(condition(decisions));
        if is_composite {
            selections(supergraph, inner, depth - 1, decisions, out);
        }
    }
    out.push_str(" }");
}

fn condition(decisions: &mut Decisions<'_>) -> &'static str {
    match decisions.next(8) {
        0 => " @include(if: $a) ",
        1 => " @skip(if: $b) ",
        2 => " @skip(if: $b) @include(if: $a) ",
        _ => "",
    }
}

/// An operation made from these bytes.
pub(crate) fn operation(supergraph: &Supergraph, bytes: &[u8]) -> String {
    let mut decisions = Decisions { bytes, at: 0 };
    let mut out = String::from("query ($a: Boolean!, $b: Boolean = true) ");
    let root = supergraph.roots().query.to_string();
    selections(supergraph, &root, 5, &mut decisions, &mut out);
    // Both variables have to be used.
    let end = out.len() - 1;
    out.insert_str(end, "x: __typename @include(if: $a) @skip(if: $b) ");
    out
}

/// What every plan has to be, whatever it is for.
fn check(plan: &Plan) {
    for (index, fetch) in plan.fetches.iter().enumerate() {
        assert_eq!(fetch.id.0, index);
        assert!(fetch.depends_on.iter().all(|id| id.0 < index));
        let parsed = apollo_compiler::ast::Document::parse(fetch.operation.as_str(), "fetch");
        assert!(parsed.is_ok(), "{}", fetch.operation);
        for variable in &fetch.variables {
            assert!(fetch.operation.contains(&format!("${variable}:")));
        }
        if let FetchKind::Entities { groups } = &fetch.kind {
            assert!(!fetch.depends_on.is_empty());
            assert!(!groups.is_empty());
            let keys: BTreeSet<_> = groups.iter().map(|group| &group.response_key).collect();
            assert_eq!(keys.len(), groups.len());
        }
    }
}

/// Supergraphs worth asking anything.
pub(crate) const CASES: &[&str] = &[
    "abstract_types",
    "arguments_by_type",
    "benchmark",
    "interface_object",
    "key_compound_nested",
    "look_alikes",
    "nested_interfaces",
    "partial_union",
    "provides",
    "provides_on_union",
    "requires_nested",
    "requires_on_interface",
    "requires_with_arguments",
    "shared_value_type",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_valid_operation_is_planned_the_same_way_twice(bytes in prop::collection::vec(any::<u8>(), 1..160)) {
        for name in CASES {
            let supergraph = supergraph_of(&case(name));
            let query = operation(&supergraph, &bytes);
            let plan = plan_of(&supergraph, &query).unwrap_or_else(|error| panic!("{name}: {error}\n{query}"));
            check(&plan);
            let again = plan_of(&supergraph, &query).unwrap();
            prop_assert_eq!(explain(&supergraph, &plan), explain(&supergraph, &again));
        }
    }

    #[test]
    fn any_text_loads_or_is_refused(text in "[a-zA-Z@(){}:\",! ]{0,200}") {
        let _ = Supergraph::parse(&format!("enum join__Graph {{ A }} type Query {{ a: Int }} {text}"));
    }
}
