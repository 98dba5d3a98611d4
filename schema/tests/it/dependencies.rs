//! Who may know whom. The table here is the table of ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

const SUBGRAPHS: [&str; 7] = [
    "accounts",
    "cart",
    "catalog",
    "inventory",
    "notification",
    "order",
    "payment",
];

/// What a crate of the workspace may depend on, of the workspace.
fn allowed(name: &str) -> BTreeSet<&'static str> {
    let list: &[&str] = match name {
        "auth" | "clock" | "federation" | "money" | "schema" | "telemetry" => &[],
        "events" => &["money"],
        "outbox" => &["clock", "events"],
        "service" => &["auth", "clock", "events", "money", "outbox"],
        "migrations" => &["outbox"],
        "test-support" => &["auth", "clock", "events", "outbox", "service"],
        "gateway" => &["federation", "telemetry"],
        "gateway-bench" => &["federation"],
        "frontend-contract-tests" => &[],
        "bazaar" => &[
            "accounts",
            "auth",
            "cart",
            "catalog",
            "clock",
            "events",
            "federation",
            "gateway",
            "inventory",
            "migrations",
            "money",
            "notification",
            "order",
            "outbox",
            "payment",
            "service",
            "telemetry",
        ],
        subgraph if SUBGRAPHS.contains(&subgraph) => &[
            "auth",
            "clock",
            "events",
            "money",
            "outbox",
            "service",
            "telemetry",
        ],
        unknown => panic!("{unknown} is new: say here what it may depend on"),
    };
    list.iter().copied().collect()
}

#[test]
fn dependencies_point_one_way() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names: BTreeSet<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();

    let mut forbidden = BTreeMap::<&str, Vec<&str>>::new();
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let allowed = allowed(name);
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            // Tests may use what they like.
            let other = dependency["name"].as_str().expect("a name");
            if dependency["kind"] != "dev" && names.contains(other) && !allowed.contains(other) {
                forbidden.entry(name).or_default().push(other);
            }
        }
    }
    assert!(
        forbidden.is_empty(),
        "not allowed by ARCHITECTURE.md: {forbidden:?}"
    );
    for name in SUBGRAPHS {
        assert!(
            names.contains(name),
            "{name} is in the table, but not in the workspace"
        );
    }
}
