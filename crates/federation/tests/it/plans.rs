//! Case folders: `supergraph.graphql` and `query.graphql` in, `plan.snap` out.

use std::path::Path;
use std::time::Duration;

use apollo_compiler::ExecutableDocument;
use federation::{Plan, PlanError, Supergraph, explain, plan};

fn plan_of(supergraph: &Supergraph, query: &str) -> Result<Plan, PlanError> {
    let document =
        ExecutableDocument::parse_and_validate(supergraph.api_schema(), query, "query.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
    let operation = document.operations.get(None).unwrap();
    plan(supergraph, &document, operation, Duration::from_secs(10))
}

#[test]
fn every_case_has_its_plan() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<_> = std::fs::read_dir(cases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());

    for folder in folders {
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let supergraph = Supergraph::parse(&read("supergraph.graphql")).unwrap();
        let plan = plan_of(&supergraph, &read("query.graphql")).unwrap();

        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("plan", explain(&supergraph, &plan)));
    }
}

fn shop() -> Supergraph {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/entities/supergraph.graphql");
    Supergraph::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn typename_and_introspection_need_no_fetch() {
    let supergraph = shop();
    for query in [
        "{ __typename }",
        "{ __schema { queryType { name } } t: __typename }",
    ] {
        assert_eq!(plan_of(&supergraph, query).unwrap().fetches, [], "{query}");
    }
}

#[test]
fn a_selection_that_is_skipped_as_a_whole_needs_no_fetch() {
    let supergraph = shop();
    for query in [
        "{ products @skip(if: true) { id } }",
        "{ ... @include(if: false) { products { id } } }",
        "query ($a: Boolean = true) { products @skip(if: true) @include(if: $a) { id } }",
    ] {
        assert_eq!(plan_of(&supergraph, query).unwrap().fetches, [], "{query}");
    }
}

#[test]
fn a_nested_selection_that_is_skipped_as_a_whole_is_planned() {
    let plan = plan_of(&shop(), "{ products { name @skip(if: true) } }").unwrap();
    assert_eq!(plan.fetches.len(), 1);
}

#[test]
fn planning_stops_at_its_limit() {
    let supergraph = shop();
    let query = "{ products { id name price inStock reviews { body author { name } } } }";
    let document =
        ExecutableDocument::parse_and_validate(supergraph.api_schema(), query, "q").unwrap();
    let operation = document.operations.get(None).unwrap();
    let error = plan(&supergraph, &document, operation, Duration::ZERO).unwrap_err();
    assert_eq!(error.code(), "QUERY_PLANNING_TIMEOUT");
}

#[test]
fn numbers_reach_subgraphs_as_they_are_written() {
    let query = "{ a: product(id: 99999999999999999999999) { id } b: products(first: -0) { id } }";
    let plan = plan_of(&shop(), query).unwrap();
    let operation = &plan.fetches[0].operation;
    assert!(
        operation.contains("id: 99999999999999999999999"),
        "{operation}"
    );
    assert!(operation.contains("first: -0"), "{operation}");
}

#[test]
fn deep_operations_are_planned() {
    let levels = 60;
    let query = format!(
        "{{ latestReviews {{ {}id{} }} }}",
        "product { reviews { ".repeat(levels),
        " }".repeat(2 * levels)
    );
    assert_eq!(plan_of(&shop(), &query).unwrap().fetches.len(), 1);
}
