//! Operations nobody thought of, on supergraphs nobody wrote: the gateway answers like a monolith.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Map, json};

use super::operations::operation;
use super::{Pair, supergraphs};

const CASES: &[&str] = &[
    "abstract_types",
    "arguments_by_type",
    "benchmark",
    "inaccessible_key",
    "interface_object",
    "key_chain",
    "key_compound_nested",
    "look_alikes",
    "mutation_order",
    "nested_interfaces",
    "override",
    "partial_union",
    "provides",
    "provides_on_union",
    "provides_typename",
    "query_within_mutation",
    "requires_deep_conditions",
    "requires_nested",
    "requires_on_interface",
    "requires_runtime_type",
    "requires_with_arguments",
    "shared_value_type",
    "type_mismatch",
    "waits_to_save_a_request",
];

fn case(name: &str) -> String {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/federation/tests/cases");
    std::fs::read_to_string(cases.join(name).join("supergraph.graphql")).unwrap()
}

fn shop() -> String {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/supergraph.graphql");
    std::fs::read_to_string(shop).unwrap()
}

/// Makes operations of each kind and asks them.
fn check(sdl: &str, seed: u64, bytes: &[u8]) {
    let pair = Pair::new(sdl, seed, seed % 3 == 1);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        for (kind, root) in &pair.world.joins.roots {
            let query = operation(&pair.world.api, kind, root, bytes);
            if *kind == "subscription" || !pair.is_valid(&query) {
                continue;
            }
            for (a, b) in [(true, false), (false, true)] {
                let mut variables = Map::new();
                for (name, value) in [("a", a), ("b", b)] {
                    if query.contains(&format!("${name}: ")) {
                        variables.insert(name.to_owned(), json!(value));
                    }
                }
                pair.check(&query, &variables).await;
            }
        }
    });
}

/// More with `PROPTEST_CASES`.
fn config(cases: u32) -> ProptestConfig {
    let asked = ProptestConfig::default().cases;
    let is_asked = asked != 256;
    ProptestConfig {
        cases: if is_asked { asked } else { cases },
        failure_persistence: None,
        max_shrink_iters: 4000,
        ..ProptestConfig::default()
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..160)
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn random_operations_on_the_cases(which in 0..CASES.len(), seed in any::<u64>(), bytes in bytes()) {
        check(&case(CASES[which]), seed, &bytes);
    }

    #[test]
    fn random_operations_on_random_supergraphs(split in prop::collection::vec(any::<u8>(), 1..200), seed in any::<u64>(), bytes in bytes()) {
        if let Some(sdl) = supergraphs::supergraph(&split) {
            check(&sdl, seed, &bytes);
        }
    }
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn random_operations_on_the_shop(seed in any::<u64>(), bytes in bytes()) {
        check(&shop(), seed, &bytes);
    }
}

#[test]
fn most_random_supergraphs_compose() {
    let composed = (0..20_u8)
        .map(|seed| {
            (0..120_u8)
                .map(|at| at.wrapping_mul(seed).wrapping_add(seed))
                .collect::<Vec<_>>()
        })
        .filter(|split| supergraphs::supergraph(split).is_some())
        .count();
    assert!(composed >= 16, "{composed} of 20");
}
