//! Bytes stay bytes: numbers and strings reach the client, and the next subgraph, as they were written.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use federation::{SubgraphSdl, compose};
use gateway::transport::Subgraph;
use gateway::{Config, Gateway};
use serde_json::json;

use crate::support::{Asker, Canned, post};

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@requires"])
scalar Json
"#;

const PRICES: &str = r#"
input Filter { above: Float = 0.5 tags: [Json!] limit: Int = 3 }
type Query {
    product: Product
    products(filter: Filter, amount: Float, any: Json, id: ID): [Product!]
}
type Product @key(fields: "id") { id: ID! price: Float! any: Json grid: [[Float]!] note: String }
"#;

const TAXES: &str = r#"
type Query { nothing: Int }
type Product @key(fields: "id") {
    id: ID!
    price: Float! @external
    any: Json @external
    tax: Float @requires(fields: "price any")
}
"#;

type Sent = Arc<Mutex<Vec<String>>>;

/// Two subgraphs that answer these texts, and what they were sent.
fn two(prices: &'static str, taxes: &'static str) -> (Asker, Sent) {
    let sdls = [("prices", PRICES), ("taxes", TAXES)];
    let supergraph = compose(&sdls.map(|(name, sdl)| SubgraphSdl {
        name: name.to_owned(),
        url: format!("http://{name}.invalid/"),
        sdl: format!("{LINK}{sdl}"),
    }))
    .unwrap_or_else(|errors| panic!("{errors:#?}"))
    .supergraph_sdl;
    let sent = Sent::default();
    let subgraphs: HashMap<String, Arc<dyn Subgraph>> = [("prices", prices), ("taxes", taxes)]
        .map(|(name, answer)| {
            let sent = sent.clone();
            let canned = Canned(Box::new(move |request| {
                let body = String::from_utf8(request.body.to_vec()).unwrap();
                sent.lock().unwrap().push(body);
                Ok(Bytes::from_static(answer.as_bytes()))
            }));
            (name.to_owned(), Arc::new(canned) as Arc<dyn Subgraph>)
        })
        .into();
    let gateway = Gateway::new(&supergraph, subgraphs, Config::default()).unwrap();
    (Asker::new(gateway), sent)
}

async fn ask(asker: &Asker, body: &str) -> String {
    asker.send(post(body.to_owned())).await.text
}

#[tokio::test]
async fn values_are_passed_on_as_they_were_written() {
    let data = r#"{"product":{"id":"a\u00e9\/b","price":1.10,"any":{"n":123456789012345678901234567890.5000,"s":"\ud83d\ude00"},"grid":[[1.0,2e2],[-0.0]],"note":"tab\there"}}"#;
    let answer: &'static str = format!("{{\"data\":{data}}}").leak();
    let (asker, _) = two(answer, "");
    let text = ask(
        &asker,
        r#"{"query":"{ product { id price any grid note } }"}"#,
    )
    .await;
    assert_eq!(text, answer);

    // In another order, so that it has to be put together.
    let text = ask(&asker, r#"{"query":"{ product { note any price id } }"}"#).await;
    assert_eq!(
        text,
        r#"{"data":{"product":{"note":"tab\there","any":{"n":123456789012345678901234567890.5000,"s":"\ud83d\ude00"},"price":1.10,"id":"a\u00e9\/b"}}}"#
    );
}

#[tokio::test]
async fn representations_carry_the_bytes_of_the_subgraph_before() {
    let (asker, sent) = two(
        r#"{"data":{"product":{"__typename":"Product","price":1.10,"id":9007199254740993,"any":[1.50,{"a":"\u00e9"}]}}}"#,
        r#"{"data":{"_entities":[{"tax":0.20900}]}}"#,
    );
    let text = ask(&asker, r#"{"query":"{ product { tax } }"}"#).await;
    assert_eq!(text, r#"{"data":{"product":{"tax":0.20900}}}"#);
    let sent = sent.lock().unwrap();
    for part in [
        r#""price":1.10"#,
        r#""id":9007199254740993"#,
        r#""any":[1.50,{"a":"\u00e9"}]"#,
    ] {
        assert!(sent[1].contains(part), "{}", sent[1]);
    }
}

#[tokio::test]
async fn variables_carry_the_bytes_of_the_client() {
    let (asker, sent) = two(r#"{"data":{"products":[]}}"#, "");
    let query = "query ($filter: Filter, $amount: Float, $any: Json, $id: ID) { products(filter: $filter, amount: $amount, any: $any, id: $id) { id } }";
    let variables = r#"{"filter":{"tags":[1.10,"a\u00e9"]},"amount":1.10,"any":{"n":123456789012345678901234567890},"id":12345678901234567890}"#;
    let body = format!("{{\"query\":\"{query}\",\"variables\":{variables}}}");
    let text = ask(&asker, &body).await;
    assert_eq!(text, r#"{"data":{"products":[]}}"#);
    let sent = sent.lock().unwrap();
    for part in [
        r#""filter":{"tags":[1.10,"a\u00e9"],"above":0.5,"limit":3}"#,
        r#""amount":1.10"#,
        r#""any":{"n":123456789012345678901234567890}"#,
        r#""id":12345678901234567890"#,
    ] {
        assert!(sent[0].contains(part), "{}", sent[0]);
    }
}

#[tokio::test]
async fn an_answer_is_not_passed_on_unless_it_fits() {
    let query = r#"{"query":"{ product { id price note } }"}"#;
    for (answer, expected) in [
        // Another order, white space and unknown members.
        (
            r#"{ "data" : { "product" : { "price" : 1.0 , "id" : "1" , "note" : null } } }"#,
            json!({"product": {"id": "1", "price": 1.0, "note": null}}),
        ),
        (
            r#"{"data":{"product":{"id":"1","price":1.0,"note":"n","secret":1}}}"#,
            json!({"product": {"id": "1", "price": 1.0, "note": "n"}}),
        ),
        (
            r#"{"data":{"product":{"id":7,"price":1,"note":null}},"extensions":{"a":1}}"#,
            json!({"product": {"id": "7", "price": 1, "note": null}}),
        ),
        (
            r#"{"data":{"product":{"\u0069d":"1","price":1,"note":"x"}}}"#,
            json!({"product": {"id": "1", "price": 1, "note": "x"}}),
        ),
    ] {
        let (asker, _) = two(answer, "");
        let text = ask(&asker, query).await;
        let text: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(text, json!({ "data": expected }), "{answer}");
    }
}
