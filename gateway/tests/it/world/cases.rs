//! Every case folder of the planner, answered: `answer.json` beside `plan.snap`.

use std::path::{Path, PathBuf};

use apollo_compiler::ExecutableDocument;
use serde_json::{Map, Value, json};

use super::Pair;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/federation/tests/cases");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut cases: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

/// A value for each variable the operation needs; Booleans are what the test says.
fn variables(pair: &Pair, query: &str, boolean: bool) -> Map<String, Value> {
    let document = ExecutableDocument::parse_and_validate(&pair.world.api, query, "query").unwrap();
    let operation = document.operations.iter().next().unwrap();
    let values = operation.variables.iter().filter_map(|variable| {
        let value = match variable.ty.inner_named_type().as_str() {
            "Boolean" => json!(boolean),
            "Int" => json!(7),
            _ => json!("7"),
        };
        variable
            .ty
            .is_non_null()
            .then(|| (variable.name.to_string(), value))
    });
    values.collect()
}

/// `UPDATE_ANSWERS=1` writes the answers instead of comparing them.
#[tokio::test]
async fn every_case_is_answered_like_the_monolith() {
    let updates = std::env::var_os("UPDATE_ANSWERS").is_some();
    for case in cases() {
        let read = |name: &str| std::fs::read_to_string(case.join(name)).unwrap();
        let query = read("query.graphql");
        let sdl = read("supergraph.graphql");
        let pair = Pair::new(&sdl, 0, false);
        let answer = pair.check(&query, &variables(&pair, &query, true)).await;

        let mut text = serde_json::to_string_pretty(&answer).unwrap();
        text.push('\n');
        if updates {
            std::fs::write(case.join("answer.json"), text).unwrap();
        } else {
            assert_eq!(read("answer.json"), text, "{}", case.display());
        }

        // One world may be kind by chance.
        for seed in 1..8 {
            let pair = Pair::new(&sdl, seed, seed % 2 == 0);
            for boolean in [true, false] {
                pair.check(&query, &variables(&pair, &query, boolean)).await;
            }
        }
    }
}
