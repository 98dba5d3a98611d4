//! Any valid operation gets a plan, or an error with a code.

#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use apollo_compiler::ExecutableDocument;
use federation::{Supergraph, explain, plan};
use libfuzzer_sys::fuzz_target;

static SHOP: LazyLock<Supergraph> = LazyLock::new(|| {
    Supergraph::parse(include_str!("../../schema/supergraph.graphql"))
        .expect("the committed supergraph loads")
});

fuzz_target!(|text: &str| {
    let parsed = ExecutableDocument::parse_and_validate(SHOP.api_schema(), text, "operation");
    let Ok(document) = parsed else { return };
    for operation in document.operations.iter() {
        if let Ok(plan) = plan(&SHOP, &document, operation, Duration::from_secs(1)) {
            let _ = explain(&SHOP, &plan);
        }
    }
});
