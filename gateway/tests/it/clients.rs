//! Clients that ask for too much, too slowly, or from where they should not: over POST, GET and WebSocket.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use futures_util::SinkExt as _;
use futures_util::stream;
use gateway::{Config, Timeouts};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Answer, Asker, Canned, Shop, config, post, shop, shop_with, soon};
use crate::websocket::Client;

// ---- too much ---------------------------------------------------------------------------------------

/// Documents that are refused, with the code.
fn excessive() -> Vec<(&'static str, String, &'static str)> {
    let aliases: String = (0..10_000)
        .map(|index| format!("a{index}: name "))
        .collect();
    let mut fan_out = "{ products { ...F0 } }".to_owned();
    for level in 0..40 {
        let next = level + 1;
        fan_out.push_str(&format!(
            " fragment F{level} on Product {{ ...F{next} ...F{next} }}"
        ));
    }
    fan_out.push_str(" fragment F40 on Product { id }");
    let depth = 10_000;
    vec![
        (
            "aliases",
            format!("{{ product(id: \"1\") {{ {aliases} }} }}"),
            "QUERY_TOO_COMPLEX",
        ),
        (
            "depth",
            format!("{}__typename{}", "{ a ".repeat(depth), "}".repeat(depth)),
            "QUERY_TOO_DEEP",
        ),
        (
            "inline fragments",
            format!("{{ {}id{} }}", "... { ".repeat(depth), "}".repeat(depth)),
            "QUERY_TOO_DEEP",
        ),
        (
            "list literals",
            format!(
                "{{ product(id: {}1{}) {{ id }} }}",
                "[".repeat(depth),
                "]".repeat(depth)
            ),
            "QUERY_TOO_DEEP",
        ),
        (
            "list types",
            format!(
                "query ($a: {}Int{}) {{ warehouses }}",
                "[".repeat(depth),
                "]".repeat(depth)
            ),
            "QUERY_TOO_DEEP",
        ),
        (
            "fragment cycle",
            "{ products { ...A } } fragment A on Product { ...B } fragment B on Product { ...A }"
                .to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "fragment of itself",
            "{ products { ...A } } fragment A on Product { id ...A }".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("fragment fan-out", fan_out, "QUERY_TOO_COMPLEX"),
    ]
}

#[tokio::test]
async fn excessive_documents_are_refused_over_post() {
    let asker = shop();
    for (what, query, code) in excessive() {
        let answer = soon(asker.send(post(json!({ "query": query }).to_string()))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
        assert_eq!(answer.code(), code, "{what}: {}", answer.text);
        assert!(answer.text.len() < 20_000, "{what}: {}", answer.text.len());
    }
}

#[tokio::test]
async fn excessive_documents_are_refused_over_websocket() {
    let mut client = Client::ready(&shop()).await;
    for (what, query, code) in excessive() {
        client.subscribe(what, &query).await;
        let message = client.receive().await;
        assert_eq!(
            (&message["id"], &message["type"]),
            (&json!(what), &json!("error")),
            "{message}"
        );
        assert_eq!(message["payload"][0]["extensions"]["code"], json!(code));
    }
    // The connection is still of use.
    client.subscribe("q", "{ __typename }").await;
    assert_eq!(client.receive().await["type"], json!("next"));
}

#[tokio::test]
async fn documents_within_the_limits_take_little_time() {
    let asker = shop();
    let many = |count: usize, part: &dyn Fn(usize) -> String| -> String {
        (0..count).map(part).collect::<Vec<_>>().join(" ")
    };
    for (what, query) in [
        (
            "one field again and again",
            format!("{{ product(id: \"1\") {{ {} }} }}", "name ".repeat(9_900)),
        ),
        (
            "one object again and again",
            format!(
                "{{ latestReviews {{ {} }} }}",
                "product { id } ".repeat(3_000)
            ),
        ),
        (
            "fragments side by side",
            format!(
                "{{ products {{ {} }} }} {}",
                many(1_500, &|index| format!("...F{index}")),
                many(1_500, &|index| format!(
                    "fragment F{index} on Product {{ id }}"
                ))
            ),
        ),
        (
            "fragments nobody uses",
            format!(
                "{{ warehouses }} {}",
                many(2_000, &|index| format!(
                    "fragment F{index} on Product {{ id }}"
                ))
            ),
        ),
        (
            "variables nobody uses",
            format!(
                "query ({}) {{ warehouses }}",
                many(3_500, &|index| format!("$v{index}: Int"))
            ),
        ),
        (
            "arguments nobody knows",
            format!(
                "{{ product(id: \"1\", {}) {{ id }} }}",
                many(4_000, &|index| format!("a{index}: 1"))
            ),
        ),
        (
            "directives",
            format!("{{ warehouses {} }}", "@include(if: true) ".repeat(2_000)),
        ),
        (
            "unknown fields",
            format!(
                "{{ product(id: \"1\") {{ {} }} }}",
                many(9_000, &|index| format!("x{index}"))
            ),
        ),
        (
            "operations",
            many(2_000, &|index| format!("query Q{index} {{ warehouses }}")),
        ),
        (
            "members of an object",
            format!(
                "{{ product(id: {{ {} }}) {{ id }} }}",
                many(4_000, &|index| format!("a{index}: 1"))
            ),
        ),
        (
            "conflicting fields",
            format!(
                "{{ products {{ {} }} }}",
                many(190, &|index| format!(
                    "a: reviews {{ b{index}: id }} a: name"
                ))
            ),
        ),
    ] {
        let started = Instant::now();
        let answer = soon(asker.send(post(json!({ "query": query }).to_string()))).await;
        let took = started.elapsed();
        assert!(took < Duration::from_secs(5), "{what}: {took:?}");
        assert!(answer.text.len() < 100_000, "{what}: {}", answer.text.len());
    }
}

#[tokio::test]
async fn many_variables_are_looked_up_quickly() {
    let declared: String = (0..3_000).map(|index| format!("$v{index}: Int ")).collect();
    let used: String = (0..3_000).map(|index| format!("$v{index} ")).collect();
    let query = format!("query ({declared}) {{ product(id: [{used}]) {{ id }} }}");
    // The document is refused, but only after its variables could have been looked at.
    let given: String = (0..100_000)
        .map(|index| format!("\"w{index}\":1,"))
        .collect();
    let body = format!(
        "{{\"query\":{},\"variables\":{{{given}\"v0\":1}}}}",
        json!(query)
    );
    let answer = soon(shop().send(post(body))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn variables_over_websocket_are_read_as_over_post() {
    let asker = shop();
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    for variables in [
        format!("{{\"id\":{deep}}}"),
        "{\"id\":1,\"id\":2}".to_owned(),
        "{\"id\":1,\"\\u0069d\":2}".to_owned(),
    ] {
        let mut client = Client::ready(&asker).await;
        client
            .send_text(&format!(
                "{{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{{\"query\":\"query ($id: ID!) {{ product(id: $id) {{ id }} }}\",\"variables\":{variables}}}}}"
            ))
            .await;
        let message = client.receive().await;
        assert_eq!(message["type"], json!("error"), "{message}");
        assert_eq!(
            message["payload"][0]["extensions"]["code"],
            json!("BAD_REQUEST")
        );
    }
    for message in [
        // Members that come twice.
        r#"{"type":"ping","type":"pong"}"#,
        r#"{"id":"1","type":"subscribe","payload":{"query":"{ a }","query":"{ b }"}}"#,
        // Half a character.
        r#"{"id":"1","type":"subscribe","payload":{"query":"{ a(b: \"\ud800\") }"}}"#,
    ] {
        let mut client = Client::ready(&asker).await;
        client.send_text(message).await;
        assert_eq!(client.closed().await, 4400, "{message}");
    }
}

// ---- too large, too slow ------------------------------------------------------------------------------

#[tokio::test]
async fn close_1009_for_a_message_that_is_too_long() {
    let asker = shop();
    for length in [2_000_001, 3_000_000, 10_000_000] {
        let mut client = Client::ready(&asker).await;
        // Sending may fail in the middle; why the connection ends can be read all the same.
        let _ = client.0.send(Message::text(" ".repeat(length))).await;
        assert_eq!(client.closed().await, 1009, "{length}");
    }
}

#[tokio::test]
async fn close_1007_for_a_text_that_is_not_utf8() {
    let mut client = Client::ready(&shop()).await;
    // A masked text frame of two bytes; the mask is zero.
    let frame = [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28];
    client.0.get_mut().write_all(&frame).await.unwrap();
    assert_eq!(client.closed().await, 1007);
}

#[tokio::test]
async fn close_4400_for_an_id_that_is_too_long() {
    let mut client = Client::ready(&shop()).await;
    client.subscribe(&"x".repeat(256), "{ __typename }").await;
    assert_eq!(client.receive().await["type"], json!("next"));
    assert_eq!(client.receive().await["type"], json!("complete"));
    client.subscribe(&"x".repeat(257), "{ __typename }").await;
    assert_eq!(client.closed().await, 4400);
}

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

// ---- not JSON, not text --------------------------------------------------------------------------------

#[tokio::test]
async fn half_characters_are_refused() {
    for body in [
        r#"{"query":"{ warehouses }\ud800"}"#,
        r#"{"query":"{ warehouses }","operationName":"\udc00"}"#,
        r#"{"query":"query ($id: ID!) { product(id: $id) { id } }","variables":{"id":"\ud800"}}"#,
        "\u{feff}{\"query\":\"{ warehouses }\"}",
        "{\"query\":\"{ warehouses }\"} {}",
        "{\"query\":\"{ warehouses }\",}",
    ] {
        let answer = soon(shop().send(post(body))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(answer.code(), "BAD_REQUEST", "{body}: {}", answer.text);
    }
    // Whole ones are fine, in whatever way they are written.
    let body = r#"{"\u0071uery":"{ warehouses } # \ud83d\ude00"}"#;
    assert_eq!(soon(shop().send(post(body))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn batches_are_refused_whatever_their_size() {
    let one = r#"{"query":"{ __typename }"}"#;
    for body in [
        "[]".to_owned(),
        format!("[{one}]"),
        format!(" \n[{}{one}]", format!("{one},").repeat(50_000)),
    ] {
        let answer = soon(shop().send(post(body))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.code(), "BATCHING_NOT_SUPPORTED");
    }
}

// ---- foreign pages -------------------------------------------------------------------------------------

async fn get(asker: &Asker, query: &str, headers: &[(&str, &str)]) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("query", query)
        .finish();
    let mut request = Request::get(format!("/graphql?{query}")).header("host", "shop.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    asker.send(request.body(Body::empty()).unwrap()).await
}

/// A gateway that passes cookies on.
fn with_cookies() -> Asker {
    let mut config = config();
    config.headers.forward.push("cookie".to_owned());
    Shop::new().gateway(config)
}

#[tokio::test]
async fn a_get_of_a_foreign_page_is_refused() {
    let accept = ("accept", "application/json");
    let plain = shop();
    let with_cookies = with_cookies();
    for (asker, headers, is_refused) in [
        (&plain, &[accept][..], false),
        (&plain, &[accept, ("sec-fetch-site", "same-origin")], false),
        (&plain, &[accept, ("sec-fetch-site", "none")], false),
        (&plain, &[accept, ("sec-fetch-site", "cross-site")], true),
        (&plain, &[accept, ("sec-fetch-site", "same-site")], true),
        (&plain, &[accept, ("origin", "https://shop.test")], false),
        (&plain, &[accept, ("origin", "https://evil.test")], true),
        (&plain, &[accept, ("origin", "null")], true),
        // A cookie that reaches nobody is no matter.
        (&plain, &[accept, ("cookie", "session=1")], false),
        (&with_cookies, &[accept, ("cookie", "session=1")], true),
        (&with_cookies, &[accept], false),
        (&plain, &[accept, ("authorization", "Basic eDp5")], true),
        (&plain, &[accept, ("authorization", "Bearer t")], false),
        // What only an asked browser sends proves enough.
        (
            &with_cookies,
            &[
                accept,
                ("cookie", "session=1"),
                ("sec-fetch-site", "cross-site"),
                ("graphql-require-preflight", "1"),
            ],
            false,
        ),
    ] {
        let answer = get(asker, "{ __typename }", headers).await;
        let expected = match is_refused {
            true => (StatusCode::BAD_REQUEST, "CSRF_PREVENTED".to_owned()),
            false => (StatusCode::OK, String::new()),
        };
        assert_eq!((answer.status, answer.code()), expected, "{headers:?}");
    }
    // And never a mutation.
    let mutation = "mutation { stockReserve(id: \"1\") }";
    let answer = get(
        &plain,
        mutation,
        &[accept, ("graphql-require-preflight", "1")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_foreign_page_cannot_use_the_browsers_credentials_over_websocket() {
    let asker = with_cookies();
    let seen = async |headers: &[(&'static str, &str)], name: &str| -> Value {
        let mut client = Client::connect_as(&asker, headers).await;
        client.send(json!({"type": "connection_init"})).await;
        assert_eq!(client.receive().await["type"], json!("connection_ack"));
        client
            .subscribe("q", &format!("{{ echoHeader(name: \"{name}\") }}"))
            .await;
        client.receive().await["payload"]["data"]["echoHeader"].clone()
    };
    let cookie = ("cookie", "session=1");
    assert_eq!(seen(&[cookie], "cookie").await, json!("session=1"));
    for foreign in [
        ("origin", "https://evil.test"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        assert_eq!(seen(&[cookie, foreign], "cookie").await, Value::Null);
        let basic = ("authorization", "Basic eDp5");
        assert_eq!(seen(&[basic, foreign], "authorization").await, Value::Null);
        let bearer = ("authorization", "Bearer t");
        assert_eq!(
            seen(&[bearer, foreign], "authorization").await,
            json!("Bearer t")
        );
    }
}

#[tokio::test]
async fn a_token_cannot_bring_headers_of_its_own() {
    for token in ["a\r\nx-admin: 1", "a\nb", "a\u{0}"] {
        let mut client = Client::connect(&shop()).await;
        client
            .send(json!({"type": "connection_init", "payload": {"authorization": token}}))
            .await;
        assert_eq!(client.closed().await, 4403);
    }
}
