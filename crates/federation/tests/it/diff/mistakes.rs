//! The classic mistakes: the report names what, which operation, and in which file.

use crate::diff::{operations, schema};
use federation::diff::{Effect, Report, Severity};

const SHOP: &str = "
type Query { order(id: ID!): Order orders(status: Status, first: Int = 20): [Order!]! }
type Order { id: ID! total: Money! status: Status! }
type Money { amount: String! }
enum Status { OPEN PAID }
";

const FILES: &[(&str, &str)] = &[
    (
        "spa/fragments.graphql",
        "fragment Total on Order { total { amount } }",
    ),
    (
        "spa/OrderDetail.graphql",
        "query OrderDetail($id: ID!) { order(id: $id) { id ...Total } }",
    ),
    (
        "staff/Orders.graphql",
        "query Orders { orders(status: PAID, first: 5) { id status } }",
    ),
    (
        "staff/Open.graphql",
        "query Open($s: Status) { orders(status: $s) { id } }",
    ),
];

/// Edits the schema, and expects one breaking change that touches these operations.
fn mistake(
    from: &str,
    to: &str,
    code: &str,
    coordinate: &str,
    touched: &[(&str, &str, Effect, bool)],
) {
    let edited = SHOP.replacen(from, to, 1);
    assert_ne!(edited, SHOP);
    let report = Report::new(&schema(SHOP), &schema(&edited), &operations(FILES)).unwrap();

    let breaking: Vec<_> = report
        .changes
        .iter()
        .filter(|reported| reported.change.severity() == Severity::Breaking)
        .collect();
    assert_eq!(breaking.len(), 1, "{}", report.text());
    assert_eq!(breaking[0].change.kind.code(), code);
    assert_eq!(breaking[0].change.coordinate.to_string(), coordinate);
    let found: Vec<_> = breaking[0]
        .operations
        .iter()
        .map(|found| {
            (
                found.file.as_str(),
                found.operation.as_str(),
                found.effect,
                found.still_valid,
            )
        })
        .collect();
    assert_eq!(found, touched);

    let text = report.text();
    for (file, operation, ..) in touched {
        assert!(text.contains(&format!("{operation} in {file}")), "{text}");
    }
    assert!(text.contains(coordinate), "{text}");
}

#[test]
fn a_removed_field_names_the_operation_whose_fragment_asks_for_it() {
    let detail = (
        "spa/OrderDetail.graphql",
        "OrderDetail",
        Effect::Text,
        false,
    );
    mistake(
        "total: Money!",
        "",
        "FIELD_REMOVED",
        "Order.total",
        &[detail],
    );
}

#[test]
fn a_field_that_became_nullable_names_who_reads_it() {
    let detail = (
        "spa/OrderDetail.graphql",
        "OrderDetail",
        Effect::Answer,
        true,
    );
    mistake(
        "total: Money!",
        "total: Money",
        "FIELD_BECAME_NULLABLE",
        "Order.total",
        &[detail],
    );
}

#[test]
fn a_renamed_enum_value_names_who_gives_it_and_who_may() {
    let touched = [
        ("staff/Orders.graphql", "Orders", Effect::Text, false),
        ("staff/Open.graphql", "Open", Effect::Variables, true),
    ];
    mistake(
        "PAID",
        "PAYED",
        "ENUM_VALUE_REMOVED",
        "Status.PAID",
        &touched,
    );
}

#[test]
fn a_removed_argument_names_who_gives_it() {
    let orders = ("staff/Orders.graphql", "Orders", Effect::Text, false);
    mistake(
        ", first: Int = 20",
        "",
        "ARGUMENT_REMOVED",
        "Query.orders(first:)",
        &[orders],
    );
}

#[test]
fn a_new_required_argument_names_who_leaves_it_out() {
    let detail = (
        "spa/OrderDetail.graphql",
        "OrderDetail",
        Effect::Text,
        false,
    );
    let (from, to) = ("order(id: ID!)", "order(id: ID!, market: ID!)");
    mistake(
        from,
        to,
        "REQUIRED_ARGUMENT_ADDED",
        "Query.order(market:)",
        &[detail],
    );
}
