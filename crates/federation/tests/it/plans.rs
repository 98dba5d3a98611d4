//! Case folders: `supergraph.graphql` and `query.graphql` in, `plan.snap` out.

use std::time::Duration;

use apollo_compiler::ExecutableDocument;
use federation::{OverrideLabels, Supergraph, explain, plan};

use crate::support::{case, cases, critical_path, plan_of, read, supergraph_of};

#[test]
fn every_case_has_its_plan() {
    for folder in cases() {
        let supergraph = supergraph_of(&folder);
        let plan = plan_of(&supergraph, &read(&folder, "query.graphql")).unwrap();

        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("plan", explain(&supergraph, &plan)));
    }
}

fn shop() -> Supergraph {
    supergraph_of(&case("entities"))
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

#[test]
fn the_benchmark_operation_needs_few_requests_in_short_chains() {
    let folder = case("benchmark");
    let plan = plan_of(&supergraph_of(&folder), &read(&folder, "query.graphql")).unwrap();
    assert!(plan.fetches.len() <= 7);
    assert_eq!(critical_path(&plan), 4);
}

#[test]
fn seven_subgraphs_that_look_alike_are_no_puzzle() {
    let folder = case("look_alikes");
    let plan = plan_of(&supergraph_of(&folder), &read(&folder, "query.graphql")).unwrap();
    assert!(plan.fetches.len() <= 14);
}

#[test]
fn a_progressive_override_moves_a_field_once_its_label_is_active() {
    let folder = case("override");
    let labels = OverrideLabels::new(["percent(20)".to_owned()]);
    let supergraph = supergraph_of(&folder).with_override_labels(labels);
    let plan = plan_of(&supergraph, "{ product { stock } }").unwrap();
    assert_eq!(plan.fetches.len(), 2);
    let plan = plan_of(&supergraph_of(&folder), "{ product { stock } }").unwrap();
    assert_eq!(plan.fetches.len(), 1);
}

#[test]
fn a_field_that_nobody_resolves_is_refused_by_name() {
    let supergraph = Supergraph::parse(
        r#"
        schema @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
        enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
        type Query @join__type(graph: A) { thing: Thing }
        type Thing @join__type(graph: A) @join__type(graph: B) {
          id: ID @join__field(graph: A)
          lost: Int @join__field(graph: B)
        }
        "#,
    )
    .unwrap();
    let error = plan_of(&supergraph, "{ thing { lost } }").unwrap_err();
    assert_eq!(error.code(), "QUERY_PLANNING_FAILED");
    assert!(error.to_string().contains("thing"), "{error}");
}

#[test]
fn a_clients_variable_may_have_any_name() {
    let plan = plan_of(
        &supergraph_of(&case("requires_with_arguments")),
        "query ($representations: String!) { product { price(currency: $representations) shipping } }",
    )
    .unwrap();
    let sent: Vec<_> = plan
        .fetches
        .iter()
        .map(|fetch| fetch.operation.as_str())
        .collect();
    assert!(
        sent[1].contains("$_representations:[_Any!]!"),
        "{}",
        sent[1]
    );
}
