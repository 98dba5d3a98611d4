//! Subgraphs that fail, lie or stay silent: partial data, exact errors, nothing internal.

use std::sync::Arc;
use std::time::Duration;

use gateway::Timeouts;
use gateway::transport::TransportError;
use serde_json::{Value, json};

use crate::support::{Canned, Silent, config, shop, shop_with, shop_with_config, soon};

fn unavailable() -> TransportError {
    TransportError::Unavailable {
        message: "connection refused to 10.0.0.7".to_owned(),
    }
}

#[tokio::test]
async fn a_dead_subgraph_leaves_the_rest() {
    let asker = shop_with("reviews", Canned::error(unavailable()));
    let response = asker
        .ask("{ products(first: 2) { name inStock } latestReviews { body } }")
        .await;
    // `latestReviews` is non-null, so its failure takes all data away.
    assert_eq!(response["data"], Value::Null);

    let response = asker
        .ask("{ products(first: 2) { name inStock } product(id: \"1\") { name reviews { body } } }")
        .await;
    assert_eq!(
        response["data"],
        json!({
            "products": [{"name": "Product 1", "inStock": true}, {"name": "Product 2", "inStock": false}],
            "product": null,
        })
    );
    assert_eq!(
        response["errors"],
        json!([{
            "message": "The service `reviews` is unavailable.",
            "path": ["product"],
            "extensions": {"code": "SUBGRAPH_UNAVAILABLE", "service": "reviews"},
        }])
    );
    assert!(!response.to_string().contains("10.0.0.7"));
}

#[tokio::test]
async fn nullable_fields_of_a_dead_subgraph_are_null() {
    let asker = shop_with("inventory", Canned::error(unavailable()));
    let response = asker
        .ask("{ products(first: 2) { name shippingCost } }")
        .await;
    assert_eq!(
        response["data"],
        json!({"products": [
            {"name": "Product 1", "shippingCost": null},
            {"name": "Product 2", "shippingCost": null},
        ]})
    );
    assert_eq!(response["errors"].as_array().unwrap().len(), 1);
    assert_eq!(response["errors"][0]["path"], json!(["products"]));
}

#[tokio::test]
async fn a_silent_subgraph_is_given_up() {
    let timeouts = Timeouts {
        subgraph: Duration::from_millis(50),
        ..Timeouts::default()
    };
    let asker = shop_with_config(
        "inventory",
        Arc::new(Silent),
        gateway::Config {
            timeouts,
            ..config()
        },
    );
    let response = soon(asker.ask("{ product(id: \"1\") { name shippingCost } }")).await;
    assert_eq!(
        response["data"],
        json!({"product": {"name": "Product 1", "shippingCost": null}})
    );
    assert_eq!(
        response["errors"],
        json!([{
            "message": "The service `inventory` did not answer in time.",
            "path": ["product"],
            "extensions": {"code": "SUBGRAPH_TIMEOUT", "service": "inventory"},
        }])
    );
}

#[tokio::test]
async fn an_error_with_a_code_is_told() {
    let response = shop().ask("{ refused warehouses }").await;
    assert_eq!(
        response["data"],
        json!({"refused": null, "warehouses": ["MAIN", "EAST"]})
    );
    assert_eq!(
        response["errors"],
        json!([{
            "message": "There is no such thing.",
            "path": ["refused"],
            "extensions": {"code": "NOT_FOUND"},
        }])
    );
}

