use auth::Role;
use events::id::UserId;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{done, error_code, published, shop, staff, variant};

/// Every mutation with an input that would work, or be refused, for staff.
fn mutations() -> Vec<(&'static str, &'static str, Value)> {
    let id = "prod_00000000000000000000000000";
    vec![
        (
            "productCreate",
            "ProductCreateInput",
            json!({ "name": "x" }),
        ),
        (
            "productUpdate",
            "ProductUpdateInput",
            json!({ "productId": id }),
        ),
        (
            "productPublish",
            "ProductStatusInput",
            json!({ "productId": id }),
        ),
        (
            "productUnpublish",
            "ProductStatusInput",
            json!({ "productId": id }),
        ),
        (
            "productArchive",
            "ProductStatusInput",
            json!({ "productId": id }),
        ),
        (
            "variantCreate",
            "VariantCreateInput",
            json!({ "productId": id, "variant": variant("X", 1) }),
        ),
        (
            "variantUpdate",
            "VariantUpdateInput",
            json!({ "variantId": id }),
        ),
        (
            "variantDelete",
            "VariantDeleteInput",
            json!({ "variantId": id }),
        ),
        (
            "variantPriceSet",
            "VariantPriceSetInput",
            json!({ "variantId": id, "price": { "minorAmount": "1", "currencyCode": "IDR" } }),
        ),
        (
            "categoryCreate",
            "CategoryCreateInput",
            json!({ "name": "x" }),
        ),
        (
            "categoryUpdate",
            "CategoryUpdateInput",
            json!({ "categoryId": id }),
        ),
        (
            "categoryMove",
            "CategoryMoveInput",
            json!({ "categoryId": id }),
        ),
        (
            "categoryDelete",
            "CategoryDeleteInput",
            json!({ "categoryId": id }),
        ),
    ]
}

#[tokio::test]
async fn only_staff_of_the_catalog_changes_it() {
    let shop = shop().await;
    let warehouse = Caller::Staff(
        UserId::generate(),
        vec![Role::Warehouse, Role::Support, Role::Finance],
    );
    for (mutation, kind, input) in mutations() {
        let query = format!(
            "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let variables = json!({ "input": input });
        for (caller, expected) in [
            (Caller::Guest, "UNAUTHENTICATED"),
            (Caller::Token("nonsense".to_owned()), "UNAUTHENTICATED"),
            (Caller::Customer(UserId::generate()), "FORBIDDEN"),
            (warehouse.clone(), "FORBIDDEN"),
        ] {
            let response = shop.execute(&caller, &query, variables.clone()).await;
            assert_eq!(error_code(&response), expected, "{mutation} by {caller:?}");
        }
    }
    assert_eq!(shop.events().await, []);
}

#[tokio::test]
async fn every_mutation_is_in_the_list_above() {
    let query = "{ __schema { mutationType { fields { name } } } }";
    let data = shop().await.data(&Caller::Guest, query, json!({})).await;
    let mut there: Vec<_> = data["__schema"]["mutationType"]["fields"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|field| field["name"].as_str().expect("a name").to_owned())
        .collect();
    let mut tested: Vec<_> = mutations()
        .into_iter()
        .map(|(name, ..)| name.to_owned())
        .collect();
    there.sort();
    tested.sort();
    assert_eq!(there, tested);
}

#[tokio::test]
async fn a_draft_is_for_staff_only() {
    let shop = shop().await;
    let draft = done(
        &shop,
        "productCreate",
        json!({ "slug": "tea", "name": "Tea", "variants": [variant("TEA", 5)] }),
    )
    .await;
    let customer = Caller::Customer(UserId::generate());
    let query = "query($id: ID!) {
        byId: product(id: $id) { slug } bySlug: product(slug: \"tea\") { slug } bySku: product(sku: \"TEA\") { slug }
        products { totalCount nodes { slug } } variantsBySku(skus: [\"TEA\"]) { sku }
        search(query: \"tea\") { totalCount } searchSuggestions(query: \"te\") { products { slug } queries }
    }";
    let variables = json!({ "id": draft["id"] });
    for caller in [Caller::Guest, customer] {
        assert_eq!(
            shop.data(&caller, query, variables.clone()).await,
            json!({
                "byId": null, "bySlug": null, "bySku": null, "products": { "totalCount": 0, "nodes": [] },
                "variantsBySku": [], "search": { "totalCount": 0 },
                "searchSuggestions": { "products": [], "queries": [] },
            })
        );
    }
    let seen = shop.data(&staff(), query, variables).await;
    for field in ["byId", "bySlug", "bySku"] {
        assert_eq!(seen[field]["slug"], "tea", "{field}");
    }
    assert_eq!(
        seen["products"],
        json!({ "totalCount": 1, "nodes": [{ "slug": "tea" }] })
    );
    assert_eq!(seen["variantsBySku"], json!([{ "sku": "TEA" }]));
    assert_eq!(
        seen["search"]["totalCount"], 0,
        "search is what customers find"
    );
}

#[tokio::test]
async fn the_public_sees_enabled_variants_only() {
    let shop = shop().await;
    let mut off = variant("OFF", 1);
    off["isEnabled"] = json!(false);
    published(&shop, "tea", json!({ "variants": [variant("ON", 5), off] })).await;
    let query = "{ product(slug: \"tea\") { variants { sku } priceRange { min { minorAmount } } }
        bySku: product(sku: \"OFF\") { slug } variantsBySku(skus: [\"OFF\", \"ON\"]) { sku } }";
    assert_eq!(
        shop.data(&Caller::Guest, query, json!({})).await,
        json!({
            "product": { "variants": [{ "sku": "ON" }], "priceRange": { "min": { "minorAmount": "5" } } },
            "bySku": null,
            "variantsBySku": [{ "sku": "ON" }],
        })
    );
    let seen = shop.data(&staff(), query, json!({})).await;
    assert_eq!(
        seen["product"]["variants"],
        json!([{ "sku": "ON" }, { "sku": "OFF" }])
    );
    assert_eq!(seen["bySku"]["slug"], "tea");
    assert_eq!(
        seen["variantsBySku"],
        json!([{ "sku": "OFF" }, { "sku": "ON" }])
    );
}

#[tokio::test]
async fn a_bad_token_is_told_instead_of_showing_less() {
    let shop = shop().await;
    let caller = Caller::Token("nonsense".to_owned());
    for query in [
        "{ product(slug: \"x\") { id } }",
        "{ products { totalCount } }",
        "{ variantsBySku(skus: []) { id } }",
    ] {
        assert_eq!(
            error_code(&shop.execute(&caller, query, json!({})).await),
            "UNAUTHENTICATED",
            "{query}"
        );
    }
}
