//! Every operation of every front end is valid, and the reading ones answer.

use apollo_compiler::ExecutableDocument;
use federation::Supergraph;
use frontend_contract_tests::{Front, document};
use serde_json::json;

use crate::shop::TestShop;

#[test]
fn every_operation_is_valid_against_the_committed_supergraph() {
    let sdl = include_str!("../../../schema/supergraph.graphql");
    let supergraph = Supergraph::parse(sdl).expect("a supergraph");
    for front in Front::ALL {
        for operation in front.operations().expect("a folder") {
            let text = document(front, &operation).expect("a document");
            if let Err(error) =
                ExecutableDocument::parse_and_validate(supergraph.api_schema(), &text, &operation)
            {
                panic!(
                    "{front:?} {operation} does not fit the graph:\n{}",
                    error.errors
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsing_answers() {
    let shop = TestShop::start().await;
    let run = async |front, operation: &str, variables| {
        shop.guest
            .run(front, operation, variables)
            .await
            .unwrap_or_else(|error| panic!("{error:#}"))
    };

    let list = run(
        Front::Spa,
        "ProductList",
        json!({ "first": 2, "sort": { "field": "PRICE", "direction": "ASC" } }),
    );
    let list = list.await;
    assert_eq!(list["products"]["nodes"].as_array().map(Vec::len), Some(2));
    assert_eq!(list["products"]["totalCount"], 1000);
    let filtered =
        json!({ "filter": { "inStock": true, "priceMin": "100000", "priceMax": "200000" } });
    let filtered = run(Front::Spa, "ProductList", filtered).await;
    assert!(
        filtered["products"]["totalCount"]
            .as_i64()
            .is_some_and(|count| count > 0 && count < 1000)
    );

    let page = run(
        Front::Spa,
        "ProductPage",
        json!({ "slug": "demo-product-0001" }),
    )
    .await;
    let variant = &page["product"]["variants"][0];
    assert_eq!(variant["price"]["minorAmount"], "125000");
    assert_eq!(
        (&variant["isPurchasable"], &variant["stock"]["status"]),
        (&json!(true), &json!("IN_STOCK"))
    );
    let missing = run(
        Front::Spa,
        "ProductPage",
        json!({ "slug": "no-such-product" }),
    )
    .await;
    assert!(missing["product"].is_null());

    let tree = run(Front::Spa, "CategoryTree", json!({})).await;
    assert!(
        tree["categories"][0]["children"][0]["children"][0]["slug"].is_string(),
        "{tree:#}"
    );
    let found = run(
        Front::Spa,
        "Search",
        json!({ "query": "DEMO-0001-A", "first": 5 }),
    )
    .await;
    assert_eq!(found["search"]["nodes"][0]["slug"], "demo-product-0001");
    run(Front::Spa, "SearchSuggestions", json!({ "query": "sh" })).await;

    let page = run(Front::Partner, "PartnerCatalogPage", json!({ "first": 10 })).await;
    assert_eq!(page["products"]["nodes"].as_array().map(Vec::len), Some(10));
    let stock = run(
        Front::Partner,
        "PartnerStock",
        json!({ "skus": ["DEMO-0002-A", "DEMO-0001-A"] }),
    )
    .await;
    let skus: Vec<_> = stock["variantsBySku"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|v| v["sku"].clone())
        .collect();
    assert_eq!(skus, [json!("DEMO-0002-A"), json!("DEMO-0001-A")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_create_a_product_price_it_and_count_it() {
    let shop = TestShop::start().await;
    let staff = shop.staff().await;
    let input = json!({
        "slug": "new-thing", "name": "New thing",
        "variants": [{ "sku": "NEW-1", "name": "New thing", "price": { "minorAmount": "50000", "currencyCode": "IDR" } }],
    });
    let data = staff
        .run(Front::Staff, "ProductCreate", json!({ "input": input }))
        .await
        .expect("an answer");
    let product =
        &frontend_contract_tests::accepted(&data["productCreate"]).expect("created")["product"];
    assert_eq!(product["status"], "DRAFT");
    let again = staff
        .run(Front::Staff, "ProductCreate", json!({ "input": input }))
        .await
        .expect("an answer");
    assert_eq!(crate::shop::code(&again["productCreate"]), "SLUG_TAKEN");

    let variants = staff
        .run(Front::Partner, "PartnerStock", json!({ "skus": ["NEW-1"] }))
        .await
        .expect("an answer");
    let variant = variants["variantsBySku"][0]["id"]
        .as_str()
        .expect("staff see drafts")
        .to_owned();
    let price =
        json!({ "variantId": variant, "price": { "minorAmount": "60000", "currencyCode": "IDR" } });
    let data = staff
        .run(Front::Staff, "VariantPriceSet", json!({ "input": price }))
        .await
        .expect("an answer");
    assert_eq!(
        data["variantPriceSet"]["variant"]["price"]["amount"],
        "60000"
    );

    shop.set_stock(&variant, 7).await;
    let history = staff
        .run(
            Front::Staff,
            "StockHistory",
            json!({ "variantId": variant }),
        )
        .await
        .expect("an answer");
    assert_eq!(history["stockHistory"]["nodes"][0]["balanceAfter"], 7);
}
