//! What the public sees of a variant's stock, as the gateway asks for it.

use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Shop, keeper, variant};

const ENTITIES: &str = "query ($of: [_Any!]!) { _entities(representations: $of) {
    ... on ProductVariant { id stock { status available } isPurchasable } } }";

fn reference(sku: &str, is_published: bool) -> Value {
    json!({ "__typename": "ProductVariant", "id": variant(sku), "isPublished": is_published })
}

async fn ask(shop: &Shop, caller: &Caller, of: &[Value]) -> Vec<Value> {
    let data = shop
        .service
        .data(caller, ENTITIES, json!({ "of": of }))
        .await;
    data["_entities"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn status_and_number_follow_the_stock() {
    let shop = Shop::with(&[
        ("plenty", 400, 7),
        ("ten", 10, 0),
        ("few", 2, 1),
        ("none", 0, 0),
    ])
    .await;
    let skus = ["plenty", "ten", "few", "none", "never-seen"];
    let of: Vec<Value> = skus.iter().map(|sku| reference(sku, true)).collect();
    let seen = |answers: Vec<Value>| -> Vec<(String, i64, bool)> {
        answers
            .iter()
            .map(|v| {
                let status = v["stock"]["status"].as_str().expect("a status").to_owned();
                let available = v["stock"]["available"].as_i64().expect("a number");
                (
                    status,
                    available,
                    v["isPurchasable"].as_bool().expect("known"),
                )
            })
            .collect()
    };
    let rest = [
        ("IN_STOCK".to_owned(), 10, true),
        ("LOW".to_owned(), 3, true),
        ("OUT".to_owned(), 0, false),
        ("OUT".to_owned(), 0, false),
    ];
    let public = seen(ask(&shop, &Caller::Guest, &of).await);
    assert_eq!(
        public[0],
        ("IN_STOCK".to_owned(), 10, true),
        "the public sees no number above ten"
    );
    assert_eq!(public[1..], rest);
    let staff = seen(ask(&shop, &keeper(), &of).await);
    assert_eq!(staff[0], ("IN_STOCK".to_owned(), 407, true));
    assert_eq!(staff[1..], rest);
}

#[tokio::test]
async fn a_bad_token_sees_what_the_public_sees() {
    let shop = Shop::with(&[("A", 400, 0)]).await;
    let answers = ask(
        &shop,
        &Caller::Token("forged".to_owned()),
        &[reference("A", true)],
    )
    .await;
    assert_eq!(
        answers[0]["stock"],
        json!({ "status": "IN_STOCK", "available": 10 })
    );
}

#[tokio::test]
async fn what_is_not_published_cannot_be_bought() {
    let shop = Shop::with(&[("A", 5, 0)]).await;
    let unknown = json!({ "__typename": "ProductVariant", "id": variant("A") });
    let foreign = json!({ "__typename": "ProductVariant", "id": "prod_1", "isPublished": true });
    let answers = ask(
        &shop,
        &Caller::Guest,
        &[
            reference("A", true),
            reference("A", false),
            unknown,
            foreign,
        ],
    )
    .await;
    assert_eq!(answers[0]["isPurchasable"], true);
    assert_eq!(answers[1]["isPurchasable"], false);
    assert_eq!(answers[2]["isPurchasable"], Value::Null);
    assert_eq!(answers[3], Value::Null);
}

#[tokio::test]
async fn a_closed_warehouse_sells_nothing() {
    let shop = Shop::with(&[("A", 2, 5)]).await;
    let warehouses = shop
        .service
        .data(&keeper(), "{ warehouses { nodes { id code } } }", json!({}))
        .await;
    let east = &warehouses["warehouses"]["nodes"][1];
    assert_eq!(east["code"], "EAST");
    let before = shop.spoken().await;
    let update = "mutation ($input: WarehouseUpdateInput!) {
        warehouseUpdate(input: $input) { warehouse { isActive } userErrors { code } } }";
    let input = json!({ "input": { "id": east["id"], "isActive": false } });
    let data = shop.service.data(&keeper(), update, input).await;
    assert_eq!(
        data["warehouseUpdate"],
        json!({ "warehouse": { "isActive": false }, "userErrors": [] })
    );

    assert_eq!(
        ask(&shop, &Caller::Guest, &[reference("A", true)]).await[0]["stock"]["available"],
        2
    );
    let told = shop.service.events().await.split_off(before);
    let totals: Vec<i64> = told
        .iter()
        .map(|event| match event {
            events::Event::StockChanged(event) => event.total_available,
            other => panic!("unexpected {other:?}"),
        })
        .collect();
    assert_eq!(totals, [2]);
    shop.hear(shop.created("o", &[("A", 3)])).await;
    assert_eq!(shop.units("A").await, (7, 0), "rejected");
}

#[tokio::test]
async fn any_number_of_variants_takes_one_statement() {
    let skus: Vec<String> = (0..50).map(|n| format!("SKU-{n}")).collect();
    let stock: Vec<(&str, i64, i64)> = skus.iter().map(|sku| (sku.as_str(), 3, 4)).collect();
    let shop = Shop::with(&stock).await;
    for count in [5, 50] {
        let of: Vec<Value> = skus
            .iter()
            .take(count)
            .map(|sku| reference(sku, true))
            .collect();
        let before = shop.service.statements.count();
        assert_eq!(ask(&shop, &Caller::Guest, &of).await.len(), count);
        assert_eq!(
            shop.service.statements.count() - before,
            1,
            "{count} variants"
        );
    }
}
