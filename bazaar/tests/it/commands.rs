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
    let fresh = bazaar(&["schema", "check", "--folder", &path], &[]).await;
    assert!(fresh.status.success(), "{}", stderr(&fresh));
    std::fs::write(
        folder.path().join("subgraphs/cart.graphql"),
        "type Query { cart: ID }",
    )
    .expect("writable");
    let stale = bazaar(&["schema", "check", "--folder", &path], &[]).await;
    assert!(
        !stale.status.success() && stderr(&stale).contains("cart.graphql is stale"),
        "{}",
        stderr(&stale)
    );
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
