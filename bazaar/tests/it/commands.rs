//! The command line: what it says when something is wrong.

use std::process::Output;

use tokio::process::Command;

use crate::process::{ShopProcess, free_port};

async fn bazaar(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bazaar"));
    command.args(arguments).envs(environment.iter().copied());
    command.output().await.expect("the binary runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_wrong_setting_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().display().to_string();
    for (name, value) in [
        ("PORT", "http"),
        ("BAZAAR_DEMO", "perhaps"),
        ("BAZAAR_HOST", "localhost:80"),
    ] {
        let output = bazaar(&["run", "--data", &data], &[(name, value)]).await;
        assert!(!output.status.success());
        let setting = name.trim_start_matches("BAZAAR_").to_ascii_lowercase();
        assert!(
            stderr(&output).to_ascii_lowercase().contains(&setting),
            "{name}: {}",
            stderr(&output)
        );
    }
    let output = bazaar(&["run", "--config", "/no/such/file.toml"], &[]).await;
    assert!(
        stderr(&output).contains("/no/such/file.toml"),
        "{}",
        stderr(&output)
    );
}

#[tokio::test]
async fn a_folder_serves_one_process_at_a_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shop = ShopProcess::start(folder.path(), free_port()).await;
    let data = folder.path().display().to_string();
    let second = bazaar(&["run", "--port", "0", "--data", &data], &[]).await;
    assert!(!second.status.success());
    assert!(
        stderr(&second).contains("in use by another process"),
        "{}",
        stderr(&second)
    );
    shop.kill().await;
}

#[tokio::test]
async fn schema_commands_print_and_complain() {
    let output = bazaar(&["schema", "export", "order"], &[]).await;
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("type Order"),
        "{}",
        stderr(&output)
    );
    let output = bazaar(&["schema", "export", "weather"], &[]).await;
    assert!(stderr(&output).contains("weather"), "{}", stderr(&output));

    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    let written = bazaar(&["schema", "compose", "--write", "--folder", &path], &[]).await;
    assert!(written.status.success(), "{}", stderr(&written));
    let check = [
        "schema",
        "check",
        "--folder",
        &path,
        "--operations",
        OPERATIONS,
    ];
    let unpromised = bazaar(&check, &[]).await;
    assert_eq!(unpromised.status.code(), Some(2));
    assert!(
        stderr(&unpromised).contains("baseline"),
        "{}",
        stderr(&unpromised)
    );
    let promised = bazaar(&["schema", "baseline", "--write", "--folder", &path], &[]).await;
    assert!(promised.status.success(), "{}", stderr(&promised));
    let fresh = bazaar(&check, &[]).await;
    assert!(fresh.status.success(), "{}", stderr(&fresh));

    std::fs::write(
        folder.path().join("subgraphs/cart.graphql"),
        "type Query { cart: ID }",
    )
    .expect("writable");
    let stale = bazaar(&check, &[]).await;
    assert_eq!(stale.status.code(), Some(1));
    assert!(
        stderr(&stale).contains("cart.graphql is stale"),
        "{}",
        stderr(&stale)
    );
}

/// The operations that the front ends send.
const OPERATIONS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../frontend-contract-tests/operations"
);

#[tokio::test]
async fn a_break_of_the_promised_graph_is_refused_unless_it_is_intended() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    for arguments in [["compose", "--write"], ["baseline", "--write"]] {
        let arguments = [&["schema"], &arguments[..], &["--folder", &path]].concat();
        let done = bazaar(&arguments, &[]).await;
        assert!(done.status.success(), "{}", stderr(&done));
    }
    // What was promised has one field more than the graph.
    let baseline = folder.path().join("baseline.graphql");
    let sdl = std::fs::read_to_string(&baseline).expect("readable");
    let promised = sdl.replacen("type Query {", "type Query {\n  promised: Int", 1);
    std::fs::write(&baseline, promised).expect("writable");

    let check = [
        "schema",
        "check",
        "--folder",
        &path,
        "--operations",
        OPERATIONS,
    ];
    let refused = bazaar(&check, &[]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        stderr(&refused).contains("Query.promised"),
        "{}",
        stderr(&refused)
    );

    let list = folder.path().join("intended-breaks.toml");
    let entry = |date: &str| {
        format!(
            "[[break]]\ncoordinate = \"Query.promised\"\ndate = \"{date}\"\nreason = \"Rash.\"\n"
        )
    };
    std::fs::write(&list, entry("2027-01-31")).expect("writable");
    let intended = bazaar(&check, &[]).await;
    assert_eq!(intended.status.code(), Some(0), "{}", stderr(&intended));
    std::fs::write(&list, entry("2027-01-32")).expect("writable");
    let undated = bazaar(&check, &[]).await;
    assert_eq!(undated.status.code(), Some(2));
    assert!(
        stderr(&undated).contains("2027-01-32"),
        "{}",
        stderr(&undated)
    );
}

#[tokio::test]
async fn schema_diff_names_what_breaks_whom() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("writable");
        path.display().to_string()
    };
    let old = file("old.graphql", "type Query { a: Int b: Int }");
    let new = file("new.graphql", "type Query { b: Int c: Int }");
    std::fs::create_dir_all(folder.path().join("operations/spa")).expect("writable");
    file("operations/spa/A.graphql", "query A { ...F }");
    file(
        "operations/spa/fragments.graphql",
        "fragment F on Query { a }",
    );
    let operations = folder.path().join("operations").display().to_string();

    let text = bazaar(
        &["schema", "diff", &old, &new, "--operations", &operations],
        &[],
    )
    .await;
    let shown = String::from_utf8_lossy(&text.stdout).into_owned();
    assert_eq!(text.status.code(), Some(1), "{}", stderr(&text));
    assert!(
        shown.contains("Query.a") && shown.contains("spa/A.graphql"),
        "{shown}"
    );

    let arguments = [
        "schema",
        "diff",
        &old,
        &new,
        "--operations",
        &operations,
        "--json",
    ];
    let json = bazaar(&arguments, &[]).await;
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(report["changes"][0]["coordinate"], "Query.a");
    assert_eq!(report["changes"][0]["operations"][0]["operation"], "A");

    let safe = bazaar(&["schema", "diff", &old, &old], &[]).await;
    assert_eq!(safe.status.code(), Some(0));
    let wrong = bazaar(&["schema", "diff", &old, &operations], &[]).await;
    assert_eq!(wrong.status.code(), Some(2));
}

#[tokio::test]
async fn events_commands_work_on_a_shop_that_is_stopped() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().display().to_string();
    let shop = ShopProcess::start(folder.path(), free_port()).await;
    assert!(shop.terminate().await);
    let parked = bazaar(&["events", "parked", "--data", &data], &[]).await;
    assert_eq!(
        String::from_utf8_lossy(&parked.stdout),
        "nothing is parked\n",
        "{}",
        stderr(&parked)
    );
    let id = "019a0000-0000-7000-8000-000000000000";
    let replay = bazaar(&["events", "replay", id, "--data", &data], &[]).await;
    assert!(
        !replay.status.success() && stderr(&replay).contains("no parked delivery"),
        "{}",
        stderr(&replay)
    );
}
