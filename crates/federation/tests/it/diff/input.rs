//! What may be compared, and what is refused.

use federation::diff::{ApiSchema, OperationError, OperationFile, Operations, Report, compare};
use federation::{SubgraphSdl, compose};

use crate::diff::{operations, schema};

fn supergraph(sdl: &str) -> String {
    let subgraph = SubgraphSdl {
        name: "shop".to_owned(),
        url: "http://shop.test/graphql".to_owned(),
        sdl: sdl.to_owned(),
    };
    compose(&[subgraph]).unwrap().supergraph_sdl
}

#[test]
fn a_supergraph_equals_the_plain_schema_it_shows() {
    let supergraph = schema(&supergraph(
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@inaccessible"])
        type Query { b(first: Int = 1): Int "The first." a: E secret: Int @inaccessible }
        enum E { A @deprecated(reason: "2027-01-31: use B.") B }"#,
    ));
    let plain = schema(
        r#"type Query { "The first." a: E b(first: Int = 1): Int }
        enum E { A @deprecated(reason: "2027-01-31: use B.") B }"#,
    );
    assert_eq!(compare(&supergraph, &plain), []);
    assert_eq!(compare(&plain, &supergraph), []);
    assert_eq!(compare(&schema(&supergraph.sdl()), &plain), []);
}

#[test]
fn the_sdl_of_a_schema_does_not_depend_on_the_order_of_types() {
    let one = schema("type Query { a: B c: D } type B { x: Int } scalar D");
    let two = schema("scalar D type B { x: Int } type Query { a: B c: D }");
    assert_eq!(one.sdl(), two.sdl());
}

#[test]
fn what_is_no_schema_is_refused_with_its_file() {
    for sdl in [
        "type Query {",
        "type Query { a: Missing }",
        "enum join__Graph { A }",
        "type Order { id: ID }",
        "",
    ] {
        let error = ApiSchema::read(sdl, "old.graphql").unwrap_err();
        assert_eq!(error.code(), "INVALID_SCHEMA", "{sdl}");
        assert!(error.to_string().contains("old.graphql"), "{error}");
    }
}

fn read(file: &str, text: &str) -> Result<Operations, OperationError> {
    Operations::read(&[OperationFile {
        file: file.to_owned(),
        text: text.to_owned(),
    }])
}

#[test]
fn operations_that_cannot_be_read_are_refused_with_their_file() {
    let broken = read("a/Broken.graphql", "query {").unwrap_err();
    assert_eq!(broken.code(), "INVALID_OPERATION_FILE");
    let missing = read("a/Missing.graphql", "query M { ...Nowhere }").unwrap_err();
    assert_eq!(missing.code(), "MISSING_FRAGMENT");
    assert!(missing.to_string().contains("Nowhere"), "{missing}");

    let same = schema("type Query { a: Int }");
    let stray = operations(&[("a/Stray.graphql", "query Stray { b }")]);
    let stray = Report::new(&same, &same, &stray).unwrap_err();
    assert_eq!(stray.code(), "OPERATION_FITS_NEITHER");
    assert!(stray.to_string().contains("a/Stray.graphql"), "{stray}");
}

#[test]
fn an_operation_written_for_the_new_graph_is_not_touched() {
    let (old, new) = (
        schema("type Query { a: Int }"),
        schema("type Query { b: Int }"),
    );
    let fresh = operations(&[("a/New.graphql", "query New { b }")]);
    let report = Report::new(&old, &new, &fresh).unwrap();
    assert!(report.no_longer_valid.is_empty());
    assert!(
        report
            .changes
            .iter()
            .all(|reported| reported.operations.is_empty())
    );
}

#[test]
fn each_folder_has_fragments_of_its_own() {
    let (old, new) = (
        schema("type Query { a: Int b: Int }"),
        schema("type Query { a: Int }"),
    );
    let files = operations(&[
        ("one/fragments.graphql", "fragment F on Query { a }"),
        ("one/Q.graphql", "query Q { ...F }"),
        (
            "two/fragments.graphql",
            "fragment F on Query { ...G } fragment G on Query { b }",
        ),
        ("two/Q.graphql", "query Q { ...F }"),
    ]);
    let report = Report::new(&old, &new, &files).unwrap();
    let invalid: Vec<_> = report
        .no_longer_valid
        .iter()
        .map(|found| found.file.as_str())
        .collect();
    assert_eq!(invalid, ["two/Q.graphql"]);
}

#[test]
fn an_operation_that_two_harmless_looking_changes_break_is_still_named() {
    let old = "type Query { pet: Pet } union Pet = Cat | Dog
        type Cat { name: String! } type Dog { name: String! }";
    let new = old.replacen("Dog { name: String! }", "Dog { name: String }", 1);
    let both = "query Both { pet { ... on Cat { name } ... on Dog { name } } }";
    let report = Report::new(
        &schema(old),
        &schema(&new),
        &operations(&[("Both.graphql", both)]),
    );
    let text = report.unwrap().text();
    assert!(
        text.contains("Both in Both.graphql: gets it in the answer, and is no longer valid"),
        "{text}"
    );
}
