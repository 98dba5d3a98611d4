use std::collections::HashMap;

use catalog::{Config, demo};
use events::Event;
use serde_json::json;
use test_support::Caller;

use crate::fixture::{done, idr, shop};

#[tokio::test]
async fn a_thousand_products_are_loaded_once_and_told() {
    let shop = shop().await;
    let load = || demo::load(&shop.deps.db, &CONFIG, shop.deps.clock.now());
    assert_eq!(load().await.expect("loads"), 1_000);

    // Everything is for sale, and says so to the others
    let query = "{ products(first: 1) { totalCount } brands categories { children { children { children { slug } } } }
        search(query: \"\") { totalCount facets { key values { count } } } product(slug: \"demo-product-0001\") { variants { sku isPublished } } }";
    let data = shop.data(&Caller::Guest, query, json!({})).await;
    assert_eq!(data["products"]["totalCount"], 1_000);
    assert_eq!(data["search"]["totalCount"], 1_000);
    assert_eq!(data["brands"].as_array().expect("a list").len(), 25);
    assert_eq!(
        data["search"]["facets"][0]["values"]
            .as_array()
            .expect("a list")
            .len(),
        20,
        "all categories hold something"
    );
    assert_eq!(
        data["product"]["variants"][0],
        json!({ "sku": "DEMO-0001-A", "isPublished": true })
    );

    let mut told = HashMap::new();
    for event in shop.events().await {
        let Event::ProductCreated(created) = event else {
            panic!("{event:?}")
        };
        assert_eq!(created.0.category_ids.len(), 3);
        told.extend(
            created
                .0
                .variants
                .into_iter()
                .map(|variant| (variant.sku.clone(), variant)),
        );
    }
    let variants = demo::variants();
    assert_eq!(told.len(), variants.len());
    for variant in &variants {
        let snapshot = &told[&variant.sku];
        assert_eq!(snapshot.variant_id, variant.variant_id);
        assert!(snapshot.is_published);
    }
    assert_eq!(told["DEMO-0001-A"].price.minor, 125_000);

    // Once more changes nothing, not even what staff changed since
    let id = variants[0].variant_id.to_string();
    done(
        &shop,
        "variantPriceSet",
        json!({ "variantId": id, "price": idr(1) }),
    )
    .await;
    let events = shop.events().await.len();
    assert_eq!(load().await.expect("loads"), 0);
    assert_eq!(shop.events().await.len(), events);
    let query = "{ variantsBySku(skus: [\"DEMO-0001-A\"]) { price { minorAmount } } }";
    assert_eq!(
        shop.data(&Caller::Guest, query, json!({})).await["variantsBySku"][0]["price"]["minorAmount"],
        "1"
    );
}

static CONFIG: std::sync::LazyLock<Config> = std::sync::LazyLock::new(Config::default);
