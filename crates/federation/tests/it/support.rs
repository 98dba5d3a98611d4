//! What several tests need: the case folders, and a plan for a text.

use std::path::{Path, PathBuf};
use std::time::Duration;

use apollo_compiler::ExecutableDocument;
use federation::{Plan, PlanError, Supergraph, plan};

/// All case folders, in order.
pub(crate) fn cases() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<_> = std::fs::read_dir(cases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders
}

/// The supergraph of a case.
pub(crate) fn supergraph_of(case: &Path) -> Supergraph {
    Supergraph::parse(&read(case, "supergraph.graphql")).unwrap()
}

/// A file of a case.
pub(crate) fn read(case: &Path, name: &str) -> String {
    std::fs::read_to_string(case.join(name)).unwrap()
}

/// Plans the only operation of a text.
pub(crate) fn plan_of(supergraph: &Supergraph, query: &str) -> Result<Plan, PlanError> {
    let document =
        ExecutableDocument::parse_and_validate(supergraph.api_schema(), query, "query.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
    let operation = document.operations.iter().next().unwrap();
    plan(supergraph, &document, operation, Duration::from_secs(10))
}

/// A case by its name.
pub(crate) fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(name)
}

/// The longest chain of fetches.
pub(crate) fn critical_path(plan: &Plan) -> usize {
    let mut lengths: Vec<usize> = Vec::new();
    for fetch in &plan.fetches {
        let before = fetch.depends_on.iter().map(|id| lengths[id.0]).max();
        lengths.push(before.unwrap_or(0) + 1);
    }
    lengths.into_iter().max().unwrap_or(0)
}
