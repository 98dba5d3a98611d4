//! The work of an operation does not grow with its rows.

use std::collections::BTreeMap;

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
    let costs = [cost(&shop, 10).await, cost(&shop, 100).await];
    assert_eq!(costs[0], costs[1]);
    let (statements, fetches) = &costs[1];
    assert_eq!(
        fetches,
        &json!({ "catalog": 1, "inventory": 1 }),
        "one request per subgraph"
    );
    insta::assert_debug_snapshot!(statements);
}

/// SQL statements by subgraph and requests by subgraph of a page: the least of some tries, because
/// the services' jobs, which look at their tables every second, are counted too.
async fn cost(shop: &TestShop, first: usize) -> (BTreeMap<&'static str, u64>, Value) {
    let mut least: Option<(BTreeMap<&'static str, u64>, Value)> = None;
    for _ in 0..5 {
        let before = shop.shop.statements();
        let answer = shop
            .guest
            .send(CATALOG_PAGE, None, json!({ "first": first }))
            .await
            .expect("an answer");
        let after = shop.shop.statements();
        let nodes = answer["data"]["products"]["nodes"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer:#}"));
        assert_eq!(nodes.len(), first);
        assert!(
            nodes
                .iter()
                .all(|node| node["variants"][0]["stock"]["status"].is_string()),
            "{:#}",
            nodes[0]
        );
        let counts = after
            .iter()
            .map(|(name, count)| (*name, count - before[name]));
        let counts: BTreeMap<_, _> = counts.filter(|(_, count)| *count > 0).collect();
        if least
            .as_ref()
            .is_none_or(|(least, _)| counts.values().sum::<u64>() < least.values().sum())
        {
            least = Some((counts, answer["extensions"]["bazaar"]["fetches"].clone()));
        }
    }
    least.expect("some tries")
}
