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

// ---- ends and bad starts ------------------------------------------------------------------------------

/// Starts the program, and returns the address it listens on.
fn start(arguments: &[&str]) -> (Running, String) {
    let mut child = Running(gateway(arguments).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .trim()
        .strip_prefix("gateway listening on http://")
        .and_then(|rest| rest.strip_suffix("/graphql"))
        .unwrap_or_else(|| panic!("{line}"))
        .to_owned();
    (child, address)
}

fn terminate(child: &Running) {
    let id = child.0.id().to_string();
    let kill = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(kill.success());
}

fn assert_ends_well(child: &mut Running) {
    let deadline = Instant::now() + Duration::from_secs(15);
    while Instant::now() < deadline {
        if let Some(status) = child.0.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return;
        }
        std::thread::yield_now();
    }
    panic!("it does not end");
}

/// Reads a request, up to the brace that ends its body.
fn read_request(stream: &mut std::net::TcpStream) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.ends_with(b"}") {
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "the request breaks off");
        request.extend_from_slice(&buffer[..count]);
    }
}

#[test]
fn requests_under_way_are_answered_after_a_signal() {
    let folder = TempDir::new().unwrap();
    let supergraph = write(&folder, "supergraph.graphql", &Shop::new().supergraph());
    let catalog = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = catalog.local_addr().unwrap();
    let config = format!("[subgraphs.catalog]\nurl = \"http://{url}/graphql\"\n");
    let config = write(&folder, "gateway.toml", &config);
    let (mut child, address) = start(&[
        "--supergraph",
        &supergraph,
        "--config",
        &config,
        "--listen",
        "127.0.0.1:0",
        "--threads",
        "2",
    ]);

    // A query whose client waits, and a mutation whose client does not.
    let ask = |query: &str| {
        let mut client = std::net::TcpStream::connect(&address).unwrap();
        let body = format!("{{\"query\":\"{query}\"}}");
        write!(
            client,
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let (mut subgraph, _) = catalog.accept().unwrap();
        read_request(&mut subgraph);
        (client, subgraph)
    };
    let (mut client, mut query) = ask("{ product(id: 1) { name } }");
    let (gone, mut mutation) = ask(r#"mutation { productRename(id: 1, name: \"2\") { name } }"#);
    drop(gone);

    terminate(&child);
    // It has heard the signal when nobody can connect any more.
    let deadline = Instant::now() + Duration::from_secs(5);
    while std::net::TcpStream::connect(&address).is_ok() {
        assert!(Instant::now() < deadline, "it goes on listening");
        std::thread::yield_now();
    }

    let answer = |stream: &mut std::net::TcpStream, data: &str| {
        let body = format!("{{\"data\":{data}}}");
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
    };
    answer(&mut query, r#"{"product":{"name":"late"}}"#);
    let mut text = String::new();
    client.read_to_string(&mut text).unwrap();
    assert!(
        text.starts_with("HTTP/1.1 200") && text.contains("late"),
        "{text}"
    );
    // The mutation is still waited for.
    assert!(child.0.try_wait().unwrap().is_none());
    answer(&mut mutation, r#"{"productRename":{"name":"2"}}"#);
    assert_ends_well(&mut child);
}

#[tokio::test]
async fn websockets_are_told_when_it_ends() {
    use futures_util::StreamExt as _;
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

    let folder = TempDir::new().unwrap();
    let supergraph = write(&folder, "supergraph.graphql", &Shop::new().supergraph());
    let (mut child, address) = start(&["--supergraph", &supergraph, "--listen", "127.0.0.1:0"]);
    let mut request = format!("ws://{address}/graphql")
        .into_client_request()
        .unwrap();
    let protocol = http::HeaderValue::from_static("graphql-transport-ws");
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let (mut client, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    terminate(&child);
    match crate::support::soon(client.next()).await {
        Some(Ok(Message::Close(Some(frame)))) => assert_eq!(u16::from(frame.code), 1001),
        other => panic!("{other:?}"),
    }
    // The answer to the close frame.
    assert!(
        crate::support::soon(client.next())
            .await
            .is_none_or(|next| next.is_err())
    );
    assert_ends_well(&mut child);
}

#[test]
fn settings_that_make_no_sense_are_named_with_exit_code_2() {
    let folder = TempDir::new().unwrap();
    let good = write(&folder, "good.graphql", &Shop::new().supergraph());
    for (settings, named) in [
        ("limits = 7", "limits"),
        ("[limits]\ndepth = \"deep\"", "depth"),
        ("[limits]\ndepth = -1", "depth"),
        ("[timeouts]\nrequest = \"0s\"", "request"),
        ("[timeouts]\nrequest = \"18446744073709551615s\"", "request"),
        ("[websocket]\nping_interval = \"0ms\"", "ping_interval"),
        (
            "[headers]\nforward = [\"content-length\"]",
            "content-length",
        ),
        ("[subgraphs.catalog]\nurl = \"ftp://x\"", "ftp://x"),
        ("[subgraphs.catalog.headers]\nhost = \"x\"", "host"),
        (
            "[subgraphs.catalog.headers]\nx = \"a\\nb\"",
            "subgraphs.catalog.headers.x",
        ),
        ("not toml at all", "gateway.toml"),
    ] {
        let config = write(&folder, "gateway.toml", settings);
        let output = gateway(&["--supergraph", &good, "--config", &config])
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{settings}: {stderr}");
        assert!(stderr.contains(named), "{settings}: {stderr}");
        assert!(!stderr.contains("panicked"), "{settings}: {stderr}");
    }
}

#[test]
fn flags_and_addresses_it_cannot_use_are_named() {
    let folder = TempDir::new().unwrap();
    let good = write(&folder, "good.graphql", &Shop::new().supergraph());
    let binary = folder.path().join("binary.graphql");
    std::fs::write(&binary, b"\xff\xfe\x00").unwrap();
    let binary = binary.display().to_string();
    let empty = write(&folder, "empty.graphql", "");
    let directory = folder.path().display().to_string();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (arguments, code, named) in [
        (
            vec!["--supergraph", &good, "--listen", "nonsense"],
            1,
            "nonsense",
        ),
        (
            vec!["--supergraph", &good, "--listen", "127.0.0.1:99999"],
            1,
            "99999",
        ),
        (vec!["--supergraph", &good, "--listen", &taken], 1, &taken),
        (
            vec!["--supergraph", &good, "--threads", "0"],
            2,
            "--threads",
        ),
        (vec!["--supergraph", &good, "--threads", "many"], 2, "many"),
        (vec!["--supergraph", &good, "--zzz"], 2, "--zzz"),
        (vec!["--supergraph", &good, "more"], 2, "more"),
        (vec!["--supergraph"], 2, "--supergraph"),
        (vec!["--supergraph", &binary], 2, "binary.graphql"),
        (vec!["--supergraph", &empty], 2, "empty.graphql"),
        (vec!["--supergraph", &directory], 2, &directory),
    ] {
        let output = gateway(&arguments).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(named), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
    }
}
