//! Case files: two schemas and operations in, the report out.

use std::fs;
use std::path::Path;

use crate::diff::report;

#[test]
fn every_rule_has_its_report() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diffs");
    let mut cases: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "graphql"))
        .collect();
    cases.sort();
    assert!(cases.len() > 20);

    for path in cases {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (old, rest) = text.split_once("# --- new").unwrap();
        let (new, operations) = rest.split_once("# --- operations").unwrap();

        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, report(old, new, operations).text()));
    }
}

#[test]
fn the_report_is_json_too() {
    let report = report(
        "type Query { a: Int b(x: E): Int } enum E { A B }",
        "type Query { b(x: E): Int! } enum E { A }",
        "query A { a } query B($x: E) { b(x: $x) }",
    );
    insta::assert_json_snapshot!(report);
}
