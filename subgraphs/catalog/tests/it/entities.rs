use serde_json::json;
use test_support::Caller;

use crate::fixture::{category, done, shop, variant};

#[tokio::test]
async fn references_resolve_by_every_key_whatever_the_status() {
    let shop = shop().await;
    let home = category(&shop, "home", None).await;
    let draft = done(
        &shop,
        "productCreate",
        json!({ "name": "Tea", "variants": [variant("TEA", 5)] }),
    )
    .await;
    let variant_id = &draft["variants"][0]["id"];
    let query = "query($r: [_Any!]!) { _entities(representations: $r) {
        __typename
        ... on Product { name status }
        ... on ProductVariant { sku name isPublished product { name } }
        ... on Category { name }
    } }";
    let representations = json!([
        { "__typename": "Product", "id": draft["id"] },
        { "__typename": "Product", "slug": "tea" },
        { "__typename": "ProductVariant", "id": variant_id },
        { "__typename": "ProductVariant", "sku": "TEA" },
        { "__typename": "Category", "id": home["id"] },
        { "__typename": "Category", "slug": "home" },
        { "__typename": "Product", "id": "prod_00000000000000000000000000" },
        { "__typename": "Product", "id": variant_id },
        { "__typename": "Product", "slug": "nothing" },
        { "__typename": "ProductVariant", "id": "nonsense" },
        { "__typename": "ProductVariant", "sku": "NOTHING" },
        { "__typename": "Category", "id": "" },
        { "__typename": "Category", "slug": "nothing" },
    ]);
    let product = json!({ "__typename": "Product", "name": "Tea", "status": "DRAFT" });
    let variant = json!({ "__typename": "ProductVariant", "sku": "TEA", "name": "TEA", "isPublished": false, "product": { "name": "Tea" } });
    let category = json!({ "__typename": "Category", "name": "home" });
    for caller in [Caller::Guest, Caller::Token("nonsense".to_owned())] {
        let data = shop
            .data(&caller, query, json!({ "r": representations }))
            .await;
        assert_eq!(
            data["_entities"],
            json!([
                product, product, variant, variant, category, category, null, null, null, null,
                null, null, null
            ])
        );
    }
}
