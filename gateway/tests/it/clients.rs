//! Clients that ask for too much, or for nothing that can be read: over POST and WebSocket.

use std::time::{Duration, Instant};

use futures_util::SinkExt as _;
use http::StatusCode;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{post, shop, soon};
use crate::websocket::Client;

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

// ---- over WebSocket only -------------------------------------------------------------------------------

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
