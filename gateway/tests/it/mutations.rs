//! Mutations: one root field after another, each finished before the next starts.

use serde_json::{Value, json};

use crate::support::{Canned, Shop, config, shop_with, soon};

#[tokio::test]
async fn root_fields_run_in_order_each_with_its_follow_ups() {
    let shop = Shop::new();
    let response = shop
        .gateway(config())
        .ask(
            "mutation {
               a: productRename(id: \"1\", name: \"One\") { name inStock }
               b: stockReserve(id: \"2\")
               c: reviewAdd(productId: \"3\", body: \"Good\") { body product { name inStock } }
               d: productRename(id: \"4\", name: \"Four\") { name }
               __typename
             }",
        )
        .await;
    assert_eq!(response["errors"], Value::Null);
    let expected = json!({
        "a": {"name": "One", "inStock": true},
        "b": true,
        "c": {"body": "Good", "product": {"name": "Product 3", "inStock": true}},
        "d": {"name": "Four"},
        "__typename": "Mutation",
    });
    assert_eq!(response["data"].to_string(), expected.to_string());
    assert_eq!(
        shop.log.entries(),
        [
            "rename 1",
            "stock of 1",
            "reserve 2",
            "review 3",
            "stock of 3",
            "rename 4"
        ]
    );
}

#[tokio::test]
async fn a_failed_root_field_does_not_stop_the_next_ones() {
    let asker = shop_with("inventory", Canned::text("nonsense"));
    let response = asker
        .ask("mutation { a: productRename(id: \"1\", name: \"One\") { name inStock } b: productRename(id: \"2\", name: \"Two\") { name } }")
        .await;
    assert_eq!(response["data"], json!({"a": null, "b": {"name": "Two"}}));

    // A non-null root field takes the data with it, but not the effects.
    let response = asker.ask("mutation { b: stockReserve(id: \"1\") a: productRename(id: \"1\", name: \"One\") { name } }").await;
    assert_eq!(response["data"], Value::Null);
    assert_eq!(
        response["errors"][0]["extensions"]["code"],
        json!("SUBGRAPH_INVALID_RESPONSE")
    );
    assert_eq!(
        response["extensions"]["bazaar"]["fetches"],
        json!({"catalog": 1, "inventory": 1})
    );
}

#[tokio::test]
async fn a_mutation_is_finished_though_its_client_hangs_up() {
    let shop = Shop::new();
    let asker = shop.gateway(config());
    let query = "mutation { a: stockReserve(id: \"1\") b: stockReserve(id: \"2\") c: stockReserve(id: \"3\") }";
    let asking = tokio::spawn(async move { asker.ask(query).await });
    soon(async {
        while shop.log.entries().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    asking.abort();
    soon(async {
        while shop.log.entries().len() < 3 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(shop.log.entries(), ["reserve 1", "reserve 2", "reserve 3"]);
}
