//! The promise to the front ends: mistakes in the graph are found, and named with whom they break.

use std::fs;

use federation::diff::{
    ApiSchema, OperationFile, Operations, Report, Severity, compare, undated_deprecations,
};

use crate::committed::folder;

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).expect("a readable file")
}

fn schema(sdl: &str) -> ApiSchema {
    ApiSchema::read(sdl, "graph").unwrap_or_else(|error| panic!("{error}"))
}

/// What the front ends send.
fn operations() -> Operations {
    let root = folder().join("../frontend-contract-tests/operations");
    let mut files = Vec::new();
    for front in fs::read_dir(&root).expect("the folder of operations") {
        let front = front.expect("an entry").path();
        for file in fs::read_dir(&front).expect("the folder of a front end") {
            let path = file.expect("an entry").path();
            let short = path.strip_prefix(&root).expect("below the root");
            files.push(OperationFile {
                file: short.display().to_string(),
                text: fs::read_to_string(&path).expect("a readable file"),
            });
        }
    }
    files.sort_by(|one, other| one.file.cmp(&other.file));
    Operations::read(&files).expect("operations")
}

/// Edits the graph, and returns the breaking changes with the operations they touch.
fn broken_by(from: &str, to: &str) -> Vec<(String, Vec<String>)> {
    let graph = schema(&read("supergraph.graphql"));
    let sdl = graph.sdl();
    let edited = sdl.replacen(from, to, 1);
    assert_ne!(sdl, edited, "the graph has no {from:?}");
    let report = Report::new(&graph, &schema(&edited), &operations()).expect("a report");
    report
        .changes
        .iter()
        .filter(|reported| reported.change.severity() == Severity::Breaking)
        .map(|reported| {
            let touched = reported.operations.iter();
            (
                reported.change.coordinate.to_string(),
                touched
                    .map(|found| format!("{} in {}", found.operation, found.file))
                    .collect(),
            )
        })
        .collect()
}

/// Expects one broken coordinate, and these operations among those it touches.
fn assert_breaks(from: &str, to: &str, coordinate: &str, touched: &[&str]) {
    let found = broken_by(from, to);
    let coordinates: Vec<_> = found.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(coordinates, [coordinate]);
    for operation in touched {
        assert!(
            found[0].1.iter().any(|found| found == operation),
            "{operation} is not among {:?}",
            found[0].1
        );
    }
}

#[test]
fn the_graph_equals_itself_and_fits_every_operation() {
    let graph = schema(&read("supergraph.graphql"));
    assert_eq!(compare(&graph, &schema(&graph.sdl())), []);
    let report = Report::new(&graph, &graph, &operations()).expect("every operation fits");
    assert!(report.operations > 20);
    assert!(report.no_longer_valid.is_empty());
}

#[test]
fn every_deprecation_has_a_date() {
    let graph = schema(&read("supergraph.graphql"));
    assert_eq!(undated_deprecations(&graph), []);
}

#[test]
fn the_baseline_is_the_sdl_of_an_api_schema() {
    let baseline = read("baseline.graphql");
    assert_eq!(schema(&baseline).sdl(), baseline);
}

#[test]
fn a_renamed_field_breaks_the_operations_that_ask_for_it() {
    assert_breaks(
        "  totalQuantity: Int!",
        "  quantity: Int!",
        "Cart.totalQuantity",
        &[
            "CartView in spa/CartView.graphql",
            "CartLinesAdd in spa/CartLinesAdd.graphql",
        ],
    );
}

#[test]
fn a_field_that_became_nullable_breaks_the_operations_that_read_it() {
    assert_breaks(
        "  paymentStatus: OrderPaymentStatus!",
        "  paymentStatus: OrderPaymentStatus",
        "Order.paymentStatus",
        &[
            "OrderDetail in spa/OrderDetail.graphql",
            "StaffOrders in staff/StaffOrders.graphql",
        ],
    );
}

#[test]
fn a_renamed_enum_value_breaks_the_operations_that_may_send_it() {
    assert_breaks(
        "  SHIPPED\n",
        "  SENT\n",
        "OrderStatus.SHIPPED",
        &["OrderStatusUpdate in staff/OrderStatusUpdate.graphql"],
    );
}

#[test]
fn a_renamed_argument_breaks_the_operations_that_give_it() {
    assert_breaks(
        "    orderToken: String,\n  ): Order\n",
        "    token: String,\n  ): Order\n",
        "Query.order(orderToken:)",
        &["OrderDetail in spa/OrderDetail.graphql"],
    );
}
