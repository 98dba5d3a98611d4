//! GraphQL over server-sent events.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, shop, soon};

async fn ask(query: &str) -> Answer {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(Body::from(json!({ "query": query }).to_string()))
        .unwrap();
    soon(shop().send(request)).await
}

/// Events as (name, data), comments left out.
fn events(answer: &Answer) -> Vec<(String, Value)> {
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/event-stream");
    answer
        .text
        .split("\n\n")
        .filter(|event| !event.is_empty() && !event.starts_with(':'))
        .map(|event| {
            let (name, data) = event.split_once('\n').unwrap();
            let data = data.strip_prefix("data: ").unwrap();
            (
                name.strip_prefix("event: ").unwrap().to_owned(),
                serde_json::from_str(data).unwrap_or(Value::Null),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_subscription_is_a_stream_of_events() {
    let events = events(&ask("subscription { stockChanged { id name } }").await);
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["next", "next", "complete"], "{events:?}");
    assert_eq!(
        events[1].1["data"],
        json!({"stockChanged": {"id": "2", "name": "Product 2"}})
    );
}

#[tokio::test]
async fn a_query_is_one_event() {
    let events = events(&ask("{ warehouses }").await);
    assert_eq!(events[0].1["data"], json!({"warehouses": ["MAIN", "EAST"]}));
    assert_eq!((events.len(), events[1].0.as_str()), (2, "complete"));
}

#[tokio::test]
async fn a_refusal_is_an_event_too() {
    let events = events(&ask("subscription { nothing }").await);
    assert_eq!(
        events[0].1["errors"][0]["extensions"]["code"],
        json!("GRAPHQL_VALIDATION_FAILED")
    );
    assert_eq!((events.len(), events[1].0.as_str()), (2, "complete"));
}

#[tokio::test]
async fn browsers_subscribe_by_get() {
    let request = Request::get("/graphql?query=subscription%7BstockChanged%7Bid%7D%7D")
        .header("accept", "text/event-stream")
        .body(Body::empty())
        .unwrap();
    assert_eq!(events(&soon(shop().send(request)).await).len(), 3);
}
