//! Subgraphs reached over HTTP.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use futures_util::StreamExt as _;
use gateway::{Config, Gateway, StartError, SubgraphConfig};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::support::{Asker, Headers, InProcess, Shop, config, shop, soon};

/// Serves a subgraph like any GraphQL server would.
async fn serve(subgraph: Arc<InProcess>) -> SocketAddr {
    let handler = move |headers: HeaderMap, body: Bytes| {
        let subgraph = subgraph.clone();
        async move {
            let wants_events = headers
                .get("accept")
                .is_some_and(|value| value == "text/event-stream");
            let request: async_graphql::Request = serde_json::from_slice(&body).unwrap();
            let request = request.data(Headers(headers));
            if wants_events {
                let events = subgraph
                    .events(request)
                    .map(|event| {
                        format!("event: next\ndata: {}\n\n", String::from_utf8_lossy(&event))
                    })
                    .chain(futures_util::stream::iter([
                        "event: complete\n\n".to_owned()
                    ]))
                    .map(Ok::<_, Infallible>);
                (
                    [("content-type", "text/event-stream")],
                    Body::from_stream(events),
                )
                    .into_response()
            } else {
                (
                    [("content-type", "application/json")],
                    subgraph.run(request).await,
                )
                    .into_response()
            }
        }
    };
    listen(axum::Router::new().route("/graphql", post(handler))).await
}

/// Serves the same answer to everything.
async fn serve_fixed(status: StatusCode, body: impl Into<Bytes>) -> SocketAddr {
    let body: Bytes = body.into();
    listen(axum::Router::new().fallback(move || {
        let body = body.clone();
        async move {
            Response::builder()
                .status(status)
                .body(Body::from(body))
                .unwrap()
        }
    }))
    .await
}

