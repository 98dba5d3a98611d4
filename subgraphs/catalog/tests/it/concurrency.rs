//! What happens when several people do the same at once.

use std::sync::Arc;

use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph};
use tokio::task::JoinSet;

use crate::fixture::{category, idr, mutate, published, shop, variant};

/// Runs a mutation with each input, all at once, and returns the codes; `OK` for what worked.
async fn all_at_once(
    shop: &Arc<TestSubgraph>,
    mutation: &'static str,
    inputs: Vec<Value>,
) -> Vec<String> {
    let mut tasks = JoinSet::new();
    for input in inputs {
        let shop = shop.clone();
        tasks.spawn(async move {
            let payload = mutate(&shop, mutation, input).await;
            payload["userErrors"][0]["code"]
                .as_str()
                .unwrap_or("OK")
                .to_owned()
        });
    }
    let mut codes = tasks.join_all().await;
    codes.sort();
    codes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_slug_is_given_once() {
    let shop = Arc::new(shop().await);
    let inputs = vec![json!({ "name": "Tea" }); 8];
    let codes = all_at_once(&shop, "productCreate", inputs).await;
    assert_eq!(codes, [vec!["OK"], vec!["SLUG_TAKEN"; 7]].concat());
    assert_eq!(shop.events().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sku_is_given_once() {
    let shop = Arc::new(shop().await);
    let mut inputs = Vec::new();
    for number in 0..6 {
        let product = published(&shop, &format!("p{number}"), json!({})).await;
        inputs.push(json!({ "productId": product["id"], "variant": variant("SAME", number) }));
    }
    let codes = all_at_once(&shop, "variantCreate", inputs).await;
    assert_eq!(codes, [vec!["OK"], vec!["SKU_TAKEN"; 5]].concat());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_those_who_saw_the_same_version_wins() {
    let shop = Arc::new(shop().await);
    let product = published(&shop, "tea", json!({})).await;
    let inputs = (0..6).map(|number| json!({ "productId": product["id"], "version": "2", "name": format!("n{number}") }));
    let codes = all_at_once(&shop, "productUpdate", inputs.collect()).await;
    assert_eq!(codes, [vec!["OK"], vec!["STALE_VERSION"; 5]].concat());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_price_range_and_the_version_count_every_change() {
    let shop = Arc::new(shop().await);
    let variants: Vec<_> = (0..6)
        .map(|number| variant(&format!("V{number}"), 100))
        .collect();
    let product = published(&shop, "tea", json!({ "variants": variants })).await;
    let inputs = (0..6).map(|number| json!({ "variantId": product["variants"][number]["id"], "price": idr(1000 + number as i64) }));
    let codes = all_at_once(&shop, "variantPriceSet", inputs.collect()).await;
    assert_eq!(codes, vec!["OK"; 6]);
    let query = "{ product(slug: \"tea\") { version priceRange { min { minorAmount } max { minorAmount } } } }";
    assert_eq!(
        shop.data(&Caller::Guest, query, json!({})).await["product"],
        json!({ "version": "8", "priceRange": { "min": { "minorAmount": "1000" }, "max": { "minorAmount": "1005" } } })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_moves_at_once_make_no_cycle() {
    let shop = Arc::new(shop().await);
    let (a, b) = (
        category(&shop, "a", None).await,
        category(&shop, "b", None).await,
    );
    let inputs = vec![
        json!({ "categoryId": a["id"], "parentId": b["id"] }),
        json!({ "categoryId": b["id"], "parentId": a["id"] }),
    ];
    assert_eq!(
        all_at_once(&shop, "categoryMove", inputs).await,
        ["CATEGORY_CYCLE", "OK"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_two_variants_do_not_both_go() {
    let shop = Arc::new(shop().await);
    let product = published(
        &shop,
        "tea",
        json!({ "variants": [variant("A", 1), variant("B", 1)] }),
    )
    .await;
    let inputs = (0..2).map(|number| json!({ "variantId": product["variants"][number]["id"] }));
    assert_eq!(
        all_at_once(&shop, "variantDelete", inputs.collect()).await,
        ["OK", "VARIANT_REQUIRED"]
    );
}
