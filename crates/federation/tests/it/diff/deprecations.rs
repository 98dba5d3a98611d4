//! Every deprecation says from when on the thing may be removed.

use federation::diff::undated_deprecations;

use crate::diff::schema;

#[test]
fn deprecations_without_a_date_are_found_everywhere() {
    let found = undated_deprecations(&schema(
        r#"
        directive @live(rate: Int @deprecated(reason: "soon")) on FIELD
        type Query {
            a: Int @deprecated
            b(x: Int @deprecated(reason: "2027-02-30: no such day.")): Int
            c: Int @deprecated(reason: "2027-01-31: use `b`.")
            d(by: By, e: E): Node
        }
        interface Node { id: ID @deprecated(reason: "Use `key`. Removal not before 2027-01") }
        type Thing implements Node { id: ID @deprecated(reason: "2027-01-31:") }
        input By { id: ID @deprecated(reason: "2027-1-31: use `key`.") key: ID }
        enum E { A @deprecated(reason: "in 2027") B }
        "#,
    ));
    let coordinates: Vec<_> = found
        .iter()
        .map(|found| found.coordinate.as_str())
        .collect();
    assert_eq!(
        coordinates,
        [
            "@live(rate:)",
            "By.id",
            "E.A",
            "Node.id",
            "Query.a",
            "Query.b(x:)",
            "Thing.id"
        ]
    );
    let message = found[4].to_string();
    assert!(
        message.contains("Query.a") && message.contains("2027-01-31: "),
        "{message}"
    );
}