async fn listen(router: axum::Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

fn at(addresses: &[(&str, SocketAddr)]) -> Config {
    let subgraphs = addresses
        .iter()
        .map(|(name, address)| {
            let url = Some(format!("http://{address}/graphql"));
            let headers = BTreeMap::from([("x-from".to_owned(), "gateway".to_owned())]);
            (
                (*name).to_owned(),
                SubgraphConfig {
                    url,
                    headers,
                    ..SubgraphConfig::default()
                },
            )
        })
        .collect();
    Config {
        subgraphs,
        ..config()
    }
}

/// All three subgraphs over HTTP.
async fn distributed_shop() -> Asker {
    let shop = Shop::new();
    let mut addresses = Vec::new();
    for (name, subgraph) in shop.named() {
        addresses.push((name, serve(subgraph).await));
    }
    Asker::new(Gateway::new(&shop.supergraph(), HashMap::new(), at(&addresses)).unwrap())
}

#[tokio::test]
async fn http_and_in_process_give_the_same_answer() {
    let query = "{ products { name inStock shippingCost reviews { body author { name } } } feed { __typename } refused broken }";
    let (one, other) = (distributed_shop().await, shop());
    let (mut one, mut other) = (soon(one.ask(query)).await, soon(other.ask(query)).await);
    for response in [&mut one, &mut other] {
        assert!(response["data"]["products"].is_array(), "{response}");
        response["extensions"]["bazaar"]["fetchMs"] = Value::Null;
        for error in response["errors"].as_array_mut().unwrap() {
            error["extensions"]
                .as_object_mut()
                .unwrap()
                .remove("requestId");
        }
        let errors = response["errors"].as_array_mut().unwrap();
        errors.sort_by_key(ToString::to_string);
    }
    assert_eq!(one, other);
}

#[tokio::test]
async fn headers_reach_the_subgraph() {
    let asker = distributed_shop().await;
    let mut request =
        crate::support::post(json!({"query": "{ a: echoHeader(name: \"authorization\") b: echoHeader(name: \"x-from\") c: echoHeader(name: \"x-request-id\") }"}).to_string());
    request
        .headers_mut()
        .insert("authorization", "Bearer t".parse().unwrap());
    request
        .headers_mut()
        .insert("x-request-id", "r-1".parse().unwrap());
    let answer = soon(asker.send(request)).await;
    assert_eq!(
        answer.json()["data"],
        json!({"a": "Bearer t", "b": "gateway", "c": "r-1"})
    );
}

#[tokio::test]
async fn subscriptions_come_as_events() {
    let asker = distributed_shop().await;
    let request = http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(Body::from(
            r#"{"query":"subscription { stockChanged(times: 3) { id name } }"}"#,
        ))
        .unwrap();
    let answer = soon(asker.send(request)).await;
    assert_eq!(
        answer.text.matches("event: next").count(),
        3,
        "{}",
        answer.text
    );
    assert!(answer.text.contains("Product 3") && answer.text.contains("event: complete"));
}

#[tokio::test]
async fn failing_servers() {
    let shop = Shop::new();
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dead = free.local_addr().unwrap();
    drop(free);
    let large = format!(
        "{{\"data\":{{\"product\":{{\"name\":\"{}\"}}}}}}",
        "x".repeat(9 * 1024 * 1024)
    );
    for (address, code) in [
        (dead, "SUBGRAPH_UNAVAILABLE"),
        (
            serve_fixed(StatusCode::BAD_GATEWAY, "<html>").await,
            "SUBGRAPH_UNAVAILABLE",
        ),
        (
            serve_fixed(StatusCode::INTERNAL_SERVER_ERROR, "{\"data\":{}}").await,
            "SUBGRAPH_UNAVAILABLE",
        ),
        (
            serve_fixed(StatusCode::NOT_FOUND, "not found").await,
            "SUBGRAPH_UNAVAILABLE",
        ),
        (
            serve_fixed(StatusCode::OK, "<html>").await,
            "SUBGRAPH_INVALID_RESPONSE",
        ),
        (
            serve_fixed(StatusCode::OK, large).await,
            "SUBGRAPH_INVALID_RESPONSE",
        ),
    ] {
        let mut transports = shop.transports();
        transports.remove("catalog");
        let gateway =
            Gateway::new(&shop.supergraph(), transports, at(&[("catalog", address)])).unwrap();
        let response =
            soon(Asker::new(gateway).ask("{ product(id: \"1\") { name } warehouses }")).await;
        assert_eq!(
            response["data"],
            json!({"product": null, "warehouses": ["MAIN", "EAST"]})
        );
        assert_eq!(
            response["errors"][0]["extensions"],
            json!({"code": code, "service": "catalog"})
        );
    }
}

#[tokio::test]
async fn an_https_address_is_spoken_to_in_tls() {
    let shop = Shop::new();
    let address = serve(shop.catalog.clone()).await;
    let mut transports = shop.transports();
    transports.remove("catalog");
    let mut config = at(&[("catalog", address)]);
    config.subgraphs.get_mut("catalog").unwrap().url = Some(format!("https://{address}/graphql"));
    let gateway = Gateway::new(&shop.supergraph(), transports, config).unwrap();
    // The server speaks plain HTTP, so there is no handshake.
    let response = soon(Asker::new(gateway).ask("{ product(id: \"1\") { name } }")).await;
    assert_eq!(
        response["errors"][0]["extensions"]["code"],
        json!("SUBGRAPH_UNAVAILABLE")
    );
}

#[tokio::test]
async fn a_refusing_subgraphs_words_are_passed_on() {
    let shop = Shop::new();
    let body =
        r#"{"errors":[{"message":"Log in first.","extensions":{"code":"UNAUTHENTICATED"}}]}"#;
    let address = serve_fixed(StatusCode::UNAUTHORIZED, body).await;
    let mut transports = shop.transports();
    transports.remove("catalog");
    let gateway =
        Gateway::new(&shop.supergraph(), transports, at(&[("catalog", address)])).unwrap();
    let response = soon(Asker::new(gateway).ask("{ product(id: \"1\") { name } }")).await;
    assert_eq!(
        response["errors"],
        json!([{"message": "Log in first.", "path": ["product"], "extensions": {"code": "UNAUTHENTICATED"}}])
    );
}

#[tokio::test]
async fn a_start_with_wrong_settings_is_refused() {
    let supergraph = Shop::new().supergraph();
    let start = |config: Config| Gateway::new(&supergraph, HashMap::new(), config).unwrap_err();
    let subgraph = |name: &str, settings: SubgraphConfig| Config {
        subgraphs: BTreeMap::from([(name.to_owned(), settings)]),
        ..Config::default()
    };

    let error = start(subgraph("nobody", SubgraphConfig::default()));
    assert!(
        matches!(&error, StartError::UnknownSubgraph { subgraph, .. } if subgraph == "nobody"),
        "{error}"
    );

    for url in ["nonsense", "ftp://a.test", "", "/graphql"] {
        let settings = SubgraphConfig {
            url: Some(url.to_owned()),
            ..SubgraphConfig::default()
        };
        let error = start(subgraph("catalog", settings));
        assert!(
            matches!(&error, StartError::Subgraph { subgraph, .. } if subgraph == "catalog"),
            "{error}"
        );
    }

    let headers = BTreeMap::from([("bad header".to_owned(), "x".to_owned())]);
    let error = start(subgraph(
        "catalog",
        SubgraphConfig {
            headers,
            ..SubgraphConfig::default()
        },
    ));
    assert!(error.to_string().contains("bad header"), "{error}");
}
