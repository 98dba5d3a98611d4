//! The program itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::Shop;

fn gateway(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn write(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Ends a process that the test leaves running.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_serves_a_supergraph_and_ends_on_a_signal() {
    let folder = TempDir::new().unwrap();
    let supergraph = write(&folder, "supergraph.graphql", &Shop::new().supergraph());
    let started = Instant::now();
    let mut child = Running(
        gateway(&["--supergraph", &supergraph, "--listen", "127.0.0.1:0"])
            .spawn()
            .unwrap(),
    );

    // One line tells the address.
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    let address = line
        .trim()
        .strip_prefix("gateway listening on http://")
        .unwrap();
    let address = address.strip_suffix("/graphql").unwrap();

    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let body = r#"{"query":"{ __typename }"}"#;
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("\"__typename\":\"Query\""),
        "{answer}"
    );

    let id = child.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let deadline = Instant::now() + Duration::from_secs(10);
    let status = loop {
        if let Some(status) = child.0.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < deadline, "it does not end");
        std::thread::yield_now();
    };
    assert!(status.success(), "{status}");
}

#[test]
fn what_it_cannot_use_is_named_with_exit_code_2() {
    let folder = TempDir::new().unwrap();
    let good = write(&folder, "good.graphql", &Shop::new().supergraph());
    let broken = write(&folder, "broken.graphql", "type Query {");
    let plain = write(&folder, "plain.graphql", "type Query { a: Int }");
    let config = write(&folder, "gateway.toml", "[limits]\ndeepness = 3\n");
    let unknown = write(
        &folder,
        "unknown.toml",
        "[subgraphs.nobody]\nurl = \"http://a.test\"\n",
    );
    for (arguments, named) in [
        (
            vec!["--supergraph", "/nowhere/x.graphql"],
            "/nowhere/x.graphql",
        ),
        (vec!["--supergraph", &broken], "broken.graphql"),
        (vec!["--supergraph", &plain], "join__Graph"),
        (vec!["--supergraph", &good, "--config", &config], "deepness"),
        (vec!["--supergraph", &good, "--config", &unknown], "nobody"),
        (
            vec!["--supergraph", &good, "--config", "/nowhere/x.toml"],
            "/nowhere/x.toml",
        ),
        (vec![], "--supergraph"),
    ] {
        let Output { status, stderr, .. } = gateway(&arguments).output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(named), "{arguments:?}: {stderr}");
    }
}

#[test]
fn help_has_examples() {
    let output = gateway(&["--help"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && text.contains("Examples:"),
        "{text}"
    );
}
