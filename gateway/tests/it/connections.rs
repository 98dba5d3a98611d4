//! Connections to subgraphs that are kept open: what is sent again, and what never is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gateway::{Config, Gateway, SubgraphConfig};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::hostile::{GOOD, QUERY, head};
use crate::support::{Asker, Shop, config, soon};

/// Reads one request, up to the brace that ends its body.
async fn read_request(stream: &mut TcpStream) -> bool {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.ends_with(b"}") {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return false,
            Ok(count) => request.extend_from_slice(&buffer[..count]),
        }
    }
    true
}

fn good() -> String {
    format!("{}{GOOD}", head("200 OK", "", GOOD.len()))
}

/// A gateway whose catalog is served by `speak`, called with each connection and its number.
async fn behind<F>(speak: impl Fn(TcpStream, usize) -> F + Send + Sync + 'static) -> Asker
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(speak(stream, number));
            number += 1;
        }
    });
    let shop = Shop::new();
    let mut transports = shop.transports();
    transports.remove("catalog");
    let settings = SubgraphConfig {
        url: Some(format!("http://{address}/graphql")),
        ..SubgraphConfig::default()
    };
    let config = Config {
        subgraphs: BTreeMap::from([("catalog".to_owned(), settings)]),
        ..config()
    };
    Asker::new(Gateway::new(&shop.supergraph(), transports, config).unwrap())
}

/// A server that answers the first request of a connection, takes the second one, and then closes
/// the first connection without a word. Counts the requests that reached it.
async fn closing_too_early() -> (Asker, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let asker = behind(move |mut stream, connection| {
        let counted = counted.clone();
        async move {
            let mut answered = 0;
            while read_request(&mut stream).await {
                counted.fetch_add(1, Ordering::SeqCst);
                if connection == 0 && answered == 1 {
                    return Ok(());
                }
                answered += 1;
                stream.write_all(good().as_bytes()).await?;
            }
            Ok(())
        }
    })
    .await;
    (asker, requests)
}

#[tokio::test]
async fn a_query_on_a_connection_that_was_closed_meanwhile_is_sent_again() {
    let (asker, requests) = closing_too_early().await;
    for _ in 0..3 {
        let response = soon(asker.ask(QUERY)).await;
        assert_eq!(response["data"]["product"]["weight"], json!(7));
        assert_eq!(response.get("errors"), None);
    }
    assert_eq!(requests.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_mutation_is_never_sent_twice() {
    let (asker, requests) = closing_too_early().await;
    soon(asker.ask(QUERY)).await;
    let response =
        soon(asker.ask("mutation { productRename(id: \"1\", name: \"n\") { name } }")).await;
    assert_eq!(response["data"], json!({"productRename": null}));
    assert_eq!(
        response["errors"][0]["extensions"]["code"],
        json!("SUBGRAPH_UNAVAILABLE")
    );
    assert_eq!(requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_query_is_sent_again_once() {
    // Every connection answers once, and then closes on the next request; new ones at once.
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let asker = behind(move |mut stream, connection| {
        let counted = counted.clone();
        async move {
            while read_request(&mut stream).await {
                let number = counted.fetch_add(1, Ordering::SeqCst);
                if connection > 0 || number > 0 {
                    return Ok(());
                }
                stream.write_all(good().as_bytes()).await?;
            }
            Ok(())
        }
    })
    .await;
    soon(asker.ask(QUERY)).await;
    let response = soon(asker.ask(QUERY)).await;
    assert_eq!(
        response["errors"][0]["extensions"]["code"],
        json!("SUBGRAPH_UNAVAILABLE")
    );
    assert_eq!(requests.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn an_answer_nobody_asked_for_reaches_nobody() {
    let asker = behind(|mut stream, _| async move {
        while read_request(&mut stream).await {
            // The second answer waits for the next request, which may be another user's.
            let smuggled = good().replace("\"n\"", "\"x\"");
            let both = format!("{}{smuggled}", good());
            stream.write_all(both.as_bytes()).await?;
        }
        Ok(())
    })
    .await;
    for _ in 0..20 {
        let response = soon(asker.ask(QUERY)).await;
        assert_eq!(
            response["data"]["product"],
            json!({"name": "n", "weight": 7})
        );
    }
}

#[tokio::test]
async fn messages_that_can_be_cut_in_two_ways() {
    let body = GOOD;
    let length = body.len();
    for headers in [
        // Hidden in a second length, a wrong length, or a coding nobody knows.
        format!(
            "content-length: {length}\r\ncontent-length: {}\r\n",
            length - 5
        ),
        "content-length: -1\r\n".to_owned(),
        format!("content-length: {length}x\r\n"),
        format!("content-length: {length}\r\nbad header\r\n"),
        "transfer-encoding: chunked\r\n".to_owned(),
    ] {
        let answer =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{headers}\r\n{body}");
        let asker = behind(move |mut stream, _| {
            let answer = answer.clone();
            async move {
                read_request(&mut stream).await;
                stream.write_all(answer.as_bytes()).await
            }
        })
        .await;
        let response = soon(asker.ask(QUERY)).await;
        assert_eq!(response["data"]["product"], Value::Null, "{headers}");
        assert_eq!(response["data"]["warehouses"], json!(["MAIN", "EAST"]));
        let code = response["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap();
        assert!(
            ["SUBGRAPH_UNAVAILABLE", "SUBGRAPH_INVALID_RESPONSE"].contains(&code),
            "{headers}: {response}"
        );
    }
}

#[tokio::test]
async fn headers_that_cut_messages_cannot_be_forwarded() {
    let supergraph = Shop::new().supergraph();
    for name in [
        "content-length",
        "Transfer-Encoding",
        "connection",
        "host",
        "upgrade",
        "te",
        "expect",
        "accept-encoding",
        "bad name",
        "",
    ] {
        let mut forwarding = config();
        forwarding.headers.forward = vec![name.to_owned()];
        let error = Gateway::new(&supergraph, Shop::new().transports(), forwarding).unwrap_err();
        assert!(
            error.to_string().contains("headers.forward"),
            "{name}: {error}"
        );

        let mut sending = config();
        let headers = BTreeMap::from([(name.to_owned(), "7".to_owned())]);
        let settings = SubgraphConfig {
            headers,
            ..SubgraphConfig::default()
        };
        sending.subgraphs.insert("catalog".to_owned(), settings);
        let error = Gateway::new(&supergraph, Shop::new().transports(), sending).unwrap_err();
        assert!(
            error.to_string().contains("subgraphs.catalog.headers"),
            "{name}: {error}"
        );
    }
}
