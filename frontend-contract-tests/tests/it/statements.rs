//! The work of an operation does not grow with its rows.

use serde_json::{Value, json};

use crate::shop::TestShop;

const CATALOG_PAGE: &str = "query ($first: Int!) {
    products(first: $first) {
        nodes { id slug category { id name } variants { id sku price { amount } stock { status available } } }
    }
}";

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_products_cost_what_ten_cost() {
    let shop = TestShop::start().await;
    let mut costs = Vec::new();
    for first in [10, 100] {
        let before = shop.shop.statements();
        let answer = shop.guest.send(CATALOG_PAGE, None, json!({ "first": first })).await.expect("an answer");
        let nodes = answer["data"]["products"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
        assert_eq!(nodes.len(), first);
        assert!(nodes.iter().all(|node| node["variants"][0]["stock"]["status"].is_string()), "{:#}", nodes[0]);
        let after = shop.shop.statements();
        let statements: Vec<_> =
            after.iter().map(|(name, count)| (*name, count - before[name])).filter(|(_, count)| *count > 0).collect();
        let fetches: Value = answer["extensions"]["bazaar"]["fetches"].clone();
        costs.push((statements, fetches));
    }
    assert_eq!(costs[0], costs[1]);
    let (statements, fetches) = &costs[1];
    assert_eq!(fetches, &json!({ "catalog": 1, "inventory": 1 }), "one request per subgraph");
    insta::assert_debug_snapshot!(statements);
}
