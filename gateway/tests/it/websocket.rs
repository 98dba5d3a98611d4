//! GraphQL over WebSocket: messages, close codes, subscriptions.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use gateway::WebSocketConfig;
use http::HeaderValue;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{Asker, Canned, Shop, config, shop, shop_with, soon};

pub(crate) struct Client(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn connect_with(asker: &Asker, protocol: Option<&str>) -> Self {
        let address = asker.listen().await;
        let mut request = format!("ws://{address}/graphql")
            .into_client_request()
            .unwrap();
        if let Some(protocol) = protocol {
            let value = HeaderValue::from_str(protocol).unwrap();
            request
                .headers_mut()
                .insert("sec-websocket-protocol", value);
        }
        Self(connect_async(request).await.unwrap().0)
    }

    /// Connects with headers of the test's own.
    pub(crate) async fn connect_as(asker: &Asker, headers: &[(&'static str, &str)]) -> Self {
        let address = asker.listen().await;
        let mut request = format!("ws://{address}/graphql")
            .into_client_request()
            .unwrap();
        let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
        for (name, value) in headers.iter().chain([&protocol]) {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers_mut().insert(*name, value);
        }
        Self(connect_async(request).await.unwrap().0)
    }

    pub(crate) async fn connect(asker: &Asker) -> Self {
        Self::connect_with(asker, Some("graphql-transport-ws")).await
    }

    pub(crate) async fn ready(asker: &Asker) -> Self {
        let mut client = Self::connect(asker).await;
        client.send(json!({"type": "connection_init"})).await;
        assert_eq!(client.receive().await, json!({"type": "connection_ack"}));
        client
    }

    pub(crate) async fn send(&mut self, message: Value) {
        self.send_text(&message.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(json!({"id": id, "type": "subscribe", "payload": {"query": query}}))
            .await;
    }

    pub(crate) async fn receive(&mut self) -> Value {
        loop {
            match soon(self.0.next()).await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The close code, whatever is sent before it.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match soon(self.0.next()).await.unwrap().unwrap() {
                Message::Close(Some(frame)) => return frame.code.into(),
                Message::Close(None) => return 0,
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn a_subscription_with_follow_up_fetches() {
    let mut client = Client::ready(&shop()).await;
    client
        .send(json!({"id": "s", "type": "subscribe", "payload": {
            "query": "subscription S($times: Int!) { stockChanged(times: $times) { __typename id inStock label: name reviews { author { name } } } }",
            "variables": {"times": 2},
            "operationName": "S",
        }}))
        .await;
    for id in ["1", "2"] {
        let message = client.receive().await;
        assert_eq!(message["id"], json!("s"));
        assert_eq!(message["type"], json!("next"));
        let product = &message["payload"]["data"]["stockChanged"];
        assert_eq!(product["id"], json!(id));
        assert_eq!(product["label"], json!(format!("Product {id}")));
        assert_eq!(product["reviews"][1]["author"]["name"], json!("Author 1"));
        assert_eq!(message["payload"].get("errors"), None);
    }
    assert_eq!(
        client.receive().await,
        json!({"id": "s", "type": "complete"})
    );
}

#[tokio::test]
async fn queries_and_mutations_run_too() {
    let mut client = Client::ready(&shop()).await;
    client.subscribe("q", "{ warehouses }").await;
    assert_eq!(
        client.receive().await["payload"]["data"],
        json!({"warehouses": ["MAIN", "EAST"]})
    );
    assert_eq!(
        client.receive().await,
        json!({"id": "q", "type": "complete"})
    );
    client
        .subscribe("q", "mutation { stockReserve(id: \"1\") }")
        .await;
    assert_eq!(
        client.receive().await["payload"]["data"],
        json!({"stockReserve": true})
    );
    assert_eq!(
        client.receive().await,
        json!({"id": "q", "type": "complete"})
    );
}

#[tokio::test]
async fn a_refused_operation_is_an_error_message() {
    let mut client = Client::ready(&shop()).await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        client.subscribe("x", query).await;
        let message = client.receive().await;
        assert_eq!(
            (&message["id"], &message["type"]),
            (&json!("x"), &json!("error"))
        );
        assert_eq!(message["payload"][0]["extensions"]["code"], json!(code));
    }
    // The id is free again.
    client.subscribe("x", "{ __typename }").await;
    assert_eq!(client.receive().await["type"], json!("next"));
}

#[tokio::test]
async fn errors_of_events_are_part_of_next() {
    let inventory = Canned::text("nonsense");
    let mut client = Client::ready(&shop_with("inventory", inventory)).await;
    client
        .subscribe("s", "subscription { stockChanged { id } }")
        .await;
    let message = client.receive().await;
    assert_eq!(message["type"], json!("next"));
    assert_eq!(message["payload"]["data"], Value::Null);
    assert_eq!(
        message["payload"]["errors"][0]["extensions"]["code"],
        json!("SUBGRAPH_INVALID_RESPONSE")
    );
}

#[tokio::test]
async fn ping_is_answered_and_pong_is_not() {
    let mut client = Client::connect(&shop()).await;
    client.send(json!({"type": "ping"})).await;
    assert_eq!(client.receive().await, json!({"type": "pong"}));
    client.send(json!({"type": "pong"})).await;
    client
        .send(json!({"type": "ping", "payload": {"a": 1}}))
        .await;
    assert_eq!(
        client.receive().await,
        json!({"type": "pong", "payload": {"a": 1}})
    );
}

#[tokio::test]
async fn a_completed_operation_sends_nothing_more() {
    let mut client = Client::ready(&shop()).await;
    client.subscribe("s", "subscription { never }").await;
    client.send(json!({"id": "s", "type": "complete"})).await;
    client
        .send(json!({"id": "unknown", "type": "complete"}))
        .await;
    // The id can be used again, and only the new operation answers.
    client.subscribe("s", "{ __typename }").await;
    assert_eq!(
        client.receive().await["payload"]["data"],
        json!({"__typename": "Query"})
    );
    assert_eq!(
        client.receive().await,
        json!({"id": "s", "type": "complete"})
    );
}

#[tokio::test]
async fn the_token_of_the_first_message_reaches_subgraphs() {
    let asker = shop();
    for key in ["Authorization", "authorization"] {
        let mut client = Client::connect(&asker).await;
        client
            .send(json!({"type": "connection_init", "payload": {key: "Bearer t", "other": {}}}))
            .await;
        assert_eq!(client.receive().await["type"], json!("connection_ack"));
        client.subscribe("s", "subscription { token }").await;
        assert_eq!(
            client.receive().await["payload"]["data"],
            json!({"token": "Bearer t"})
        );
    }
}

#[tokio::test]
async fn close_4400_for_what_is_not_a_message() {
    let asker = shop();
    for message in [
        "nonsense",
        "7",
        "[]",
        "{}",
        r#"{"type":7}"#,
        r#"{"type":"start"}"#,
        r#"{"type":"connection_init","payload":7}"#,
        r#"{"type":"ping","payload":7}"#,
        r#"{"type":"subscribe","payload":{"query":"{ __typename }"}}"#,
        r#"{"type":"subscribe","id":"","payload":{"query":"{ __typename }"}}"#,
        r#"{"type":"subscribe","id":7,"payload":{"query":"{ __typename }"}}"#,
        r#"{"type":"complete"}"#,
    ] {
        let mut client = Client::connect(&asker).await;
        client.send_text(message).await;
        assert_eq!(client.closed().await, 4400, "{message}");
    }
    for payload in [
        json!(null),
        json!({}),
        json!({"query": 7}),
        json!({"query": "{ a }", "variables": 7}),
    ] {
        let mut client = Client::ready(&asker).await;
        client
            .send(json!({"type": "subscribe", "id": "1", "payload": payload}))
            .await;
        assert_eq!(client.closed().await, 4400, "{payload}");
    }
    let mut client = Client::connect(&asker).await;
    client
        .0
        .send(Message::Binary(Bytes::from_static(b"{}")))
        .await
        .unwrap();
    assert_eq!(client.closed().await, 4400);
}

#[tokio::test]
async fn close_4401_for_a_subscribe_before_the_acknowledgment() {
    let mut client = Client::connect(&shop()).await;
    client.subscribe("s", "{ __typename }").await;
    assert_eq!(client.closed().await, 4401);
}

#[tokio::test]
async fn close_4403_for_a_token_that_cannot_be_one() {
    for token in [json!(7), json!({}), json!("a\nb")] {
        let mut client = Client::connect(&shop()).await;
        client
            .send(json!({"type": "connection_init", "payload": {"authorization": token}}))
            .await;
        assert_eq!(client.closed().await, 4403);
    }
}

#[tokio::test]
async fn close_4406_for_another_protocol() {
    // The client library does not accept a connection without the protocol it asked for, so
    // the old protocol's name is not offered alone here.
    let mut client = Client::connect_with(&shop(), None).await;
    assert_eq!(client.closed().await, 4406);
}

#[tokio::test]
async fn close_4408_for_a_missing_init() {
    let websocket = WebSocketConfig {
        init_timeout: Duration::from_millis(50),
        ..WebSocketConfig::default()
    };
    let asker = Shop::new().gateway(gateway::Config {
        websocket,
        ..config()
    });
    let mut client = Client::connect(&asker).await;
    assert_eq!(client.closed().await, 4408);
}

#[tokio::test]
async fn close_4409_for_an_id_in_use() {
    let mut client = Client::ready(&shop()).await;
    client.subscribe("s", "subscription { never }").await;
    client.subscribe("s", "subscription { never }").await;
    assert_eq!(client.closed().await, 4409);
}

#[tokio::test]
async fn close_4429_for_a_second_init() {
    let mut client = Client::ready(&shop()).await;
    client.send(json!({"type": "connection_init"})).await;
    assert_eq!(client.closed().await, 4429);
}

#[tokio::test]
async fn operations_per_connection_are_limited() {
    let websocket = WebSocketConfig {
        max_operations: 2,
        ..WebSocketConfig::default()
    };
    let asker = Shop::new().gateway(gateway::Config {
        websocket,
        ..config()
    });
    let mut client = Client::ready(&asker).await;
    for id in ["a", "b", "c"] {
        client.subscribe(id, "subscription { never }").await;
    }
    let message = client.receive().await;
    assert_eq!(
        (&message["id"], &message["type"]),
        (&json!("c"), &json!("error"))
    );
    assert_eq!(
        message["payload"][0]["extensions"]["code"],
        json!("TOO_MANY_OPERATIONS")
    );
    // The others go on.
    client.send(json!({"id": "a", "type": "complete"})).await;
    client.subscribe("d", "{ __typename }").await;
    assert_eq!(client.receive().await["type"], json!("next"));
}

#[tokio::test]
async fn a_client_that_shows_no_sign_of_life_is_dropped() {
    let websocket = WebSocketConfig {
        ping_interval: Duration::from_millis(20),
        ..WebSocketConfig::default()
    };
    let asker = Shop::new().gateway(gateway::Config {
        websocket,
        ..config()
    });
    let address = asker.listen().await;
    let mut request = format!("ws://{address}/graphql")
        .into_client_request()
        .unwrap();
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut client, _) = tokio_tungstenite::client_async(request, stream)
        .await
        .unwrap();
    client
        .send(Message::text(r#"{"type":"connection_init"}"#))
        .await
        .unwrap();

    // Below the library nobody answers the probes (0x89), until the server closes (0x88).
    let stream = client.get_mut();
    let mut received = Vec::new();
    soon(async {
        while !received.contains(&0x88) {
            stream.readable().await.unwrap();
            let mut buffer = [0; 64];
            if let Ok(count) = stream.try_read(&mut buffer) {
                received.extend_from_slice(&buffer[..count]);
            }
        }
    })
    .await;
    assert_eq!(
        received.iter().filter(|byte| **byte == 0x89).count(),
        2,
        "{received:x?}"
    );
}

#[tokio::test]
async fn shutdown_closes_connections() {
    let asker = shop();
    let mut client = Client::ready(&asker).await;
    client.subscribe("s", "subscription { never }").await;
    asker.gateway.shutdown();
    // No `complete` comes before: clients would take the subscription to be over.
    match soon(client.0.next()).await.unwrap().unwrap() {
        Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), 1001),
        other => panic!("{other:?}"),
    }
}
