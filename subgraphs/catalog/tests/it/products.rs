use serde_json::json;
use test_support::Caller;

use crate::fixture::{error_code, published, shop, variant};

#[tokio::test]
async fn a_product_is_found_by_each_of_its_names() {
    let shop = shop().await;
    let product = published(&shop, "tea", json!({})).await;
    let query = "query($id: ID, $slug: String, $sku: String) { product(id: $id, slug: $slug, sku: $sku) { slug } }";
    for variables in [
        json!({ "id": product["id"] }),
        json!({ "slug": "tea" }),
        json!({ "sku": "TEA" }),
    ] {
        assert_eq!(
            shop.data(&Caller::Guest, query, variables).await["product"]["slug"],
            "tea"
        );
    }
    for variables in [
        json!({ "id": "prod_00000000000000000000000000" }),
        json!({ "id": "nonsense" }),
        json!({ "id": product["id"].as_str().expect("an id").replace("prod_", "cat_") }),
        json!({ "slug": "" }),
        json!({ "slug": "Tea" }),
        json!({ "sku": "tea" }),
        json!({ "sku": "TEA\u{0}" }),
        json!({ "slug": "tea\u{0}" }),
    ] {
        assert!(
            shop.data(&Caller::Guest, query, variables.clone()).await["product"].is_null(),
            "{variables}"
        );
    }
    for variables in [
        json!({}),
        json!({ "slug": "tea", "sku": "TEA" }),
        json!({ "id": product["id"], "slug": "tea" }),
    ] {
        let response = shop.execute(&Caller::Guest, query, variables.clone()).await;
        assert_eq!(error_code(&response), "BAD_USER_INPUT", "{variables}");
    }
}

#[tokio::test]
async fn variants_come_in_the_order_of_their_skus_in_the_question() {
    let shop = shop().await;
    published(
        &shop,
        "tea",
        json!({ "variants": [variant("A", 1), variant("B", 2), variant("C", 3)] }),
    )
    .await;
    let query =
        "query($skus: [String!]!) { variantsBySku(skus: $skus) { sku price { minorAmount } } }";
    let data = shop
        .data(
            &Caller::Guest,
            query,
            json!({ "skus": ["C", "NONE", "A", "C"] }),
        )
        .await;
    assert_eq!(
        data["variantsBySku"],
        json!([
            { "sku": "C", "price": { "minorAmount": "3" } },
            { "sku": "A", "price": { "minorAmount": "1" } },
            { "sku": "C", "price": { "minorAmount": "3" } },
        ])
    );
    let hundred: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    assert_eq!(
        shop.data(&Caller::Guest, query, json!({ "skus": hundred }))
            .await["variantsBySku"],
        json!([])
    );
    let more: Vec<_> = (0..101).map(|number| number.to_string()).collect();
    let response = shop
        .execute(&Caller::Guest, query, json!({ "skus": more }))
        .await;
    assert_eq!(error_code(&response), "BAD_USER_INPUT");
}

#[tokio::test]
async fn brands_are_those_of_published_products() {
    let shop = shop().await;
    for (slug, brand) in [("a", "Merapi"), ("b", "Bambu"), ("c", "Merapi")] {
        published(&shop, slug, json!({ "brand": brand })).await;
    }
    published(&shop, "d", json!({})).await;
    crate::fixture::done(
        &shop,
        "productCreate",
        json!({ "name": "draft", "brand": "Hidden" }),
    )
    .await;
    assert_eq!(
        shop.data(&Caller::Guest, "{ brands }", json!({})).await["brands"],
        json!(["Bambu", "Merapi"])
    );
}
