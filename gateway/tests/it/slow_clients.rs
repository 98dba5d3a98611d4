//! Clients that send or take too slowly, or more than anybody reads.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use gateway::{Config, Timeouts};
use http::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{Canned, Shop, config, post, shop, shop_with, soon};

fn impatient() -> Config {
    Config {
        timeouts: Timeouts {
            body: Duration::from_millis(100),
            ..Timeouts::default()
        },
        ..config()
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_408() {
    let asker = Shop::new().gateway(impatient());
    for start in ["", "{\"query\":"] {
        let start = Bytes::from_static(start.as_bytes());
        let body = stream::StreamExt::chain(
            stream::iter([Ok::<_, Infallible>(start)]),
            stream::pending(),
        );
        let answer = soon(asker.send(post(Body::from_stream(body)))).await;
        assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(answer.code(), "REQUEST_TIMEOUT");
        assert_eq!(answer.header("connection"), "close");
    }
}

#[tokio::test]
async fn a_body_drop_by_drop_is_408_and_ends_the_connection() {
    let address = Shop::new().gateway(impatient()).listen().await;
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let drops = tokio::spawn(async move {
        while writing.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let mut answer = [0; 12];
    soon(reading.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    drop(reading);
    soon(drops).await.unwrap();
}

#[tokio::test]
async fn a_client_that_is_still_sending_sees_why_it_is_refused() {
    let address = shop().listen().await;
    for (framing, open, close) in [
        ("content-length: 10000000", "", ""),
        // Announced as one chunk of ten million bytes.
        ("transfer-encoding: chunked", "989680\r\n", "\r\n0\r\n\r\n"),
    ] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{framing}\r\n\r\n"
        );
        let body = format!("{open}{}{close}", " ".repeat(10_000_000));
        soon(stream.write_all(format!("{head}{body}").as_bytes()))
            .await
            .unwrap();
        let mut answer = [0; 12];
        soon(stream.read_exact(&mut answer)).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 413", "{framing}");
    }
    // What is far too large is not even taken.
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let block = vec![b' '; 1_000_000];
    let mut taken = 0;
    while taken < 1_000 && soon(stream.write_all(&block)).await.is_ok() {
        taken += 1;
    }
    assert!(taken < 100, "{taken}");
}

#[tokio::test]
async fn nobody_keeps_a_connection_without_a_request() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let patience = Duration::from_millis(100);
    let server = tokio::spawn(gateway::serve(
        listener,
        shop().router,
        patience,
        stop.clone(),
        Duration::from_secs(5),
    ));
    for started in [
        "",
        "P",
        "POST /graphql HTTP/1.1\r\nhost: x\r\n",
        "PRI * HTTP/2.0\r\n",
    ] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(started.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        soon(stream.read_to_end(&mut answer)).await.unwrap();
        assert!(
            !String::from_utf8_lossy(&answer).contains("200"),
            "{started:?}"
        );
    }
    stop.cancel();
    soon(server).await.unwrap();
}

#[tokio::test]
async fn nobody_keeps_an_answer_waiting() {
    let long = "x".repeat(7_500_000);
    let catalog = Canned::json(json!({"data": {"product": {"name": long}}}));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let server = tokio::spawn(gateway::serve(
        listener,
        shop_with("catalog", catalog).router,
        Duration::from_millis(200),
        stop.clone(),
        Duration::from_secs(60),
    ));
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let body = json!({"query": "{ product(id: \"1\") { name } }"}).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut beginning = [0; 12];
    soon(stream.read_exact(&mut beginning)).await.unwrap();
    assert_eq!(&beginning, b"HTTP/1.1 200");
    // The rest is not taken, and the server ends without it.
    stop.cancel();
    soon(server).await.unwrap();
}
