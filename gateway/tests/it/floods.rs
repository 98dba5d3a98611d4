//! Answers that are small to send and would be large to keep, search or show.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use federation::{SubgraphSdl, compose};
use gateway::transport::Subgraph;
use gateway::{Config, Gateway};
use serde_json::{Value, json};

use crate::support::{Asker, Canned, Shop, config, post, shop_with, soon};

/// At most so many errors are shown, and so many bytes.
fn assert_bounded(response: &Value) {
    let errors = response["errors"].as_array().unwrap();
    assert!(errors.len() <= 1000, "{}", errors.len());
    assert!(errors[0]["extensions"]["code"].is_string());
    let length = response["errors"].to_string().len();
    assert!(length < 3_000_000, "{length}");
}

#[tokio::test]
async fn very_many_errors() {
    for error in [
        json!({}),
        json!(7),
        json!({"message": "m"}),
        json!({"message": "m", "path": ["product", "weight"], "extensions": {"code": "X"}}),
        json!({"message": "m", "path": ["nowhere", 7], "extensions": {"code": "X"}}),
    ] {
        let errors = vec![error.clone(); 30_000];
        let answer = json!({"data": {"product": {"name": "n", "weight": null}}, "errors": errors});
        let response = soon(
            shop_with("catalog", Canned::json(answer))
                .ask("{ product(id: \"1\") { name weight } }"),
        )
        .await;
        assert_eq!(
            response["data"]["product"],
            json!({"name": "n", "weight": null}),
            "{error}"
        );
        assert_bounded(&response);
    }
}

#[tokio::test]
async fn one_very_large_error() {
    let long = "x".repeat(2_000_000);
    for error in [
        json!({"message": long, "extensions": {"code": "X"}}),
        json!({"message": "m", "extensions": {"code": "X", "more": long}}),
        json!({"message": "m", "extensions": {"code": long}}),
        json!({"message": "m", "extensions": {"code": "X"}, "path": [long]}),
        json!({"message": "m", "extensions": {"code": "X"}, "path": vec![0; 1_000_000]}),
    ] {
        // Without a path it belongs to each root field.
        let fields: String = (0..50)
            .map(|index| format!("f{index}: product(id: \"{index}\") {{ name }} "))
            .collect();
        let answer = json!({"data": null, "errors": [error]});
        let response =
            soon(shop_with("catalog", Canned::json(answer)).ask(&format!("{{ {fields} }}"))).await;
        assert_eq!(response["data"]["f49"], Value::Null);
        assert_bounded(&response);
    }
}

#[tokio::test]
async fn errors_of_entities_at_very_many_places() {
    let count = 20_000;
    let products: Vec<Value> = (0..count)
        .map(|id| json!({"__typename": "Product", "id": id.to_string(), "weight": 1}))
        .collect();
    let entities = vec![Value::Null; count];
    let errors: Vec<Value> = (0..count)
        .rev()
        .map(|index| {
            json!({
                "message": "m",
                "path": ["_entities", index, "shippingCost"],
                "extensions": {"code": "X"},
            })
        })
        .collect();
    let shop = Shop::new();
    let mut transports = shop.transports();
    let products = Canned::json(json!({"data": {"products": products}}));
    let inventory = Canned::json(json!({"data": {"_entities": entities}, "errors": errors}));
    transports.insert("catalog".to_owned(), products);
    transports.insert("inventory".to_owned(), inventory);
    let asker = Asker::new(Gateway::new(&shop.supergraph(), transports, config()).unwrap());
    let started = Instant::now();
    let response = soon(asker.ask("{ products { shippingCost } }")).await;
    assert!(started.elapsed() < Duration::from_secs(8));
    assert_eq!(
        response["data"]["products"].as_array().unwrap().len(),
        count
    );
    assert_bounded(&response);
    // The place is still the right one.
    assert_eq!(
        response["errors"][0]["path"],
        json!(["products", count - 1, "shippingCost"])
    );
}

#[tokio::test]
async fn lists_that_are_read_once_for_each_position() {
    // One entity at many positions, whose answer is many small lists.
    let link =
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])"#;
    let sdls = [
        (
            "left",
            "type Query { one: One } type One @key(fields: \"id\") { id: ID! next: One }",
        ),
        (
            "right",
            "type Query { r: Int } type One @key(fields: \"id\") { id: ID! tags: [[[Int]]] }",
        ),
    ];
    let composition = compose(&sdls.map(|(name, sdl)| SubgraphSdl {
        name: name.to_owned(),
        url: format!("http://{name}.invalid/"),
        sdl: format!("{link} {sdl}"),
    }))
    .unwrap_or_else(|errors| panic!("{errors:#?}"));

    let levels = 60;
    let mut one = "null".to_owned();
    for _ in 0..levels {
        one = format!("{{\"__typename\":\"One\",\"id\":\"1\",\"next\":{one}}}");
    }
    let one = format!("{{\"data\":{{\"one\":{one}}}}}");
    let tags = format!("[{}[]]", "[],".repeat(1_000_000));
    let entities = format!("{{\"data\":{{\"_entities\":[{{\"tags\":{tags}}}]}}}}");
    let answering = |text: String| {
        let text = Bytes::from(text);
        Arc::new(Canned(Box::new(move |_| Ok(text.clone())))) as Arc<dyn Subgraph>
    };
    let subgraphs = HashMap::from([
        ("left".to_owned(), answering(one)),
        ("right".to_owned(), answering(entities)),
    ]);
    let asker = Asker::new(
        Gateway::new(&composition.supergraph_sdl, subgraphs, Config::default()).unwrap(),
    );
    let query = format!(
        "{{ one {{ {}tags{} }} }}",
        "tags next { ".repeat(levels - 1),
        " }".repeat(levels - 1)
    );
    let answer = tokio::time::timeout(
        Duration::from_secs(30),
        asker.send(post(json!({ "query": query }).to_string())),
    )
    .await
    .unwrap();
    assert_eq!(answer.code(), "SUBGRAPH_INVALID_RESPONSE");
    assert!(answer.text.len() < 100_000, "{}", answer.text.len());
}