#[tokio::test]
async fn an_error_without_a_code_is_masked() {
    let asker = shop();
    let mut request = crate::support::post(r#"{"query":"{ broken }"}"#);
    request
        .headers_mut()
        .insert("x-request-id", "my-request.1".parse().unwrap());
    let answer = asker.send(request).await;
    assert_eq!(answer.json()["data"], json!({"broken": null}));
    assert_eq!(
        answer.json()["errors"],
        json!([{
            "message": "Internal server error",
            "path": ["broken"],
            "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "my-request.1"},
        }])
    );
    assert!(!answer.text.contains("SELECT"));
}

#[tokio::test]
async fn errors_of_entities_carry_the_clients_paths() {
    let response = shop()
        .ask("{ list: products(first: 2) { id must: mustHave } }")
        .await;
    // `mustHave` is non-null in a non-null list: everything goes.
    assert_eq!(response["data"], Value::Null);
    let mut paths: Vec<String> = response["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["path"].to_string())
        .collect();
    paths.sort();
    // async-graphql stops at the first error of `_entities`.
    assert!(!paths.is_empty());
    assert!(
        paths.iter().all(|path| path.starts_with("[\"list\"")),
        "{paths:?}"
    );
}

#[tokio::test]
async fn an_error_of_one_entity_is_reported_at_each_of_its_places() {
    let inventory = Canned::entities(
        2,
        json!({
            "data": {"_entities": [{"shippingCost": 5}, null]},
            "errors": [{
                "message": "gone",
                "path": ["_entities", 1, "shippingCost"],
                "extensions": {"code": "GONE", "hint": 1},
            }],
        }),
    );
    let response = shop_with("inventory", inventory)
        .ask("{ a: product(id: \"1\") { shippingCost } b: product(id: \"2\") { shippingCost } c: product(id: \"2\") { shippingCost } }")
        .await;
    assert_eq!(
        response["data"],
        json!({"a": {"shippingCost": 5}, "b": {"shippingCost": null}, "c": {"shippingCost": null}})
    );
    let error = |key: &str| {
        json!({
            "message": "gone",
            "path": [key, "shippingCost"],
            "extensions": {"code": "GONE", "hint": 1},
        })
    };
    assert_eq!(response["errors"], json!([error("b"), error("c")]));
}

#[tokio::test]
async fn errors_that_do_not_say_which_entity_belong_to_those_that_are_null() {
    let error =
        |path: Value| json!({"message": "gone", "path": path, "extensions": {"code": "GONE"}});
    let unindexed = error(json!(["_entities", "shippingCost"]));
    let inventory = Canned::entities(
        3,
        json!({
            "data": {"_entities": [{"shippingCost": null}, {"shippingCost": 5}, null]},
            "errors": [unindexed, unindexed],
        }),
    );
    let response = shop_with("inventory", inventory)
        .ask("{ a: product(id: \"1\") { shippingCost } b: product(id: \"2\") { shippingCost } c: product(id: \"3\") { shippingCost } }")
        .await;
    assert_eq!(
        response["errors"],
        json!([
            error(json!(["a", "shippingCost"])),
            error(json!(["c", "shippingCost"]))
        ])
    );

    let inventory = Canned::entities(
        1,
        json!({"data": {"_entities": [{"shippingCost": null}]}, "errors": [unindexed]}),
    );
    let response = shop_with("inventory", inventory)
        .ask("{ product(id: \"1\") { shippingCost } }")
        .await;
    assert_eq!(
        response["errors"],
        json!([error(json!(["product", "shippingCost"]))])
    );
}

#[tokio::test]
async fn null_where_none_may_be_takes_the_parent() {
    let catalog =
        |products: Value| Canned::json(json!({"data": {"products": products, "product": null}}));

    let product = json!({"__typename": "Product", "id": "1", "name": null});
    let response = shop_with("catalog", catalog(json!([product])))
        .ask("{ products { name } }")
        .await;
    assert_eq!(response["data"], Value::Null);
    assert_eq!(
        response["errors"],
        json!([{
            "message": "Cannot return null for non-nullable field Product.name.",
            "path": ["products", 0, "name"],
            "extensions": {"code": "SUBGRAPH_INVALID_RESPONSE"},
        }])
    );

    let product = json!({"data": {"product": {"name": null, "id": "1", "weight": 3}}});
    let response = shop_with("catalog", Canned::json(product))
        .ask("{ product(id: \"1\") { weight name } }")
        .await;
    assert_eq!(response["data"], json!({"product": null}));
    assert_eq!(response["errors"][0]["path"], json!(["product", "name"]));
}

#[tokio::test]
async fn answers_that_are_no_graphql_are_refused() {
    for text in [
        "<html><body>502 Bad Gateway</body></html>",
        "",
        "{\"data\": {\"product\": {\"name\": \"Prod",
        "[]",
        "null",
        "{}",
        "{\"data\": []}",
        "{\"data\": null}",
        "{\"data\": {}, \"errors\": {}}",
    ] {
        let response = shop_with("catalog", Canned::text(text))
            .ask("{ product(id: \"1\") { name } }")
            .await;
        assert_eq!(response["data"], json!({"product": null}), "{text}");
        assert_eq!(
            response["errors"][0]["extensions"],
            json!({"code": "SUBGRAPH_INVALID_RESPONSE", "service": "catalog"}),
            "{text}"
        );
        assert_eq!(response["errors"][0]["path"], json!(["product"]), "{text}");
    }
}

#[tokio::test]
async fn values_of_wrong_types_are_null() {
    let query = "{ product(id: \"1\") { weight status title id } }";
    for (product, data, path) in [
        (
            json!({"weight": "7", "status": "ACTIVE", "title": "t", "id": "1"}),
            json!({"product": {"weight": null, "status": "ACTIVE", "title": "t", "id": "1"}}),
            json!(["product", "weight"]),
        ),
        (
            json!({"weight": [7], "status": "ACTIVE", "title": "t", "id": 1}),
            json!({"product": {"weight": null, "status": "ACTIVE", "title": "t", "id": "1"}}),
            json!(["product", "weight"]),
        ),
        (
            json!({"weight": 7, "status": "STOLEN", "title": "t", "id": "1"}),
            json!({"product": null}),
            json!(["product", "status"]),
        ),
        (
            json!({"weight": 7, "status": "ACTIVE", "title": {"a": 1}, "id": "1"}),
            json!({"product": null}),
            json!(["product", "title"]),
        ),
        (
            json!("a string"),
            json!({"product": null}),
            json!(["product"]),
        ),
        (
            json!([{"weight": 7}]),
            json!({"product": null}),
            json!(["product"]),
        ),
    ] {
        let answer = Canned::json(json!({"data": {"product": product.clone()}}));
        let response = shop_with("catalog", answer).ask(query).await;
        assert_eq!(response["data"], data, "{product}");
        assert_eq!(
            response["errors"].as_array().unwrap().len(),
            1,
            "{response}"
        );
        assert_eq!(response["errors"][0]["path"], path, "{product}");
        assert_eq!(
            response["errors"][0]["extensions"]["code"],
            json!("SUBGRAPH_INVALID_RESPONSE")
        );
    }
}

#[tokio::test]
async fn what_was_not_selected_does_not_get_through() {
    let answer = json!({"data": {"product": {"name": "n", "id": "1", "secret": 1}, "other": 2}, "extensions": {"debug": 3}});
    let response = shop_with("catalog", Canned::json(answer))
        .ask("{ product(id: \"1\") { name } }")
        .await;
    assert_eq!(response["data"], json!({"product": {"name": "n"}}));
    assert!(!response.to_string().contains("debug"));
}

#[tokio::test]
async fn an_object_of_an_unknown_type_is_null() {
    let answer = Canned::json(json!({"data": {"feed": [{"__typename": "Spy", "text": "x"}]}}));
    let response = shop_with("reviews", answer)
        .ask("{ feed { ... on Advert { text } } }")
        .await;
    assert_eq!(response["data"], Value::Null);
    assert_eq!(response["errors"][0]["path"], json!(["feed", 0]));
}

#[tokio::test]
async fn a_wrong_number_of_entities_is_refused() {
    for entities in [
        json!([]),
        json!([{"shippingCost": 1}, {"shippingCost": 2}]),
        json!(null),
        json!({}),
    ] {
        let answer = Canned::json(json!({"data": {"_entities": entities.clone()}}));
        let response = shop_with("inventory", answer)
            .ask("{ product(id: \"1\") { name shippingCost } }")
            .await;
        assert_eq!(
            response["data"],
            json!({"product": {"name": "Product 1", "shippingCost": null}}),
            "{entities}"
        );
        assert_eq!(
            response["errors"][0]["extensions"],
            json!({"code": "SUBGRAPH_INVALID_RESPONSE", "service": "inventory"})
        );
    }
}

#[tokio::test]
async fn a_panicking_subgraph_does_not_take_the_request_with_it() {
    let inventory = Canned(Box::new(|_| panic!("bug")));
    let response = shop_with("inventory", Arc::new(inventory))
        .ask("{ product(id: \"1\") { name shippingCost } }")
        .await;
    assert_eq!(
        response["data"],
        json!({"product": {"name": "Product 1", "shippingCost": null}})
    );
    assert_eq!(
        response["errors"][0]["extensions"]["code"],
        json!("SUBGRAPH_UNAVAILABLE")
    );
}
