use events::Envelope;
use events::id::VariantId;
use events::inventory::StockChanged;
use outbox::Outcome;
use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph};

use crate::fixture::{done, published, shop, variant};

fn news(variant: &Value, total_available: i64, version: i64) -> StockChanged {
    let id = variant["id"].as_str().expect("an id");
    let variant_id: VariantId = id.parse().expect("a variant's id");
    StockChanged {
        variant_id,
        warehouse_code: "MAIN".to_owned(),
        on_hand: total_available,
        reserved: 0,
        total_available,
        version,
    }
}

async fn in_stock(shop: &TestSubgraph) -> bool {
    let query = "{ yes: products(filter: { inStock: true }) { totalCount }
        no: products(filter: { inStock: false }) { totalCount }
        found: search(query: \"\", filter: { inStock: true }) { totalCount } }";
    let data = shop.data(&Caller::Guest, query, json!({})).await;
    assert_eq!(data["yes"], data["found"]);
    assert_eq!(
        data["yes"]["totalCount"].as_i64().expect("a number")
            + data["no"]["totalCount"].as_i64().expect("a number"),
        1
    );
    data["yes"]["totalCount"] == 1
}

#[tokio::test]
async fn the_filter_follows_the_stock() {
    let shop = shop().await;
    let product = published(
        &shop,
        "tea",
        json!({ "variants": [variant("A", 1), variant("B", 1)] }),
    )
    .await;
    let (a, b) = (&product["variants"][0], &product["variants"][1]);
    let events = shop.events().await.len();
    assert!(!in_stock(&shop).await);
    shop.deliver(news(a, 5, 1), 1).await;
    assert!(in_stock(&shop).await);
    shop.deliver(news(b, 1, 1), 1).await;
    shop.deliver(news(a, 0, 2), 2).await;
    assert!(in_stock(&shop).await, "one variant is enough");
    shop.deliver(news(b, 0, 2), 2).await;
    assert!(!in_stock(&shop).await);

    let query = "{ product(slug: \"tea\") { version } }";
    assert_eq!(
        shop.data(&Caller::Guest, query, json!({})).await["product"]["version"],
        product["version"]
    );
    assert_eq!(
        shop.events().await.len(),
        events,
        "stock is not the catalog's news"
    );
}

#[tokio::test]
async fn old_news_and_second_deliveries_do_no_harm() {
    let shop = shop().await;
    let product = published(&shop, "tea", json!({})).await;
    let variant = &product["variants"][0];
    shop.deliver(news(variant, 0, 7), 7).await;
    shop.deliver(news(variant, 9, 6), 6).await;
    shop.deliver(news(variant, 9, 7), 7).await;
    assert!(!in_stock(&shop).await);

    let envelope: Envelope = shop.envelope(news(variant, 3, 8), 8);
    assert_eq!(shop.deliver_envelope(&envelope).await, Outcome::Handled);
    shop.deliver(news(variant, 0, 9), 9).await;
    assert_eq!(shop.deliver_envelope(&envelope).await, Outcome::Duplicate);
    assert!(!in_stock(&shop).await);
}

#[tokio::test]
async fn news_of_an_unknown_variant_is_kept() {
    let shop = shop().await;
    published(&shop, "tea", json!({})).await;
    let unknown = json!({ "id": VariantId::generate().to_string() });
    shop.deliver(news(&unknown, 5, 1), 1).await;
    assert!(!in_stock(&shop).await);
}

#[tokio::test]
async fn disabling_the_variant_in_stock_empties_the_shelf() {
    let shop = shop().await;
    let product = published(
        &shop,
        "tea",
        json!({ "variants": [variant("A", 1), variant("B", 1)] }),
    )
    .await;
    let a = &product["variants"][0];
    shop.deliver(news(a, 5, 1), 1).await;
    done(
        &shop,
        "variantUpdate",
        json!({ "variantId": a["id"], "isEnabled": false }),
    )
    .await;
    assert!(!in_stock(&shop).await);
    done(
        &shop,
        "variantUpdate",
        json!({ "variantId": a["id"], "isEnabled": true }),
    )
    .await;
    assert!(in_stock(&shop).await, "the copy was kept");
}
