//! The front ends' operations, as far as they are the catalog's.

use catalog::{Config, demo};
use serde_json::json;
use test_support::{Caller, TestSubgraph};

use crate::fixture::{category, shop, staff};

const MONEY: &str = "fragment MoneyFields on Money { amount minorAmount currencyCode }";

async fn demo_shop() -> TestSubgraph {
    let shop = shop().await;
    demo::load(&shop.deps.db, &Config::default(), shop.deps.clock.now())
        .await
        .expect("the data loads");
    shop
}

#[tokio::test]
async fn a_shopper_browses() {
    let shop = demo_shop().await;

    let list = format!(
        "query ProductList($first: Int, $after: String, $filter: ProductFilter, $sort: ProductSort) {{
            products(first: $first, after: $after, filter: $filter, sort: $sort) {{
                nodes {{ id slug name brand primaryImage {{ url alt }} priceRange {{ min {{ ...MoneyFields }} max {{ ...MoneyFields }} }} }}
                pageInfo {{ hasNextPage endCursor }} totalCount
            }}
        }} {MONEY}"
    );
    let variables = json!({ "first": 24, "filter": { "categorySlug": "kitchen", "priceMax": "150000", "inStock": false },
        "sort": { "field": "PRICE", "direction": "ASC" } });
    let products = shop.data(&Caller::Guest, &list, variables).await["products"].take();
    let prices: Vec<i64> = products["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|node| {
            node["priceRange"]["min"]["minorAmount"]
                .as_str()
                .expect("text")
                .parse()
                .expect("a number")
        })
        .collect();
    assert_eq!(prices.len(), 24);
    assert!(
        prices.is_sorted() && prices.iter().all(|price| *price <= 150_000),
        "{prices:?}"
    );
    assert_eq!(products["pageInfo"]["hasNextPage"], true);

    let page = format!(
        "query ProductPage($slug: String!) {{ product(slug: $slug) {{
            id slug name description brand category {{ id slug name ancestors {{ slug name }} }} images {{ url alt }}
            variants {{ id sku name price {{ ...MoneyFields }} }}
        }} }} {MONEY}"
    );
    let product = shop
        .data(
            &Caller::Guest,
            &page,
            json!({ "slug": "demo-product-0001" }),
        )
        .await["product"]
        .take();
    assert_eq!(product["category"]["slug"], "cookware");
    assert_eq!(
        product["category"]["ancestors"],
        json!([{ "slug": "home-living", "name": "Home & Living" }, { "slug": "kitchen", "name": "Kitchen" }])
    );
    assert_eq!(
        product["images"][0]["url"],
        "http://127.0.0.1:4000/images/demo-product-0001.svg"
    );
    assert_eq!(
        product["variants"][0]["price"],
        json!({ "amount": "125000", "minorAmount": "125000", "currencyCode": "IDR" })
    );

    let tree = "query CategoryTree { categories { id slug name children { id slug name children { id slug name } } } }";
    let categories = shop.data(&Caller::Guest, tree, json!({})).await["categories"].take();
    assert_eq!(categories.as_array().expect("a list").len(), 3);

    let search = format!(
        "query Search($query: String!, $first: Int, $after: String, $filter: SearchFilter, $sort: SearchSort) {{
            search(query: $query, first: $first, after: $after, filter: $filter, sort: $sort) {{
                nodes {{ id slug name brand priceRange {{ min {{ ...MoneyFields }} max {{ ...MoneyFields }} }} }}
                facets {{ key label values {{ value label count selected }} }} totalCount pageInfo {{ hasNextPage endCursor }}
            }}
        }} {MONEY}"
    );
    let variables = json!({ "query": "wok", "filter": { "categorySlug": "home-living" }, "sort": { "field": "POPULARITY", "direction": "DESC" } });
    let results = shop.data(&Caller::Guest, &search, variables).await["search"].take();
    assert!(results["totalCount"].as_i64().expect("a number") > 10);
    assert!(
        results["nodes"]
            .as_array()
            .expect("a list")
            .iter()
            .all(|node| node["name"].as_str().expect("text").contains("Wok"))
    );

    let suggestions =
        "query SearchSuggestions($query: String!) { searchSuggestions(query: $query) {
        queries products { id slug name } categories { id slug name } } }";
    let suggested = shop
        .data(&Caller::Guest, suggestions, json!({ "query": "key" }))
        .await["searchSuggestions"]
        .take();
    assert_eq!(suggested["queries"], json!(["keyboard"]));
    assert_eq!(suggested["categories"][0]["slug"], "keyboards");
    assert_eq!(suggested["products"].as_array().expect("a list").len(), 5);
}

#[tokio::test]
async fn staff_creates_a_product_and_sets_a_price() {
    let shop = demo_shop().await;
    let gifts = category(&shop, "gifts", None).await;
    let create =
        "mutation ProductCreate($input: ProductCreateInput!) { productCreate(input: $input) {
        product { id slug name status } userErrors { field code message } } }";
    let input = json!({ "name": "Gift Card", "slug": "gift-card", "categoryId": gifts["id"] });
    let payload =
        shop.data(&staff(), create, json!({ "input": input })).await["productCreate"].take();
    assert_eq!(
        (&payload["product"]["status"], &payload["userErrors"]),
        (&json!("DRAFT"), &json!([]))
    );

    let set =
        "mutation VariantPriceSet($input: VariantPriceSetInput!) { variantPriceSet(input: $input) {
        variant { id sku price { amount currencyCode } } userErrors { field code message } } }";
    let input = json!({ "variantId": demo::variants()[0].variant_id.to_string(), "price": { "minorAmount": "130000", "currencyCode": "IDR" } });
    let payload =
        shop.data(&staff(), set, json!({ "input": input })).await["variantPriceSet"].take();
    assert_eq!(
        payload["variant"]["price"],
        json!({ "amount": "130000", "currencyCode": "IDR" })
    );
}

#[tokio::test]
async fn a_partner_reads_pages_and_prices() {
    let shop = demo_shop().await;
    let page = "query PartnerCatalogPage($first: Int!, $after: String, $categorySlug: String) {
        products(first: $first, after: $after, filter: { categorySlug: $categorySlug }) {
            nodes { id slug name brand variants { id sku price { amount currencyCode } } }
            pageInfo { hasNextPage endCursor }
        } }";
    let (mut seen, mut after) = (0, json!(null));
    loop {
        let products = shop
            .data(
                &Caller::Guest,
                page,
                json!({ "first": 100, "after": after }),
            )
            .await["products"]
            .take();
        seen += products["nodes"].as_array().expect("a list").len();
        if products["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = products["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, 1_000);

    let stock = "query PartnerStock($skus: [String!]!) { variantsBySku(skus: $skus) { id sku price { amount currencyCode } } }";
    let data = shop
        .data(
            &Caller::Guest,
            stock,
            json!({ "skus": ["DEMO-0002-A", "DEMO-0001-A"] }),
        )
        .await;
    assert_eq!(data["variantsBySku"][0]["sku"], "DEMO-0002-A");
    assert_eq!(data["variantsBySku"][1]["price"]["amount"], "125000");
}
