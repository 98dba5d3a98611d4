//! Breaking changes that were decided on, and lists that are wrong.

use federation::diff::{IntendedBreak, Verdict, compare, judge};

use crate::diff::schema;

fn entry(coordinate: &str, date: &str, reason: &str) -> IntendedBreak {
    IntendedBreak {
        coordinate: coordinate.to_owned(),
        date: date.to_owned(),
        reason: reason.to_owned(),
    }
}

/// `Query.a` and `Query.b(x:)` are gone, `Query.d` is new.
fn verdict(list: &[IntendedBreak]) -> Verdict {
    let old = schema("type Query { a: Int b(x: Int): Int }");
    let new = schema("type Query { b: Int d: Int }");
    judge(&compare(&old, &new), list)
}

#[test]
fn a_breaking_change_is_intended_if_it_is_listed() {
    let verdict = verdict(&[entry("Query.b(x:)", "2027-01-31", "Nobody gives it.")]);
    let unintended: Vec<_> = verdict
        .unintended
        .iter()
        .map(|c| c.coordinate.to_string())
        .collect();
    let intended: Vec<_> = verdict
        .intended
        .iter()
        .map(|c| c.coordinate.to_string())
        .collect();
    assert_eq!(
        (unintended, intended),
        (vec!["Query.a".to_owned()], vec!["Query.b(x:)".to_owned()])
    );
    assert_eq!(verdict.errors, []);
}

#[test]
fn a_list_that_says_what_is_not_so_is_wrong() {
    let verdict = verdict(&[
        entry("Query.a", "2027-02-29", " "),
        entry("Query.a", "2027-02-28", "Twice."),
        entry("Query.d", "2027-02-28", "New fields break nobody."),
        entry("Query.gone", "2027-02-28", "Done long ago."),
    ]);
    let errors: Vec<_> = verdict
        .errors
        .iter()
        .map(|error| (error.code(), error.to_string()))
        .collect();
    insta::assert_debug_snapshot!(errors);
}
